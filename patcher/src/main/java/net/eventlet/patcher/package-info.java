/// Makes libraries cooperate that were not written for green threads: rewrites the calls in them
/// that would block a hub.
///
/// Source: `eventlet/patcher.py`.
package net.eventlet.patcher;
