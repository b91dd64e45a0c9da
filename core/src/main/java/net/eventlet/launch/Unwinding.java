package net.eventlet.launch;

import java.time.Duration;
import net.eventlet.hubs.Hub;
import net.eventlet.hubs.HubOptions;

/// Unwinds the program's green threads when a signal ends the process, so that their `finally`
/// blocks run. Neither `System.exit` nor a normal end unwinds anything.
///
/// The process ends with the status that the JVM gives it: 130 for SIGINT, 143 for SIGTERM.
final class Unwinding {

  /// More than a hub gives its green threads, so that it can tell which did not end.
  private static final Duration PATIENCE = HubOptions.DEFAULT.closeLimit().plusSeconds(1);

  private volatile boolean begun;

  /// {@return whether a signal ends the process}
  boolean begun() {
    return begun;
  }

  /// From now on, a signal closes `hub`.
  void unwindOnSignal(Hub hub) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> unwind(hub), "unwind"));
  }

  private void unwind(Hub hub) {
    if (!signalled()) {
      return;
    }
    begun = true;
    try {
      if (!Thread.ofPlatform().name("close").daemon().start(hub::close).join(PATIENCE)) {
        System.err.println(
            "eventlet: %s did not close within %d s: a green thread blocks it, or computes"
                .formatted(hub, PATIENCE.toSeconds()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// What a signal ends is ended by a thread that the JVM names after it; `System.exit` is called
  /// by some other.
  private static boolean signalled() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().matches("SIG[A-Z]+ handler"));
  }
}
