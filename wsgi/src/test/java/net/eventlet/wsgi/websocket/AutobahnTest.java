package net.eventlet.wsgi.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import me.normanmaurer.maven.autobahntestsuite.AutobahnTestSuite;
import net.eventlet.wsgi.Server;
import org.junit.jupiter.api.Test;

/// Autobahn's suite of WebSocket cases, run by Jython, against an echo server.
///
/// Run: `make autobahn`, or some groups: `make autobahn MVN="mvn -B -Dautobahn.cases=7.*"`. A
/// report for each case is in `wsgi/target/`.
class AutobahnTest {

  /// Cases that must not pass: they take the codes 1012 to 1014 for wrong, which have been
  /// registered since.
  private static final Set<String> EXPECTED = Set.of("7.9.6", "7.9.7", "7.9.8");

  private static final int BYTES_MAX = 16 << 20; // group 9 sends messages as large as that

  @Test
  void nothingFailsThatIsNotExplained() throws Exception {
    var limits = WebSocketLimits.DEFAULT.withBytes(BYTES_MAX, BYTES_MAX);
    var cases = System.getProperty("autobahn.cases", "1.*,2.*,3.*,4.*,5.*,6.*,7.*,9.*,10.*");
    try (var server =
        Server.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new WebSocketWsgi(
                socket -> {
                  for (var message = socket.receive();
                      message != null;
                      message = socket.receive()) {
                    socket.send(message);
                  }
                },
                WebSocketOptions.DEFAULT.withLimits(limits)))) {
      var results =
          AutobahnTestSuite.runFuzzingClient(
              "eventlet",
              "ws://127.0.0.1:" + server.port(),
              Map.of(),
              List.of(cases.split(",")),
              List.of());

      var failed =
          results.stream()
              .filter(result -> String.valueOf((Object) result.behavior()).startsWith("FAILED"))
              .map(result -> result.caseName())
              .filter(name -> !EXPECTED.contains(name))
              .collect(Collectors.toSet());
      assertTrue(results.size() > 3, () -> "only " + results);
      assertEquals(Set.of(), failed);
    }
  }
}
