/// Small programs, each in one file, that show one thing each; `docs/patterns.md` lists them by
/// what they show. All of them run with `bin/eventlet run`, which makes `main` a green thread.
@NullMarked
package net.eventlet.examples;

import org.jspecify.annotations.NullMarked;
