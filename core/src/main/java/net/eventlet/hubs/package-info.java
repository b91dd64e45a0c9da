/// The hub, and what it is built on: open to those who want more of it than `net.eventlet` offers.
///
/// | to                                             | use                                        |
/// |------------------------------------------------|--------------------------------------------|
/// | have a hub of its own for some work            | [Hub#start(String)]                         |
/// | write a primitive that waits                   | [Waiter]                                    |
/// | wait for a file descriptor                     | [Hub#trampoline], [Descriptor]              |
/// | do something later                             | [Hub#schedule]                              |
/// | look on                                        | [Instrument], [Hub#statistics()]            |
/// | bring another clock, poller, order, or seed    | [HubOptions]                                |
///
/// A hub and all it holds belong to one platform thread, its carrier. A method that another thread
/// may call says so. A green thread parks in [Waiter#await(long)], in [Fiber#pass()], and in what
/// the JDK parks virtual threads in; nowhere else.
@NullMarked
package net.eventlet.hubs;

import org.jspecify.annotations.NullMarked;
