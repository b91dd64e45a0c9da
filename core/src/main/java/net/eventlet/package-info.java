/// Asynchronous I/O with a synchronous attitude: green threads, and what they wait on.
///
/// A green thread runs until it *parks*, and between two parks nothing else runs on its hub: plain
/// fields need no lock. What parks is what waits: sleeping, awaiting a green thread, a socket
/// without bytes or without room, and every wait of the JDK's own. What is there already is taken
/// without a switch; [net.eventlet.Eventlet#spawn] never switches.
///
/// | to                                   | use                                                   |
/// |--------------------------------------|-------------------------------------------------------|
/// | begin                                | [net.eventlet.Eventlet#run]                            |
/// | do two things at once                | [net.eventlet.Eventlet#spawn], [net.eventlet.Eventlet#spawnN] |
/// | have a result, or a failure          | [net.eventlet.GreenThread#await()]                     |
/// | end something                        | [net.eventlet.GreenThread#kill()], [net.eventlet.Timeout] |
/// | hand over a value, or items          | [net.eventlet.Event], [net.eventlet.Queue]             |
/// | let so many in                       | [net.eventlet.Semaphore]                               |
/// | do much, but only so much at once    | [net.eventlet.GreenPool], [net.eventlet.GreenPile]     |
/// | lend what is expensive to make       | [net.eventlet.Pool]                                    |
/// | do what depends on other work        | [net.eventlet.DagPool]                                 |
/// | call what blocks a thread            | [net.eventlet.TPool]                                   |
/// | serve, connect                       | [net.eventlet.Eventlet#listen], [net.eventlet.Eventlet#serve], [net.eventlet.Eventlet#connect] |
/// | use more than one processor          | [net.eventlet.hubs.Hub#start(String)]                  |
///
/// What holds for all: a limit of null never runs out, one of zero or less gives the others a turn
/// and then runs out. Everything may be called from any thread, unless it says otherwise; off a
/// hub, what parks blocks the thread. A null that is not allowed is a [NullPointerException] that
/// names the parameter.
///
/// Ported from Eventlet 0.41: names are kept, and each class names its source.
@NullMarked
package net.eventlet;

import org.jspecify.annotations.NullMarked;
