/// Random programs for the primitives, compared with models that are obviously right.
@NullMarked
package net.eventlet.models;

import org.jspecify.annotations.NullMarked;
