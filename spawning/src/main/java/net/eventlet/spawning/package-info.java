/// Spawning: a controller, and child processes that serve an application on the same socket.
///
/// [Spawn] is the command, [Controller] keeps the children, [Worker] is what runs in one of them.
/// An application is named on the command line, or made by a [Factory] of the user's.
@NullMarked
package net.eventlet.spawning;

import org.jspecify.annotations.NullMarked;
