package net.eventlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.eventlet.Connected.addressOf;
import static net.eventlet.Eventlet.connect;
import static net.eventlet.Eventlet.listen;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import net.eventlet.hubs.Hub;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Sockets off a hub, on several, and handed from one to another.
@Bounded
@Tag("poller")
@SuppressWarnings("FutureReturnValueIgnored")
class SocketHandOverTest {

  /// Threads that are on no hub.
  ///
  /// @param name what kind
  /// @param factory makes them
  record Threads(String name, ThreadFactory factory) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Threads> threads() {
    return Stream.of(
        new Threads("plain", Thread.ofPlatform().daemon().factory()),
        new Threads("stock virtual", Thread.ofVirtual().factory()));
  }

  // ----------------------------------------------------------------------------------- off a hub

  @ParameterizedTest
  @MethodSource("threads")
  void threadsOffAHubTalk(Threads threads) throws Exception {
    try (var listener = listen(Connected.LOOPBACK)) {
      var server =
          start(
              threads,
              () -> {
                try (var connection = listener.accept()) {
                  return connection.readLine() + "!";
                }
              });
      var client =
          start(
              threads,
              () -> {
                try (var connection = connect(addressOf(listener))) {
                  send(connection, "hello\n");
                  return connection.readLine();
                }
              });

      assertEquals("hello!", server.get());
      assertEquals(null, client.get());
    }
  }

  @ParameterizedTest
  @MethodSource("threads")
  void threadsOffAHubSendMuch(Threads threads) throws Exception {
    try (var pair = new Connected()) {
      var sent = new byte[4 << 20];
      new Random(1).nextBytes(sent);
      var writer =
          start(
              threads,
              () -> {
                pair.connected().write(sent, 0, sent.length);
                pair.connected().shutdownOutput();
                return "done";
              });
      var reader = start(threads, () -> pair.accepted().getInputStream().readAllBytes());

      assertArrayEquals(sent, reader.get());
      assertEquals("done", writer.get());
    }
  }

  @ParameterizedTest
  @MethodSource("threads")
  void limitsRunOutOffAHub(Threads threads) throws Exception {
    try (var listener = listen(Connected.LOOPBACK);
        var socket = connect(addressOf(listener))) {
      listener.setSoTimeout(5);
      socket.setSoTimeout(5);
      listener.accept().close();
      var accepting = start(threads, listener::accept);
      var connected = connect(addressOf(listener));
      connected.setSoTimeout(5);
      var reading = start(threads, () -> connected.getInputStream().read());

      assertCause(SocketTimeoutException.class, reading);
      try (var _ = connected) {
        accepting.get().close();
      }
      assertCause(SocketTimeoutException.class, start(threads, listener::accept));
    }
  }

  @ParameterizedTest
  @MethodSource("threads")
  @SuppressWarnings("try")
  void closingWakesThreadsOffAHub(Threads threads) throws Exception {
    try (var listener = listen(Connected.LOOPBACK);
        var socket = connect(addressOf(listener));
        var _ = listener.accept()) {
      var accepting = startAndWait(threads, listener::accept);
      var reading = startAndWait(threads, socket::readLine);
      var writing = startAndWait(threads, () -> fill(socket));

      listener.close();
      socket.close();

      assertCause(SocketException.class, accepting);
      assertCause(SocketException.class, reading);
      assertCause(SocketException.class, writing);
    }
  }

  @Test
  void oneThatServesOffAHubServesOneOnAHub() throws Exception {
    try (var listener = listen(Connected.LOOPBACK)) {
      var server =
          start(
              threads().toList().getFirst(),
              () -> {
                try (var connection = listener.accept()) {
                  send(connection, connection.readLine() + "!\n");
                  return "served";
                }
              });

      var answer =
          run(() -> {
            try (var connection = connect(addressOf(listener))) {
              send(connection, "hello\n");
              return connection.readLine();
            }
          });

      assertEquals("hello!", answer);
      assertEquals("served", server.get());
    }
  }

  // --------------------------------------------------------------------------------- across hubs

