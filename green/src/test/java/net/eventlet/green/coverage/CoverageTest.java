package net.eventlet.green.coverage;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.classfile.ClassFile;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Nothing of the JDK that may wait is missing from the table, and nothing in it is made up: a new
/// JDK breaks our build, and not somebody's server.
///
/// What is missing is put into a group of `natives.txt` or `calls.txt`; a new group needs a row in
/// [Rows] and a call in [Probes].
class CoverageTest {

  private static final WaitingCalls WAITING = WaitingCalls.all();
  private static final Groups CALLS = new Groups("calls.txt");

  @Test
  void everyNativeMethodIsInAGroup() {
    assertEquals(List.of(), without(WAITING.natives()::of, natives()));
  }

  @Test
  void everyPublicMethodThatMayWaitIsInAGroup() {
    assertEquals(List.of(), without(CALLS::of, WAITING.methods().stream()));
  }

  @Test
  void everyLineIsAboutAMethodThatIsThere() {
    var all = WAITING.jdk().all().toList();

    assertEquals(List.of(), WAITING.natives().idle(natives().toList()), "natives.txt");
    assertEquals(List.of(), WAITING.barriers().idle(all), "barriers.txt");
    assertEquals(List.of(), CALLS.idle(WAITING.methods()), "calls.txt");
  }

  @Test
  void everyGroupHasOneRow() {
    var groups = new TreeSet<>(CALLS.names());
    groups.addAll(WAITING.barriers().names());

    assertEquals(groups, Rows.ALL.stream().map(Row::group).collect(toCollection(TreeSet::new)));
    assertEquals(groups.size(), Rows.ALL.size());
  }

  @Test
  void everyRowIsProbedOrSaysWhyNot() {
    var probed = new TreeSet<>(Probes.WITHOUT.keySet());
    probed.addAll(Probes.ALL.stream().map(Probe::group).toList());

    assertEquals(Rows.ALL.stream().map(Row::group).collect(toCollection(TreeSet::new)), probed);
  }

  @Test
  void probesAndRowsAgree() {
    for (var probe : Probes.ALL) {
      var row =
          Rows.ALL.stream()
              .filter(one -> one.group().equals(probe.group()))
              .findFirst()
              .orElseThrow();

      assertTrue(
          Set.of(probe.behaviour(), Behaviour.PASSES_ON, Behaviour.RETURNS)
              .contains(row.behaviour()),
          () -> probe + " " + probe.behaviour() + ", and its row says " + row.behaviour());
    }
  }

  @Test
  void whatEverybodyKnowsIsFound() {
    var found = WAITING.methods().stream().map(JdkMethods.Method::call).collect(toSet());
    var known =
        Set.of(
            "java.io.Console.readLine",
            "java.io.InputStream.read",
            "java.lang.Object.wait",
            "java.lang.Process.waitFor",
            "java.lang.Thread.sleep",
            "java.net.InetAddress.getByName",
            "java.net.Socket.connect",
            "java.net.URL.openStream",
            "java.net.http.HttpClient.send",
            "java.nio.channels.FileChannel.lock",
            "java.nio.channels.Selector.select",
            "java.nio.file.Files.exists",
            "java.sql.Statement.execute",
            "java.util.concurrent.CompletableFuture.join",
            "java.util.concurrent.locks.LockSupport.park",
            "java.util.logging.Logger.info",
            "javax.naming.Context.lookup",
            "javax.net.ssl.SSLSocket.getSession");

    var missing = new HashSet<>(known);
    missing.removeAll(found);

    assertEquals(Set.of(), missing);
  }

  private static Stream<JdkMethods.Method> natives() {
    return WAITING.jdk().all().filter(method -> method.has(ClassFile.ACC_NATIVE));
  }

  private static List<String> without(
      Function<JdkMethods.Method, Optional<String>> group, Stream<JdkMethods.Method> methods) {
    return methods
        .filter(method -> group.apply(method).isEmpty())
        .map(JdkMethods.Method::call)
        .distinct()
        .sorted()
        .toList();
  }
}
