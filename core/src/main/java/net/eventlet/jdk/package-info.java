/// The only place that looks inside the JDK: how a virtual thread gets its scheduler, and how the
/// JDK's own sockets get theirs.
///
/// [net.eventlet.jdk.Jdk] checks on first use that the inside is as it expects, and says which flag
/// is missing if it cannot look; [net.eventlet.jdk.Coroutine] is what greenlets switch by. What
/// they rely on, and why, stands in `adr/0001`, `adr/0002` and `adr/0006`.
@NullMarked
package net.eventlet.jdk;

import org.jspecify.annotations.NullMarked;
