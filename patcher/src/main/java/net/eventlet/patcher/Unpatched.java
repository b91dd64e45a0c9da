package net.eventlet.patcher;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// What could not be patched, and why. Each is told to standard error once.
final class Unpatched {

  private final Map<String, String> reasons = Collections.synchronizedMap(new TreeMap<>());

  /// Keeps and prints what could not be patched, unless it was reported before.
  ///
  /// @param name of a class, such as `com/example/Feed`
  /// @param reason why not
  void report(String name, String reason) {
    var className = name.replace('/', '.');
    if (reasons.putIfAbsent(className, reason) == null) {
      System.err.println("eventlet: " + className + " cannot be patched: " + reason);
    }
  }

  /// {@return the reasons by the classes' names}
  Map<String, String> reasons() {
    synchronized (reasons) {
      return new TreeMap<>(reasons);
    }
  }
}
