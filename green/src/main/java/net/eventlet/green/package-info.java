/// The rest of the standard library, made green.
@NullMarked
package net.eventlet.green;

import org.jspecify.annotations.NullMarked;
