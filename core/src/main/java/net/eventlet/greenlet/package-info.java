/// Bare coroutines: greenlets, which switch to each other by name, and generators built on them.
///
/// No hub is needed and none decides who runs: they work on any thread. Inside a green thread they
/// are a part of it, and what one of them waits for, the green thread waits for, while others run.
/// Most programs want green threads ([net.eventlet]) instead.
///
/// | to                                             | use                                        |
/// |------------------------------------------------|--------------------------------------------|
/// | produce values one at a time, as they are asked for | [net.eventlet.greenlet.Generator]     |
/// | turn an API of callbacks into calls that return | [net.eventlet.greenlet.Greenlet#current()] before, [net.eventlet.greenlet.Greenlet#switchTo(Object)] in the callback |
/// | pass control and a value to another            | [net.eventlet.greenlet.Greenlet#switchTo(Object)] |
/// | raise an exception in another, or end it       | [net.eventlet.greenlet.Greenlet#throwTo(Throwable)], [net.eventlet.greenlet.Greenlet#throwTo()] |
/// | see every switch                               | [net.eventlet.greenlet.Greenlet#trace]     |
///
/// What holds for all: a greenlet stays on its thread, and what another thread may call says so.
/// Nothing here waits; only bodies do.
///
/// Ported from greenlet 3.5: names are kept, but for `switch` and `throw`, which Java keeps for
/// itself, `getcurrent` and `settrace`.
@NullMarked
package net.eventlet.greenlet;

import org.jspecify.annotations.NullMarked;
