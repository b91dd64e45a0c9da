package net.eventlet;

import org.jspecify.annotations.Nullable;

/// A function that may throw anything.
///
/// @param <A> what it takes
/// @param <R> what it returns
@FunctionalInterface
public interface ThrowingFunction<A extends @Nullable Object, R extends @Nullable Object> {

  /// Applies the function.
  ///
  /// @param argument what it takes
  /// @return its result
  /// @throws Exception if there is none
  R apply(A argument) throws Exception;
}
