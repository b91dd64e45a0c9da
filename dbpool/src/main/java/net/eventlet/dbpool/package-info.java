/// Database connections for green threads.
@NullMarked
package net.eventlet.dbpool;

import org.jspecify.annotations.NullMarked;
