package net.eventlet.green.coverage;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// The public methods of the JDK's modules that may wait, found in three ways.
///
/// 1. Some native method that may wait is reached by their calls.
/// 2. They declare an exception that tells of waiting.
/// 3. They have the name of one that waits.
///
/// None of the three is enough alone: interfaces have no calls to follow, an interface of the JDK's
/// may be implemented by the user, and `LockSupport.park` declares nothing.
final class WaitingCalls {

  /// The modules that the table is about.
  static final List<String> MODULES =
      List.of(
          "java.base",
          "java.net.http",
          "jdk.httpserver",
          "java.naming",
          "java.sql",
          "java.rmi",
          "java.logging");

  /// The group of native methods that never wait.
  static final String COMPUTES = "computes";

  private static final Pattern NAMES =
      Pattern.compile(
          "(connect|exchange|lock|receive|select|send|take|transfer|yield)"
              + "|(acquire|await|invokeA|join|parallel|park|sleep|wait).*");

  private static final WaitingCalls ALL = new WaitingCalls();

  private final JdkMethods jdk = new JdkMethods(MODULES);
  private final Groups natives = new Groups("natives.txt");
  private final Groups barriers = new Groups("barriers.txt");
  private final Set<JdkMethods.Method> reaching =
      jdk.callersOf(
          method ->
              jdk.isPassedOn(method)
                  || natives.of(method).filter(group -> !group.equals(COMPUTES)).isPresent(),
          method -> barriers.of(method).isPresent());

  private final List<JdkMethods.Method> methods =
      jdk.face()
          .filter(this::mayWait)
          .sorted(Comparator.comparing(JdkMethods.Method::call))
          .toList();

  private WaitingCalls() {}

  /// {@return those of the JDK that runs}
  static WaitingCalls all() {
    return ALL;
  }

  JdkMethods jdk() {
    return jdk;
  }

  Groups natives() {
    return natives;
  }

  Groups barriers() {
    return barriers;
  }

  /// {@return the methods, by class and name}
  List<JdkMethods.Method> methods() {
    return methods;
  }

  private boolean mayWait(JdkMethods.Method method) {
    return reaching.contains(method)
        || jdk.hasSign(method)
        || NAMES.matcher(method.name()).matches()
        || jdk.overriding(method).stream()
            .anyMatch(one -> reaching.contains(one) && !jdk.isFace(one.owner()));
  }
}
