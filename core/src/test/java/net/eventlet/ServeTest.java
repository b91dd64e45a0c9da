package net.eventlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.eventlet.Connected.addressOf;
import static net.eventlet.Eventlet.connect;
import static net.eventlet.Eventlet.listen;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.serve;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import net.eventlet.hubs.Hub;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Bounded
@Tag("poller")
@SuppressWarnings("FutureReturnValueIgnored")
class ServeTest {

  @Test
  void eachConnectionHasAHandlerOfItsOwn() throws Exception {
    onListener(listener -> {
      spawn(() -> serve(listener, ServeTest::greet));
      var silent = connect(addressOf(listener)); // holds nobody up

      for (var i = 0; i < 10; i++) {
        assertEquals("hello " + i, ask(listener, Integer.toString(i)));
      }
      silent.close();
    });
  }

  @Test
  void aConnectionIsClosedWhenItsHandlerReturns() throws Exception {
    onListener(listener -> {
      var handled = new ArrayList<GreenSocket>();
      spawn(() -> serve(listener, handled::add));

      try (var connection = connect(addressOf(listener))) {
        assertNull(connection.readLine());
      }

      assertTrue(handled.getFirst().isClosed());
    });
  }

  @Test
  void theFailureOfAHandlerIsReportedAndEndsItsConnectionOnly() throws Exception {
    var failures =
        List.of(new IOException("one"), new IllegalStateException("two"), new Error("three"));
    try (var uncaught = Uncaught.watch()) {
      onListener(listener -> {
        var handlers = new ArrayList<>(failures);
        var server =
            spawn(() ->
                serve(
                    listener,
                    connection -> {
                      if (!handlers.isEmpty()) {
                        Failures.raise(handlers.removeFirst());
                      }
                      greet(connection);
                    }));

        for (var i = 0; i < failures.size(); i++) {
          try (var connection = connect(addressOf(listener))) {
            assertNull(connection.readLine());
          }
        }

        assertEquals("hello again", ask(listener, "again"));
        assertFalse(server.isDone());
      });

      assertEquals(failures, uncaught.causes());
    }
  }

  @Test
  void stopServeEndsTheServerAndLeavesTheListenerOpen() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      onListener(listener -> {
        var server = spawn(() -> serve(listener, ServeTest::stop));
        connect(addressOf(listener)).close();

        server.await();

        assertFalse(listener.isClosed());
        var next = spawn(() -> serve(listener, ServeTest::greet));
        assertEquals("hello again", ask(listener, "again"));
        next.kill();
      });

