package net.eventlet;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/// Runs the bodies of a test in platform threads.
final class Plain {

  private Plain() {}

  /// {@return a body's result, which a platform thread makes from now on}
  ///
  /// @param body what it does
  static <T> FutureTask<T> start(Callable<T> body) {
    var task = new FutureTask<>(body);
    Thread.ofPlatform().daemon().start(task);
    return task;
  }

  /// {@return a body's result, whose platform thread waits by now}
  ///
  /// @param body what it does: waits, first of all
  static <T> FutureTask<T> startWaiting(Callable<T> body) {
    var task = new FutureTask<>(body);
    Until.waits(Thread.ofPlatform().daemon().start(task));
    return task;
  }
}
