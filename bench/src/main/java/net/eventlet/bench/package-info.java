/// How fast is it, beside its peers and its limits?
///
/// [Compare] runs whole programs, ours and others', interleaved, and writes down the ratios. The
/// programs of ours and those of the peers that run on the JVM are the other classes with a `main`;
/// C, Go and Python are in `bench/peers`. What happens inside one process and is too small for a
/// program is measured with JMH, in [net.eventlet.bench.jmh].
///
/// | to ask               | run                                |
/// |----------------------|------------------------------------|
/// | everything           | `make bench`                       |
/// | some rows            | `make bench ARGS="switch echo"`    |
/// | quickly              | `make bench ARGS="echo --quick"`   |
/// | a JMH benchmark      | `make bench ARGS=TimeoutBenchmark` |
/// | what there is to ask | `make bench ARGS=--help`           |
@NullMarked
package net.eventlet.bench;

import org.jspecify.annotations.NullMarked;