      assertEquals(List.of(), uncaught.causes());
    }
  }

  @Test
  void whoeverCalledServeGoesOnUnharmedAfterStopServe() throws Exception {
    onListener(listener -> {
      var clients =
          spawn(() -> {
            try (var stopping = connect(addressOf(listener))) {
              sleep(Duration.ofMillis(5)); // its handler waits for the line now
              stopping.write("stop\n".getBytes(UTF_8), 0, 5);
              connect(addressOf(listener)).close(); // both are seen with the same look
              stopping.readLine();
            }
          });

      serve(
          listener,
          connection -> {
            if ("stop".equals(connection.readLine())) {
              throw new StopServe();
            }
          });

      sleep(); // nothing is left of it
      sleep(Duration.ofMillis(1));
      clients.await();
    });
  }

  @Test
  void aStopServeThatMeetsAServerThatIsFullEndsIt() throws Exception {
    onListener(listener -> {
      var server = spawn(() -> serve(listener, ServeTest::stop, 1));
      connect(addressOf(listener)).close();
      connect(addressOf(listener)).close();

      server.await();
      sleep();
    });
  }

  @Test
  void severalStopServesEndItOnce() throws Exception {
    onListener(listener -> {
      var release = new CompletableFuture<Void>();
      var server =
          spawn(() -> {
            serve(
                listener,
                _ -> {
                  release.get();
                  throw new StopServe();
                });
            sleep(Duration.ofMillis(5));
            return "went on";
          });
      for (var i = 0; i < 5; i++) {
        connect(addressOf(listener)).close();
      }
      sleep(Duration.ofMillis(5));

      release.complete(null);

      assertEquals("went on", server.await());
    });
  }

  @Test
  void theOtherHandlersGoOnAfterStopServe() throws Exception {
    onListener(listener -> {
      var server =
          spawn(() ->
              serve(
                  listener,
                  connection -> {
                    if ("stop".equals(connection.readLine())) {
                      throw new StopServe();
                    }
                    greet(connection);
                  }));
      var other = connect(addressOf(listener));
      other.write("go on\n".getBytes(UTF_8), 0, 6);
      try (var stopping = connect(addressOf(listener))) {
        stopping.write("stop\n".getBytes(UTF_8), 0, 5);
        server.await();
      }

      other.write("me\n".getBytes(UTF_8), 0, 3);

      assertEquals("hello me", other.readLine());
      other.close();
    });
  }

  @Test
  void closingTheListenerEndsTheServer() throws Exception {
    onListener(listener -> {
      var server = spawn(() -> serve(listener, ServeTest::greet));
      sleep();

      listener.close();

      server.await();
    });
  }

  @Test
  void closingTheListenerEndsAServerThatIsFull() throws Exception {
    onListener(listener -> {
      var server = spawn(() -> serve(listener, ServeTest::greet, 1));
      var connection = connect(addressOf(listener));
      sleep(Duration.ofMillis(1));

      listener.close();
      connection.close();

      server.await();
    });
  }

  @Test
  void closingTheListenerFromAPlainThreadEndsTheServer() throws Exception {
    onListener(listener -> {
      var server = spawn(() -> serve(listener, ServeTest::greet));
      sleep();

      Thread.ofPlatform().start(listener::close);

      server.await();
    });
  }

  @Test
  void aListenerThatIsClosedAlreadyEndsTheServerAtOnce() throws Exception {
    onListener(listener -> {
      listener.close();

      serve(listener, ServeTest::greet);
    });
  }

  @Test
  void aListenerThatIsNotBoundIsAFailure() throws Exception {
    run(() -> {
      try (var unbound = new GreenServerSocket()) {
        assertThrows(SocketException.class, () -> serve(unbound, ServeTest::greet));
      }
    });
  }

  @Test
  void noMoreThanTheBoundAreServedAtOnce() throws Exception {
    onListener(listener -> {
      var now = new int[1];
      var most = new int[1];
      spawn(() ->
          serve(
              listener,
              connection -> {
                most[0] = Math.max(most[0], ++now[0]);
                sleep(Duration.ofMillis(1));
                greet(connection);
                now[0]--;
              },
              3));
      var clients = new ArrayList<GreenThread<String>>();
      for (var i = 0; i < 20; i++) {
        var name = Integer.toString(i);
        clients.add(spawn(() -> ask(listener, name)));
      }

      for (var i = 0; i < clients.size(); i++) {
        assertEquals("hello " + i, clients.get(i).await());
      }

      assertEquals(3, most[0]);
      assertEquals(0, now[0]);
    });
  }

  @Test
  void oneTooManyWaitsInTheBacklog() throws Exception {
    onListener(listener -> {
      var handled = new ArrayList<Integer>();
      spawn(() ->
          serve(
              listener,
              connection -> {
                handled.add(connection.getPort());
                connection.readLine();
              },
              1));
      var first = connect(addressOf(listener));
      var second = connect(addressOf(listener));
      sleep(Duration.ofMillis(5));
      assertEquals(List.of(first.getLocalPort()), handled);

      first.close();
      sleep(Duration.ofMillis(5));

      assertEquals(List.of(first.getLocalPort(), second.getLocalPort()), handled);
      second.close();
    });
  }

  @Test
  void aFailingHandlerGivesItsPlaceToTheNext() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      onListener(listener -> {
        spawn(() ->
            serve(
                listener,
                connection -> {
                  greet(connection);
                  throw new IOException("fails");
                },
                1));

        for (var i = 0; i < 10; i++) {
          assertEquals("hello " + i, ask(listener, Integer.toString(i)));
        }
      });

      assertTrue(uncaught.causes().size() >= 9);
    }
  }

  @Test
  void aKilledServerAcceptsNoMoreAndItsHandlersGoOn() throws Exception {
    onListener(listener -> {
      var server = spawn(() -> serve(listener, ServeTest::greet));
      var connection = connect(addressOf(listener));
      sleep(Duration.ofMillis(5));

      server.kill();

      assertThrows(GreenThreadExit.class, server::await);
      connection.write("me\n".getBytes(UTF_8), 0, 3);
      assertEquals("hello me", connection.readLine());
      assertFalse(listener.isClosed());
      connection.close();
    });
  }

  @Test
  void aKilledHandlerIsNotReportedAndItsConnectionIsClosed() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      onListener(listener -> {
        var handler = new CompletableFuture<GreenThread<?>>();
        spawn(() ->
            serve(
                listener,
                connection -> {
                  handler.complete(Eventlet.current());
                  greet(connection);
                }));
        try (var connection = connect(addressOf(listener))) {
          handler.get().kill();

          assertNull(connection.readLine());
        }
      });

      assertEquals(List.of(), uncaught.causes());
    }
  }

  @Test
  void aConnectionWhoseHandlerNeverHasATurnIsClosed() throws Exception {
    try (var listener = listen(Connected.LOOPBACK);
        var client = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
      run(() -> {
        spawn(() -> serve(listener, ServeTest::greet));
        sleep(); // the server accepts, and the handler would be next
      });

      listener.setSoTimeout(10);
      assertThrows(SocketTimeoutException.class, listener::accept, "it was not accepted");
      client.setSoTimeout(2_000);
      assertEquals(-1, client.getInputStream().read());
    }
  }

  @Test
  void aTimeoutEndsTheServer() throws Exception {
    onListener(listener ->
        assertFalse(Timeout.run(Duration.ofMillis(5), () -> serve(listener, ServeTest::greet))));
  }

  @Test
  void aConnectionThatIsResetBeforeItIsHandledHarmsNobody() throws Exception {
    try (var _ = Uncaught.watch()) {
      onListener(listener -> {
        spawn(() -> serve(listener, ServeTest::greet));
        for (var i = 0; i < 20; i++) {
          var connection = connect(addressOf(listener));
          connection.setSoLinger(true, 0);
          connection.close();
        }

        assertEquals("hello again", ask(listener, "again"));
      });
    }
  }

  @Test
  void aPlainThreadServesUntilTheListenerIsClosed() throws Exception {
    var listener = listen(Connected.LOOPBACK);
    var server = startOnAPlainThread(listener, ServeTest::greet);

    assertEquals("hello plain", run(() -> ask(listener, "plain")));
    listener.close();

    assertEquals("returned", server.get());
  }

  @Test
  void aPlainThreadServesUntilStopServe() throws Exception {
    try (var listener = listen(Connected.LOOPBACK)) {
      var server = startOnAPlainThread(listener, ServeTest::stop);

      connect(addressOf(listener)).close();

      assertEquals("returned", server.get());
    }
  }

  @Test
  void aPlainThreadThatIsInterruptedServesNoMore() throws Exception {
    try (var listener = listen(Connected.LOOPBACK)) {
      var server = new FutureTask<>(() -> serveAndReturn(listener, ServeTest::greet));
      var thread = Thread.ofPlatform().daemon().start(server);
      assertEquals("hello plain", run(() -> ask(listener, "plain")));

      thread.interrupt();

      assertInstanceOf(
          IOException.class, assertThrows(ExecutionException.class, server::get).getCause());
      run(() -> {
        while (isServed(listener)) { // the kill is on its way to the other hub
          sleep();
        }
      });
    }
  }

  @Test
  void aFailureToAcceptReachesAPlainThread() throws Exception {
    try (var unbound = new GreenServerSocket()) {
      assertThrows(SocketException.class, () -> serve(unbound, ServeTest::greet));
    }
  }

  @Test
  void handlersRunOnTheHubOfTheServer() throws Exception {
    onListener(listener -> {
      var hub = new CompletableFuture<Hub>();
      spawn(() -> serve(listener, _ -> hub.complete(Hub.current())));

      connect(addressOf(listener)).close();

      assertSame(Hub.current(), hub.get());
    });
  }

  @Test
  @SuppressWarnings("NullAway")
  void badArgumentsAreRefusedAtOnce() throws Exception {
    onListener(listener -> {
      assertThrows(IllegalArgumentException.class, () -> serve(listener, ServeTest::greet, 0));
      assertThrows(IllegalArgumentException.class, () -> serve(listener, ServeTest::greet, -1));
      var limit = Duration.ofMillis(100);
      assertThrows(
          NullPointerException.class,
          () -> Timeout.run(limit, () -> serve(null, ServeTest::greet)));
      assertThrows(
          NullPointerException.class, () -> Timeout.run(limit, () -> serve(listener, null)));
    });
  }

  // ------------------------------------------------------------------------------------- helpers

  /// What is done with a listener.
  private interface OnListener {

    void with(GreenServerSocket listener) throws Exception;
  }

  private static void onListener(OnListener body) throws Exception {
    run(() -> {
      try (var listener = listen(Connected.LOOPBACK)) {
        body.with(listener);
      }
    });
  }

  private static void greet(GreenSocket connection) throws IOException {
    var name = connection.readLine();
    if (name != null) {
      var answer = ("hello " + name + "\n").getBytes(UTF_8);
      connection.write(answer, 0, answer.length);
    }
  }

  private static void stop(GreenSocket connection) {
    throw new StopServe();
  }

  private static String ask(GreenServerSocket listener, String name) throws IOException {
    try (var connection = connect(addressOf(listener))) {
      var line = (name + "\n").getBytes(UTF_8);
      connection.write(line, 0, line.length);
      return String.valueOf(connection.readLine());
    }
  }

  private static boolean isServed(GreenServerSocket listener) throws IOException {
    try (var connection = connect(addressOf(listener))) {
      connection.setSoTimeout(50);
      connection.write("anybody\n".getBytes(UTF_8), 0, 8);
      return connection.readLine() != null;
    } catch (SocketTimeoutException nobody) {
      return false;
    }
  }

  private static FutureTask<String> startOnAPlainThread(
      GreenServerSocket listener, SocketHandler handler) {
    var server = new FutureTask<>(() -> serveAndReturn(listener, handler));
    Thread.ofPlatform().daemon().start(server);
    return server;
  }

  private static String serveAndReturn(GreenServerSocket listener, SocketHandler handler)
      throws IOException {
    serve(listener, handler);
    return "returned";
  }
}
