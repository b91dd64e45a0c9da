/// Makes libraries cooperate that were not written for green threads: rewrites the calls in them
/// that would block a hub, or that would leave it.
///
/// [Patcher] is what programs call; [Agent] is for the JVM. What is rewritten stands in one table,
/// `Redirect.ALL`, as data.
///
/// ```
///   a class that is loaded ──► Transformer: is it somebody else's?      (Scope)
///                                   │
///                                   ▼
///                              Rewriter: does its constant pool refer   (ClassBytes, Redirects)
///                                   │    to anything in the table?
///                                   ▼
///                              its calls become calls of static       (MethodCode, Frames,
///                              methods, which ask whether the caller   ClassEdit)
///                              is green
/// ```
///
/// Source: `eventlet/patcher.py`.
@NullMarked
package net.eventlet.patcher;

import org.jspecify.annotations.NullMarked;