  @Test
  void whatOneHubAcceptsAnotherHandles() throws Exception {
    try (var accepting = Hub.start("accepting");
        var handling = Hub.start("handling");
        var listener = listen(Connected.LOOPBACK, ListenOptions.DEFAULT.withBacklog(200))) {
      spawn(
          accepting,
          () -> {
            for (var i = 0; i < 100; i++) {
              var connection = listener.accept();
              spawn(
                  handling,
                  () -> {
                    try (connection) {
                      send(connection, connection.readLine() + "!\n");
                    }
                  });
            }
          });

      run(() -> {
        var answers = new ArrayList<GreenThread<String>>();
        for (var i = 0; i < 100; i++) {
          var line = "line " + i;
          answers.add(
              spawn(() -> {
                try (var connection = connect(addressOf(listener))) {
                  send(connection, line + "\n");
                  return connection.readLine();
                }
              }));
        }
        for (var i = 0; i < answers.size(); i++) {
          assertEquals("line " + i + "!", answers.get(i).await());
        }
      });
    }
  }

  @Test
  void oneHubReadsWhatAnotherHubsSocketGets() throws Exception {
    try (var other = Hub.start("other")) {
      onPair((here, there) -> {
        send(here, "x\n"); // both ends are at home on this hub now
        assertEquals("x", there.readLine());

        var reader = spawn(other, there::readLine);
        sleep(Duration.ofMillis(1));
        send(here, "y\n");

        assertEquals("y", reader.await());
      });
    }
  }

  @Test
  void oneHubReadsWhileAnotherWrites() throws Exception {
    try (var other = Hub.start("other")) {
      onPair((here, there) -> {
        var sent = new byte[8 << 20];
        new Random(2).nextBytes(sent);
        var reader = spawn(() -> here.getInputStream().readNBytes(sent.length));
        spawn(() -> {
          var some = new byte[10_000];
          for (var count = 0; count >= 0; count = there.read(some, 0, some.length)) {
            there.write(some, 0, count);
          }
        });

        spawn(other, () -> here.write(sent, 0, sent.length)).await();

        assertArrayEquals(sent, reader.await());
        here.shutdownOutput();
      });
    }
  }

  @Test
  void aSocketIsHandedOverWhileSomebodyWaits() throws Exception {
    try (var other = Hub.start("other")) {
      onPair((here, there) -> {
        var waiting = spawn(() -> here.getInputStream().read());
        sleep();

        spawn(other, () -> send(here, "from the other hub\n")).await();
        assertEquals("from the other hub", there.readLine());
        waiting.kill();
        var reader = spawn(other, here::readLine);
        send(there, "to the other hub\n");

        assertEquals("to the other hub", reader.await());
      });
    }
  }

  @Test
  void closingOnOneHubWakesTheReaderOnAnother() throws Exception {
    try (var other = Hub.start("other")) {
      onPair((here, there) -> {
        send(there, "x");
        assertEquals('x', here.getInputStream().read());
        var reader = spawn(other, () -> here.getInputStream().read());
        while (reader.thread().getState() != Thread.State.WAITING) {
          sleep();
        }

        here.close();

        assertThrows(SocketException.class, reader::await);
      });
    }
  }

  @Test
  void theReaderOnAnotherHubIsKilledAndTheSocketStaysUsable() throws Exception {
    try (var other = Hub.start("other")) {
      onPair((here, there) -> {
        send(there, "x");
        assertEquals('x', here.getInputStream().read());
        for (var i = 0; i < 100; i++) {
          var reader = spawn(other, () -> here.getInputStream().read());
          send(there, "y");

          reader.kill();

          int read;
          try {
            read = reader.await();
          } catch (GreenThreadExit killed) {
            read = here.getInputStream().read();
          }
          assertEquals('y', read);
        }
      });
    }
  }

  @Test
  void anAccepterOnAnotherHubIsServed() throws Exception {
    try (var first = Hub.start("first");
        var second = Hub.start("second");
        var listener = listen(Connected.LOOPBACK)) {
      for (var i = 0; i < 50; i++) {
        var accepting = spawn(i % 2 == 0 ? first : second, listener::accept);

        try (var connected = connect(addressOf(listener));
            var accepted = accepting.await()) {
          assertEquals(connected.getLocalPort(), accepted.getPort());
        }
      }
    }
  }

