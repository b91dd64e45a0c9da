package net.eventlet.patcher;

import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// Who calls: a green thread or another.
final class Caller {

  private static final StackWalker WALKER = StackWalker.getInstance();

  private Caller() {}

  /// {@return the hub on which what the caller starts may run; null if it must not be green}
  ///
  /// A green thread that initializes a class cannot leave its carrier until it has done so (JDK
  /// 25). What it starts there, and waits for, would never have a turn on the same hub.
  static @Nullable Hub hub() {
    var hub = Hub.currentOrNull();
    return hub == null || initializesClass() ? null : hub;
  }

  private static boolean initializesClass() {
    return WALKER.walk(
        frames -> frames.anyMatch(frame -> frame.getMethodName().equals("<clinit>")));
  }
}
