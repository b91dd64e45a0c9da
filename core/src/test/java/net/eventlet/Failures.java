package net.eventlet;

import static org.junit.jupiter.api.Assertions.assertTrue;

/// What tests do with failures.
final class Failures {

  private Failures() {}

  /// Checks what a failure says.
  ///
  /// @param words each must be in its text
  static void assertSays(Throwable failure, String... words) {
    for (var word : words) {
      assertTrue(failure.toString().contains(word), () -> "\"" + word + "\" in \"" + failure + '"');
    }
  }

  /// Throws anything, for bodies that fail.
  ///
  /// @param failure an [Exception] or an [Error]
  /// @return nothing
  static Object raise(Throwable failure) throws Exception {
    if (failure instanceof Error error) {
      throw error;
    }
    throw (Exception) failure;
  }
}
