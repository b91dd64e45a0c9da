package net.eventlet.green;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static net.eventlet.Eventlet.connect;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import net.eventlet.GreenDatagramSocket;
import net.eventlet.GreenSocket;
import net.eventlet.GreenThread;
import net.eventlet.hubs.Hub;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketServerTest {

  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final List<String> steps = new ArrayList<>();

  /// Answers lines in capitals, and notes its steps.
  private final class Shouting implements RequestHandler<GreenSocket> {

    private int lines;

    @Override
    public void setup(GreenSocket request) {
      steps.add("setup");
    }

    @Override
    public void handle(GreenSocket request) throws Exception {
      for (var line = request.readLine(); line != null; line = request.readLine()) {
        lines++;
        if (line.equals("fail")) {
          throw new IllegalStateException("asked to");
        }
        request.write(UTF_8.encode(line.toUpperCase(Locale.ROOT) + "\n"));
      }
    }

    @Override
    public void finish(GreenSocket request) {
      steps.add("finish after " + lines);
    }
  }

  @Test
  void eachConnectionHasAHandlerOfItsOwn() throws Exception {
    run(() -> {
      try (var server = SocketServer.tcp(ANY, Shouting::new)) {
        var serving = spawn(server::serveForever);
        try (var first = connect(server.address());
            var second = connect(server.address())) {
          assertEquals("ONE", asked(first, "one"));
          assertEquals("TWO", asked(second, "two"));
          assertEquals("THREE", asked(first, "three"));
        }
        while (steps.size() < 4) {
          sleep(ofMillis(1));
        }
        server.shutdown();
        serving.await();
      }
    });
    assertEquals(List.of("setup", "setup"), steps.subList(0, 2));
    assertEquals(
        List.of("finish after 1", "finish after 2"),
        steps.subList(2, 4).stream().sorted().toList());
  }

  @Test
  void servingLetsTheHubGoOn() throws Exception {
    Ticker.during(() -> {
      try (var server = SocketServer.tcp(ANY, Shouting::new)) {
        var serving = spawn(server::serveForever);
        sleep(ofMillis(200));
        server.shutdown();
        serving.await();
      }
    });
  }

  @Test
  void aHandlerThatFailsFinishesAndHarmsNoOther() throws Exception {
    var failures = new ArrayList<String>();
    Hub.uncaughtHandler((_, failure) -> failures.add(failure.getMessage()));
    run(() -> {
      try (var server = SocketServer.tcp(ANY, Shouting::new)) {
        spawn(server::serveForever);
        try (var first = connect(server.address());
            var second = connect(server.address())) {
          asked(second, "before");
          first.write(UTF_8.encode("fail\n"));
          assertEquals(-1, first.getInputStream().read());
          assertEquals("AFTER", asked(second, "after"));
        }
      }
    });
    Hub.uncaughtHandler((_, failure) -> failure.printStackTrace());
    assertTrue(steps.contains("finish after 1"));
    assertEquals(List.of("asked to"), failures);
  }

  @Test
  void oneRequestIsHandledInTheCallingThread() throws Exception {
    run(() -> {
      var caller = new ArrayList<Thread>();
      Supplier<RequestHandler<GreenSocket>> handlers =
          () -> _ -> caller.add(Thread.currentThread());
      try (var server = SocketServer.tcp(ANY, handlers)) {
        var client = spawn(() -> connect(server.address()).getInputStream().read());

        assertTrue(server.handleRequest(null));

        assertEquals(List.of(Thread.currentThread()), caller);
        assertEquals(-1, client.await());
      }
    });
  }

  @Test
  void noRequestWithinTheLimitIsNone() throws Exception {
    Ticker.during(() -> {
      try (var server = SocketServer.tcp(ANY, Shouting::new);
          var datagrams = SocketServer.udp(ANY, () -> _ -> {})) {
        assertFalse(server.handleRequest(ofMillis(100)));
        assertFalse(datagrams.handleRequest(ofMillis(100)));
      }
    });
  }

  @Test
  void aTimeoutOfTheHandlersIsNotTakenForNobody() throws Exception {
    var late = new SocketTimeoutException("what the handler asked did not answer");
    run(() -> {
      try (var server =
              SocketServer.tcp(
                  ANY,
                  () ->
                      _ -> {
                        throw late;
                      });
          var _ = connect(server.address())) {
        assertSame(
            late, assertThrows(SocketTimeoutException.class, () -> server.handleRequest(null)));
      }
    });
  }

  @Test
  void aLimitBeyondMillisecondsInAnIntIsALimitToo() throws Exception {
    run(() -> {
      try (var server = SocketServer.tcp(ANY, Shouting::new);
          var client = connect(server.address())) {
        client.shutdownOutput();

        assertTrue(server.handleRequest(Duration.ofSeconds(Long.MAX_VALUE)));
      }
    });
  }

  @Test
  void aServerThatWasShutDownMayServeAgain() throws Exception {
    run(() -> {
      try (var server = SocketServer.tcp(ANY, Shouting::new)) {
        for (var i = 0; i < 2; i++) {
          GreenThread<?> serving = spawn(server::serveForever);
          try (var client = connect(server.address())) {
            assertEquals("ONE", asked(client, "one"));
          }
          server.shutdown();
          serving.await();
        }
      }
    });
  }

  @Test
  void shuttingDownLetsWhatIsBeingHandledGoOn() throws Exception {
    run(() -> {
      try (var server = SocketServer.tcp(ANY, Shouting::new)) {
        var serving = spawn(server::serveForever);
        try (var client = connect(server.address())) {
          asked(client, "one");
          server.shutdown();
          serving.await();

          assertEquals("TWO", asked(client, "two"));
        }
      }
    });
  }

  @Test
  void closingGivesTheAddressBack() throws Exception {
    run(() -> {
      SocketAddress address;
      GreenThread<?> serving;
      try (var server = SocketServer.tcp(ANY, Shouting::new)) {
        address = server.address();
        serving = spawn(server::serveForever);
        sleep();
      }

      serving.await();
      assertThrows(ConnectException.class, () -> connect(address));
    });
  }

  @Test
  void servingTwiceAtOnceIsRefused() throws Exception {
    run(() -> {
      try (var server = SocketServer.tcp(ANY, Shouting::new)) {
        spawn(server::serveForever);
        sleep();

        assertThrows(IllegalStateException.class, server::serveForever);
      }
    });
  }

  @Test
  void aKilledServerStopsServing() throws Exception {
    run(() -> {
      try (var server = SocketServer.tcp(ANY, Shouting::new)) {
        var serving = spawn(server::serveForever);
        sleep();
        serving.kill();

        var again = spawn(server::serveForever);
        try (var client = connect(server.address())) {
          assertEquals("ONE", asked(client, "one"));
        }
        again.kill();
      }
    });
  }

  @Test
  void aPathOfTheFileSystemIsServedToo(@TempDir Path folder) throws Exception {
    run(() -> {
      var path = UnixDomainSocketAddress.of(folder.resolve("socket"));
      try (var server = SocketServer.tcp(path, Shouting::new)) {
        spawn(server::serveForever);
        try (var client = connect(path)) {
          assertEquals("ONE", asked(client, "one"));
        }
      }
    });
  }

  @Test
  void datagramsAreAnsweredEachByAHandlerThatMayWait() throws Exception {
    run(() -> {
      Supplier<RequestHandler<Datagram>> handlers =
          () ->
              request -> {
                sleep(Duration.ofMillis(request.bytes()[0]));
                request.reply(request.bytes());
              };
      try (var server = SocketServer.udp(ANY, handlers);
          var client = new GreenDatagramSocket(ANY)) {
        spawn(server::serveForever);
        send(client, server.address(), 100);
        send(client, server.address(), 1);

        assertEquals(1, received(client));
        assertEquals(100, received(client));
      }
    });
  }

  private static void send(GreenDatagramSocket client, SocketAddress to, int value)
      throws Exception {
    client.send(new DatagramPacket(new byte[] {(byte) value}, 1, to));
  }

  private static int received(GreenDatagramSocket client) throws Exception {
    var packet = new DatagramPacket(new byte[10], 10);
    client.receive(packet);
    return packet.getData()[0];
  }

  private static String asked(GreenSocket client, String line) throws Exception {
    client.write(UTF_8.encode(line + "\n"));
    return client.readLine();
  }
}
