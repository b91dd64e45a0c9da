/// Starts programs: what stands behind `bin/eventlet run`.
///
/// | a program is          | it becomes an [EntryPoint] by                        |
/// |-----------------------|------------------------------------------------------|
/// | a class               | looking it up on the class path                      |
/// | a file, or a folder   | compiling it in memory, with [SourceProgram]         |
///
/// [Main] then calls the entry point in a green thread, and [Unwinding] ends the green threads when
/// a signal ends the process.
@NullMarked
package net.eventlet.launch;

import org.jspecify.annotations.NullMarked;
