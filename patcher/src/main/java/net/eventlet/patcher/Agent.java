package net.eventlet.patcher;

import java.lang.instrument.Instrumentation;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the JVM calls to let the patcher change classes.
///
/// | started with | does |
/// |---|---|
/// | `java -javaagent:eventlet-patcher.jar …` | `monkeyPatch()` before `main` |
/// | `java -javaagent:eventlet-patcher.jar=thread,dns …` | `monkeyPatch(THREAD, DNS)` before `main` |
/// | `jcmd PID JVMTI.agent_load eventlet-patcher.jar` | `monkeyPatch()` in a program that runs |
public final class Agent {

  static final String KEEP = "keep"; // the instrumentation, and patch nothing

  private static volatile @Nullable Instrumentation instrumentation;

  private Agent() {}

  /// Called before `main`.
  ///
  /// @param modules to patch, separated by commas; all if empty or null
  /// @param given changes classes
  public static void premain(@Nullable String modules, Instrumentation given) {
    agentmain(modules, given);
  }

  /// Called in a program that runs.
  ///
  /// @param modules to patch, separated by commas; all if empty or null
  /// @param given changes classes
  public static void agentmain(@Nullable String modules, Instrumentation given) {
    instrumentation = given;
    given.redefineModule(
        Thread.class.getModule(),
        Set.of(),
        Map.of(),
        Map.of("java.lang", Set.of(Agent.class.getModule())), // for ThreadStart
        Set.of(),
        Map.of());
    if (modules == null || modules.isEmpty()) {
      Patcher.monkeyPatch();
    } else if (!modules.equals(KEEP)) {
      Patcher.monkeyPatch(
          Arrays.stream(modules.split(","))
              .map(name -> Module.valueOf(name.strip().toUpperCase(Locale.ROOT)))
              .toArray(Module[]::new));
    }
  }

  static @Nullable Instrumentation instrumentation() {
    return instrumentation;
  }
}
