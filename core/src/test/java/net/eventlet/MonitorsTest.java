package net.eventlet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.reflect.AccessFlag;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What a hub does when a thread of it is woken takes no monitor.
///
/// The JDK wakes a virtual thread that waits for a monitor with one platform thread, which asks the
/// hub to run it. Were that thread to wait for a monitor itself, behind a virtual thread, then none
/// in this process would ever be woken again; and a carrier that waits behind one of its own green
/// threads never runs it.
class MonitorsTest {

  private static final List<String> ON_THE_WAY =
      List.of(
          "hubs/Hub",
          "hubs/HubScheduler",
          "hubs/RemoteQueue",
          "hubs/RunQueue",
          "hubs/EpollPoller",
          "hubs/PollPoller",
          "hubs/TimerQueue",
          "hubs/HubTimer",
          "hubs/Fiber",
          "hubs/Waiter",
          "hubs/Descriptor",
          "posix/Posix",
          "posix/Scratch");

  /// Those that do, and why they may.
  private static final Map<String, String> BUT =
      Map.of(
          "net/eventlet/hubs/Hub.shared", "called by threads that have no hub",
          "net/eventlet/hubs/Hub.cancel", "once it is closed: its timers are nobody's then",
          "net/eventlet/hubs/Hub.shutDown", "those timers again");

  @Test
  void noMonitorIsTakenOnTheWayToAHub() throws IOException {
    var taking = new TreeSet<String>();
    for (var name : ON_THE_WAY) {
      taking.addAll(takingMonitors("net/eventlet/" + name));
    }

    taking.removeAll(BUT.keySet());
    assertEquals(Set.of(), taking);
  }

  @Test
  void whatTakesAMonitorIsFound() throws IOException {
    var name = MonitorsTest.class.getName().replace('.', '/');

    assertEquals(Set.of(name + ".block", name + ".method"), takingMonitors(name));
  }

  static void block(Object monitor) {
    synchronized (monitor) {
      monitor.notifyAll();
    }
  }

  static synchronized void method() {}

  private static Set<String> takingMonitors(String name) throws IOException {
    try (var bytes = MonitorsTest.class.getResourceAsStream("/" + name + ".class")) {
      return ClassFile.of()
          .parse(Objects.requireNonNull(bytes, name).readAllBytes())
          .methods()
          .stream()
          .filter(MonitorsTest::takesMonitor)
          .map(method -> name + "." + nameOf(method))
          .collect(Collectors.toSet());
    }
  }

  /// {@return a method's name; for a lambda expression that of the method around it}
  private static String nameOf(MethodModel method) {
    return method.methodName().stringValue().replaceFirst("^lambda\\$(.*)\\$\\d+$", "$1");
  }

  private static boolean takesMonitor(MethodModel method) {
    return method.flags().has(AccessFlag.SYNCHRONIZED)
        || method.code().stream()
            .flatMap(code -> code.elementStream())
            .anyMatch(element ->
                element instanceof MonitorInstruction monitor
                    && monitor.opcode() == Opcode.MONITORENTER);
  }
}
