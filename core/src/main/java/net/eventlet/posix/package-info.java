/// The system calls that a hub and its sockets make, through the Foreign Function & Memory API.
///
/// Every call returns what the kernel returns, or the negated `errno`: callers compare with the
/// constants in [net.eventlet.posix.Errno] and decide what it means. Nothing here blocks but
/// [net.eventlet.posix.Posix#epollWait] and [net.eventlet.posix.Posix#poll], and nothing here
/// parks.
@NullMarked
package net.eventlet.posix;

import org.jspecify.annotations.NullMarked;