  @Test
  void closingWhileAnotherThreadReadsLinesIsNoMoreThanAClosedSocket() throws Exception {
    var lines = "a line\n".repeat(8_000);
    try (var other = Hub.start("other")) {
      for (var round = 0; round < 50; round++) {
        var pair = new Connected();
        send(pair.connected(), lines);
        var begun = new CountDownLatch(1);
        var reader =
            spawn(
                other,
                () -> {
                  begun.countDown();
                  while (true) {
                    assertEquals("a line", pair.accepted().readLine());
                  }
                });
        begun.await();
        for (var spin = round * 200; spin > 0; spin--) {
          Thread.onSpinWait();
        }

        pair.accepted().close();

        assertThrows(SocketException.class, reader::await);
        pair.connected().close();
      }
    }
  }

  // --------------------------------------------------------------------- a hub that is there no
  // more

  @Test
  void aSocketOutlivesItsHubOnAPlainThread() throws Exception {
    try (var pair =
        run(() -> {
          var made = new Connected();
          send(made.connected(), "x\n");
          assertEquals("x", made.accepted().readLine());
          return made;
        })) {
      var reader = startAndWait(threads().toList().getFirst(), pair.accepted()::readLine);

      send(pair.connected(), "after the hub\n");

      assertEquals("after the hub", reader.get());
    }
  }

  @Test
  void aSocketOutlivesItsHubOnAnother() throws Exception {
    try (var pair =
        run(() -> {
          var made = new Connected();
          send(made.connected(), "x\n");
          assertEquals("x", made.accepted().readLine());
          return made;
        })) {
      var line =
          run(() -> {
            var reader = spawn(() -> pair.accepted().readLine());
            sleep();
            send(pair.connected(), "after the hub\n");
            return reader.await(Duration.ofSeconds(5));
          });

      assertEquals("after the hub", line);
    }
  }

  @Test
  void aListenerOutlivesItsHub() throws Exception {
    try (var listener =
        run(() -> {
          var made = listen(Connected.LOOPBACK);
          connect(addressOf(made)).close();
          made.accept().close();
          return made;
        })) {
      var accepting = startAndWait(threads().toList().getFirst(), listener::accept);

      try (var connected = connect(addressOf(listener));
          var accepted = accepting.get()) {
        assertEquals(connected.getLocalPort(), accepted.getPort());
      }
    }
  }

  @Test
  @SuppressWarnings("try")
  void aReaderIsServedAfterTheHubWhereItsSocketIsAtHomeWasClosed() throws Exception {
    try (var home = Hub.start("home");
        var pair = spawn(home, () -> new Connected()).await()) {
      spawn(
              home,
              () -> {
                send(pair.connected(), "x\n");
                return pair.accepted().readLine();
              })
          .await();
      run(() -> {
        var reader = spawn(() -> pair.accepted().readLine());
        sleep();
        spawn(() -> home.close()); // blocks this hub until it is done
        sleep();

        send(pair.connected(), "after its home\n");

        assertEquals("after its home", reader.await(Duration.ofSeconds(5)));
      });
    }
  }

  // ------------------------------------------------------------------------------------- helpers

  /// What is done with the two ends of a connection.
  private interface OnPair {

    void with(GreenSocket here, GreenSocket there) throws Exception;
  }

  private static void onPair(OnPair body) throws Exception {
    run(() -> {
      try (var pair = new Connected()) {
        body.with(pair.connected(), pair.accepted());
      }
    });
  }

  private static <T> FutureTask<T> start(Threads threads, Callable<T> body) {
    var task = new FutureTask<>(body);
    threads.factory().newThread(task).start();
    return task;
  }

  private static <T> FutureTask<T> startAndWait(Threads threads, Callable<T> body) {
    var task = new FutureTask<>(body);
    var thread = threads.factory().newThread(task);
    thread.start();
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return task;
  }

  private static void assertCause(Class<? extends Exception> expected, FutureTask<?> task) {
    var thrown = assertThrows(ExecutionException.class, task::get);
    assertInstanceOf(expected, thrown.getCause());
  }

  private static void send(GreenSocket socket, String text) throws IOException {
    var bytes = text.getBytes(UTF_8);
    socket.write(bytes, 0, bytes.length);
  }

  private static Object fill(GreenSocket socket) throws IOException {
    while (true) {
      socket.write(new byte[1 << 20], 0, 1 << 20);
    }
  }
}
