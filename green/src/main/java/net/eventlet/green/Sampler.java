package net.eventlet.green;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import net.eventlet.hubs.Fiber;
import org.jspecify.annotations.Nullable;

/// A platform thread that looks every so often where a hub's running green thread is.
final class Sampler implements AutoCloseable {

  private static final int STACKS_MAX = 50_000; // different ones; more are not kept

  private final long everyNanos;
  private final ConcurrentHashMap<String, Long> samples = new ConcurrentHashMap<>();
  private volatile @Nullable Fiber running;
  private volatile boolean closed;

  Sampler(Duration every) {
    everyNanos = every.toNanos();
  }

  void start() {
    Thread.ofPlatform().daemon().name("eventlet-profile").start(this::look);
  }

  /// Says who runs; null for nobody.
  void running(@Nullable Fiber fiber) {
    running = fiber;
  }

  private void look() {
    while (!closed) {
      LockSupport.parkNanos(everyNanos);
      var fiber = running;
      if (fiber != null) {
        var stack = fiber.thread().getStackTrace();
        if (fiber == running && stack.length > 0) { // otherwise it is where it waits
          count(fiber, stack);
        }
      }
    }
  }

  private void count(Fiber fiber, StackTraceElement[] stack) {
    var text = new StringBuilder();
    text.append(Profile.frame(fiber.hub().name()));
    text.append(';').append(Profile.frame(Profile.placeOf(fiber)));
    for (var i = stack.length - 1; i >= 0; i--) {
      var frame = stack[i];
      text.append(';').append(Profile.frame(frame.getClassName() + "." + frame.getMethodName()));
    }
    if (samples.size() < STACKS_MAX) {
      samples.merge(text.toString(), 1L, Long::sum);
    }
  }

  List<String> collapsed() {
    return samples.entrySet().stream()
        .map(sample -> sample.getKey() + " " + sample.getValue() * everyNanos / 1000)
        .sorted()
        .toList();
  }

  @Override
  public void close() {
    closed = true;
  }
}
