package net.eventlet;

import org.jspecify.annotations.Nullable;

/// A function of two arguments that may throw anything.
///
/// @param <A> what it takes first
/// @param <B> what it takes second
/// @param <R> what it returns
@FunctionalInterface
public interface ThrowingBiFunction<
    A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> {

  /// Applies the function.
  ///
  /// @param first what it takes first
  /// @param second what it takes second
  /// @return its result
  /// @throws Exception if there is none
  R apply(A first, B second) throws Exception;
}
