/// The only place that looks inside the JDK: how a virtual thread gets its scheduler, and how the
/// JDK's own sockets get theirs.
///
/// [net.eventlet.jdk.Jdk] checks on first use that the inside is as it expects, and says which flag
/// is missing if it cannot look. What it relies on, and why, stands in `adr/0001` and `adr/0002`.
@NullMarked
package net.eventlet.jdk;

import org.jspecify.annotations.NullMarked;
