/// What does one call cost, inside one process?
///
/// Each benchmark's method runs on a green thread ([GreenExecutor]), so it is written as a program
/// would be.
///
/// Run: `make bench ARGS=Benchmark` for all of them, or one by its name.
@NullMarked
package net.eventlet.bench.jmh;

import org.jspecify.annotations.NullMarked;
