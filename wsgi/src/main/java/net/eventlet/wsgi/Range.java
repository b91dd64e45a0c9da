package net.eventlet.wsgi;

/// Which part of a file a client asks for.
sealed interface Range {

  /// All of it.
  record Whole() implements Range {}

  /// Bytes from `begin` up to, not including, `end`.
  record Part(long begin, long end) implements Range {}

  /// A part that it does not have.
  record None() implements Range {}
}
