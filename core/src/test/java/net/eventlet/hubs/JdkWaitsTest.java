package net.eventlet.hubs;

import static java.net.InetAddress.getLoopbackAddress;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.time.Duration.ofMillis;
import static net.eventlet.hubs.OnHub.get;
import static net.eventlet.hubs.OnHub.pass;
import static net.eventlet.hubs.Parking.ticks;
import static net.eventlet.hubs.Parking.waiting;
import static net.eventlet.hubs.Parking.waitingInVain;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The JDK's own sockets and channels inside green threads: whoever waits leaves the hub to the
/// others.
///
/// In each test the first green thread is the others: it has many turns while the call under test
/// waits, and then ends the wait.
@Bounded
@Tag("poller")
class JdkWaitsTest {

  @Test
  void readingFromASocketParks() throws Exception {
    run(() -> {
      try (var pair = Sockets.open()) {
        var reading = waiting(pair.near.getInputStream()::read);
        pair.far.getOutputStream().write('x');
        assertEquals('x', get(reading));
      }
    });
  }

  @Test
  void writingToASocketParksWhenThereIsNoRoom() throws Exception {
    run(() -> {
      try (var pair = Sockets.open()) {
        var much = new byte[8 << 20];
        var writing =
            waiting(() -> {
              pair.near.getOutputStream().write(much);
              pair.near.shutdownOutput();
              return much.length;
            });
        var read = pair.far.getInputStream().readAllBytes().length;
        assertEquals(read, get(writing));
      }
    });
  }

  @Test
  void acceptingParks() throws Exception {
    run(() -> {
      try (var listener = new ServerSocket(0, 50, getLoopbackAddress())) {
        var accepting = waiting(listener::accept);
        try (var near = new Socket(getLoopbackAddress(), listener.getLocalPort());
            var far = get(accepting)) {
          assertEquals(near.getLocalPort(), far.getPort());
        }
      }
    });
  }

  @Test
  void connectingParks() throws Exception {
    run(() -> {
      try (var full = new FullListener()) {
        var failure =
            waitingInVain(
                () -> assertThrows(SocketTimeoutException.class, () -> connect(full.address())));
        assertEquals("Connect timed out", failure.getMessage());
      }
    });
  }

  @Test
  void aRefusedConnectionIsRefused() throws Exception {
    run(() -> {
      int port;
      try (var listener = new ServerSocket(0, 50, getLoopbackAddress())) {
        port = listener.getLocalPort();
      }
      assertThrows(ConnectException.class, () -> new Socket(getLoopbackAddress(), port));
    });
  }

  @Test
  void readingFromASocketTimesOutAndItCanBeReadFromAgain() throws Exception {
    run(() -> {
      try (var pair = Sockets.open()) {
        pair.near.setSoTimeout(20);
        var failure =
            waitingInVain(
                () -> assertThrows(SocketTimeoutException.class, pair.near.getInputStream()::read));
        assertEquals("Read timed out", failure.getMessage());
        pair.far.getOutputStream().write('x');
        assertEquals('x', pair.near.getInputStream().read());
      }
    });
  }

  @Test
  void acceptingTimesOutAndTheNextConnectionIsAccepted() throws Exception {
    run(() -> {
      try (var listener = new ServerSocket(0, 50, getLoopbackAddress())) {
        listener.setSoTimeout(20);
        waitingInVain(() -> assertThrows(SocketTimeoutException.class, listener::accept));
        try (var near = new Socket(getLoopbackAddress(), listener.getLocalPort());
            var far = listener.accept()) {
          assertEquals(near.getLocalPort(), far.getPort());
        }
      }
    });
  }

  @Test
  void closingASocketWakesItsReader() throws Exception {
    run(() -> {
      try (var pair = Sockets.open()) {
        var reading =
            waiting(() -> assertThrows(SocketException.class, pair.near.getInputStream()::read));
        pair.near.close();
        assertEquals("Socket closed", get(reading).getMessage());
      }
    });
  }

  @Test
  void closingASocketInAPlainThreadWakesItsReader() throws Exception {
    run(() -> {
      try (var pair = Sockets.open()) {
        var reading =
            waiting(() -> assertThrows(SocketException.class, pair.near.getInputStream()::read));
        inPlainThread(pair.near::close);
        assertEquals("Socket closed", get(reading).getMessage());
      }
    });
  }

  @Test
  void closingAListenerWakesItsAccepter() throws Exception {
    run(() -> {
      var listener = new ServerSocket(0, 50, getLoopbackAddress());
      var accepting = waiting(() -> assertThrows(SocketException.class, listener::accept));
      inPlainThread(listener::close);
      assertEquals("Socket closed", get(accepting).getMessage());
    });
  }

  @Test
  void anInterruptClosesTheSocketThatIsReadFromAsTheJdkDocuments() throws Exception {
    run(() -> {
      try (var pair = Sockets.open()) {
        var reader = new FutureTask<>(() -> reads(pair.near));
        var fiber = OnHub.start(reader::run);
        ticks(reader);
        fiber.thread().interrupt();
        assertEquals("Closed by interrupt", get(reader));
        assertTrue(pair.near.isClosed());
      }
    });
  }

  @Test
  void aPeerThatResetsIsAnException() throws Exception {
    run(() -> {
      try (var pair = Sockets.open()) {
        var reading =
            waiting(() -> assertThrows(SocketException.class, pair.near.getInputStream()::read));
        pair.far.setSoLinger(true, 0);
        pair.far.close();
        assertEquals("Connection reset", get(reading).getMessage());
      }
    });
  }

  @Test
  void twoMayReadFromAndWriteToOneSocketAtOnce() throws Exception {
    run(() -> {
      try (var pair = Sockets.open()) {
        var reading = waiting(pair.near.getInputStream()::read);
        var writing =
            waiting(() -> {
              pair.near.getOutputStream().write(new byte[8 << 20]);
              return true;
            });
        pair.far.getOutputStream().write('x');
        assertEquals('x', get(reading));
        assertFalse(writing.isDone());
        pair.far.getInputStream().readNBytes(8 << 20);
        assertTrue(get(writing));
      }
    });
  }

  @Test
  void channelsPark() throws Exception {
    run(() -> {
      try (var listener = ServerSocketChannel.open()) {
        listener.bind(new InetSocketAddress(getLoopbackAddress(), 0));
        exchange(listener, SocketChannel.open());
      }
    });
  }

  @Test
  void channelsOfTheUnixDomainPark(@TempDir Path folder) throws Exception {
    run(() -> {
      try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        listener.bind(UnixDomainSocketAddress.of(folder.resolve("socket")));
        exchange(listener, SocketChannel.open(StandardProtocolFamily.UNIX));
      }
    });
  }

  @Test
  void writingToAChannelParksWhenThereIsNoRoom() throws Exception {
    run(() -> {
      try (var pair = Channels.open()) {
        var much = ByteBuffer.allocate(8 << 20);
        var writing =
            waiting(() -> {
              while (much.hasRemaining()) {
                pair.near.write(much);
              }
              return much.position();
            });
        var read = 0;
        while (read < 8 << 20) {
          read += pair.far.read(ByteBuffer.allocate(1 << 16));
        }
        assertEquals(read, get(writing));
      }
    });
  }

  @Test
  void theSocketOfAChannelTimesOut() throws Exception {
    run(() -> {
      try (var pair = Channels.open()) {
        pair.near.socket().setSoTimeout(20);
        waitingInVain(() ->
            assertThrows(SocketTimeoutException.class, pair.near.socket().getInputStream()::read));
        pair.far.write(ascii("x"));
        assertEquals('x', pair.near.socket().getInputStream().read());
      }
    });
  }

  @Test
  void closingAChannelWakesItsReader() throws Exception {
    run(() -> {
      try (var pair = Channels.open()) {
        var reading =
            waiting(() ->
                assertThrows(
                    AsynchronousCloseException.class,
                    () -> pair.near.read(ByteBuffer.allocate(1))));
        pair.near.close();
        get(reading);
      }
    });
  }

  @Test
  void closingAChannelInAPlainThreadWakesItsReader() throws Exception {
    run(() -> {
      try (var pair = Channels.open()) {
        var reading =
            waiting(() ->
                assertThrows(
                    AsynchronousCloseException.class,
                    () -> pair.near.read(ByteBuffer.allocate(1))));
        inPlainThread(pair.near::close);
        get(reading);
      }
    });
  }

  @Test
  void closingAListeningChannelWakesItsAccepter() throws Exception {
    run(() -> {
      var listener = ServerSocketChannel.open();
      listener.bind(new InetSocketAddress(getLoopbackAddress(), 0));
      var accepting =
          waiting(() -> assertThrows(AsynchronousCloseException.class, listener::accept));
      inPlainThread(listener::close);
      get(accepting);
    });
  }

  @Test
  void anInterruptClosesTheChannelThatIsReadFrom() throws Exception {
    run(() -> {
      try (var pair = Channels.open()) {
        var reader =
            new FutureTask<>(() -> {
              assertThrows(
                  ClosedByInterruptException.class, () -> pair.near.read(ByteBuffer.allocate(1)));
              return Thread.interrupted();
            });
        var fiber = OnHub.start(reader::run);
        ticks(reader);
        fiber.thread().interrupt();
        assertTrue(get(reader));
        assertFalse(pair.near.isOpen());
      }
    });
  }

  @Test
  void datagramsPark() throws Exception {
    run(() -> {
      try (var near = DatagramChannel.open();
          var far = DatagramChannel.open()) {
        near.bind(new InetSocketAddress(getLoopbackAddress(), 0));
        var bytes = ByteBuffer.allocate(10);
        var receiving = waiting(() -> near.receive(bytes));
        far.send(ascii("hello"), near.getLocalAddress());
        get(receiving);
        assertEquals(5, bytes.position());
      }
    });
  }

  @Test
  void datagramSocketsParkAndTimeOut() throws Exception {
    run(() -> {
      try (var near = new DatagramSocket(0, getLoopbackAddress());
          var far = new DatagramSocket(0, getLoopbackAddress())) {
        var packet = new DatagramPacket(new byte[10], 10);
        near.setSoTimeout(20);
        waitingInVain(() -> assertThrows(SocketTimeoutException.class, () -> near.receive(packet)));
        near.setSoTimeout(0);
        var receiving =
            waiting(() -> {
              near.receive(packet);
              return packet.getLength();
            });
        far.send(new DatagramPacket(new byte[5], 5, near.getLocalSocketAddress()));
        assertEquals(5, get(receiving));
      }
    });
  }

  @Test
  void closingADatagramSocketWakesItsReceiver() throws Exception {
    run(() -> {
      var socket = new DatagramSocket(0, getLoopbackAddress());
      var receiving =
          waiting(() ->
              assertThrows(
                  SocketException.class,
                  () -> socket.receive(new DatagramPacket(new byte[10], 10))));
      inPlainThread(socket::close);
      get(receiving);
    });
  }

  @Test
  void pipesPark() throws Exception {
    run(() -> {
      var pipe = Pipe.open();
      try (var source = pipe.source();
          var sink = pipe.sink()) {
        var reading = waiting(() -> source.read(ByteBuffer.allocate(10)));
        sink.write(ascii("hello"));
        assertEquals(5, get(reading));
      }
    });
  }

  @Test
  void closingAPipeWakesItsReader() throws Exception {
    run(() -> {
      var pipe = Pipe.open();
      try (var sink = pipe.sink()) {
        assertTrue(sink.isOpen());
        var reading =
            waiting(() ->
                assertThrows(
                    AsynchronousCloseException.class,
                    () -> pipe.source().read(ByteBuffer.allocate(10))));
        pipe.source().close();
        get(reading);
      }
    });
  }

  @Test
  void selectingParksUntilSomethingIsReady() throws Exception {
    run(() -> {
      try (var selector = Selector.open();
          var pair = Channels.open()) {
        pair.near.configureBlocking(false);
        var key = pair.near.register(selector, SelectionKey.OP_READ);
        for (var i = 0; i < 3; i++) {
          var selecting = waiting(selector::select);
          pair.far.write(ascii("x"));
          assertEquals(1, get(selecting));
          assertTrue(key.isReadable());
          selector.selectedKeys().clear();
          pair.near.read(ByteBuffer.allocate(10));
        }
      }
    });
  }

  @Test
  void selectingForATimeParksThatLong() throws Exception {
    run(() -> {
      try (var selector = Selector.open()) {
        assertEquals(0, waitingInVain(() -> selector.select(20)));
        assertEquals(0, selector.selectNow());
      }
    });
  }

  @Test
  void aSelectorIsWokenUp() throws Exception {
    run(() -> {
      try (var selector = Selector.open()) {
        var selecting = waiting(selector::select);
        selector.wakeup();
        assertEquals(0, get(selecting));
        var again = waiting(() -> selector.select(60_000));
        inPlainThread(selector::wakeup);
        assertEquals(0, get(again));
      }
    });
  }

  @Test
  void aSelectorThatIsClosedIsLeft() throws Exception {
    run(() -> {
      var selector = Selector.open();
      var selecting =
          waiting(() -> {
            selector.select();
            return selector.isOpen();
          });
      selector.close();
      assertFalse(get(selecting));
      assertThrows(ClosedSelectorException.class, selector::select);
    });
  }

  @Test
  void anInterruptEndsASelection() throws Exception {
    run(() -> {
      try (var selector = Selector.open()) {
        var task =
            new FutureTask<>(() -> {
              selector.select();
              return Thread.interrupted();
            });
        var fiber = OnHub.start(task::run);
        ticks(task);
        fiber.thread().interrupt();
        assertTrue(get(task));
        assertTrue(selector.isOpen());
      }
    });
  }

  @Test
  void manyStockConnectionsAtOnceAllGetTheirAnswers() throws Exception {
    var connections = 200;
    run(() -> {
      var hub = Hub.current();
      try (var listener = new ServerSocket(0, 500, getLoopbackAddress())) {
        var server =
            hub.spawn(() -> {
              for (var i = 0; i < connections; i++) {
                var accepted = listener.accept();
                hub.executor().execute(() -> echo(accepted));
              }
              return true;
            });
        var clients =
            IntStream.range(0, connections)
                .mapToObj(i -> hub.spawn(() -> askTenTimes(listener.getLocalPort(), i)))
                .toList();
        for (var client : clients) {
          assertEquals(10, get(client));
        }
        assertTrue(get(server));
      }
    });
  }

  @Test
  void greenThreadsOfTwoHubsTalkOverStockSockets() throws Exception {
    try (var here = Hub.start("here");
        var there = Hub.start("there");
        var listener = new ServerSocket(0, 50, getLoopbackAddress())) {
      var server =
          there.spawn(() -> {
            echo(listener.accept());
            return true;
          });

      assertEquals(10, get(here.spawn(() -> askTenTimes(listener.getLocalPort(), 1))));
      assertTrue(get(server));
    }
  }

  @Test
  void stockVirtualThreadsOffTheHubGoOnAsBefore() throws Exception {
    try (var hub = Hub.start("bystander");
        var listener = new ServerSocket(0, 50, getLoopbackAddress())) {
      var port = listener.getLocalPort();
      assertEquals(10, get(with(listener, hub.spawn(() -> askTenTimes(port, 1)))));

      assertEquals(10, get(with(listener, offHub(() -> askTenTimes(port, 2)))));
      assertEquals("Read timed out", get(offHub(JdkWaitsTest::timesOut)));
      assertEquals("Socket closed", get(offHub(JdkWaitsTest::isClosed)));
      assertEquals(1, get(offHub(JdkWaitsTest::selects)));
    }
  }

  @Test
  void aStockVirtualThreadAndAGreenThreadTalkOverStockSockets() throws Exception {
    try (var hub = Hub.start("one side");
        var listener = new ServerSocket(0, 50, getLoopbackAddress())) {
      var port = listener.getLocalPort();
      var server =
          hub.spawn(() -> {
            echo(listener.accept());
            return true;
          });

      assertEquals(10, get(offHub(() -> askTenTimes(port, 1))));
      assertTrue(get(server));
    }
  }

  @Test
  void oneSocketIsReadFromEverywhereInTurn() throws Exception {
    try (var first = Hub.start("first");
        var second = Hub.start("second");
        var pair = Sockets.open()) {
      var input = pair.near.getInputStream();
      for (var i = 0; i < 50; i++) {
        var reading =
            switch (i % 4) {
              case 0 -> first.spawn(input::read);
              case 1 -> second.spawn(input::read);
              case 2 -> offHub(input::read);
              default -> start(Thread.ofPlatform(), input::read);
            };
        pair.far.getOutputStream().write(i);
        assertEquals(i, get(reading));
      }
    }
  }

  @Test
  void whoeverReadsOffTheHubIsWokenWhenAGreenThreadClosesTheSocket() throws Exception {
    try (var hub = Hub.start("closer");
        var pair = Sockets.open()) {
      var reading = offHub(() -> reads(pair.near));
      new Waiter().await(ofMillis(5).toNanos()); // most often it waits by then; it need not

      get(
          hub.spawn(() -> {
            pair.near.close();
            return true;
          }));

      assertTrue(Set.of("Socket closed", "Socket is closed").contains(get(reading)));
    }
  }

  @Test
  void theEndOfTheHubEndsWhoeverReadsFromAStockSocket() throws Exception {
    var read = new FutureTask<String>(() -> "");
    try (var pair = Sockets.open()) {
      run(() -> {
        OnHub.start(() -> assertEquals("Closed by interrupt", reads(pair.near)));
        OnHub.start(read::run);
        get(read);
      });

      assertTrue(pair.near.isClosed());
    }
  }

  @Test
  void anUnwindEndsAReadAndComesOutAtTheEnd() throws Exception {
    var unwound = new Error("unwound");
    run(() -> {
      try (var pair = Sockets.open();
          var uncaught = Uncaught.watch()) {
        var fiber = Hub.current().fiber(() -> pair.near.getInputStream().read(), pair).start();
        pass();
        pass();
        fiber.unwind(unwound);
        assertEquals(unwound, uncaught.next().cause());
        assertEquals(SocketException.class, unwound.getSuppressed()[0].getClass());
      }
    });
  }

  private static void connect(InetSocketAddress address) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(address, 20);
    }
  }

  private static String reads(Socket socket) throws IOException {
    var failure = assertThrows(SocketException.class, socket.getInputStream()::read);
    return failure.getMessage();
  }

  private static void exchange(ServerSocketChannel listener, SocketChannel client)
      throws Exception {
    var accepting = waiting(listener::accept);
    try (client) {
      client.connect(listener.getLocalAddress());
      try (var far = get(accepting)) {
        var bytes = ByteBuffer.allocate(10);
        var reading = waiting(() -> client.read(bytes));
        far.write(ascii("hello"));
        assertEquals(5, get(reading));
        var end = waiting(() -> client.read(ByteBuffer.allocate(10)));
        far.shutdownOutput();
        assertEquals(-1, get(end));
      }
    }
  }

  private static String timesOut() throws IOException {
    try (var pair = Sockets.open()) {
      pair.near.setSoTimeout(5);
      return assertThrows(SocketTimeoutException.class, pair.near.getInputStream()::read)
          .getMessage();
    }
  }

  private static String isClosed() throws Exception {
    try (var pair = Sockets.open()) {
      var reading = offHub(() -> reads(pair.near));
      new Waiter().await(ofMillis(5).toNanos()); // most often it waits by then; it need not
      pair.near.close();
      return get(reading);
    }
  }

  private static int selects() throws Exception {
    try (var selector = Selector.open();
        var pair = Channels.open()) {
      pair.near.configureBlocking(false);
      pair.near.register(selector, SelectionKey.OP_READ);
      var selecting = offHub(selector::select);
      pair.far.write(ascii("x"));
      return get(selecting);
    }
  }

  private static int askTenTimes(int port, int value) throws IOException {
    var answers = 0;
    try (var socket = new Socket(getLoopbackAddress(), port)) {
      for (var i = 0; i < 10; i++) {
        socket.getOutputStream().write(value);
        if (socket.getInputStream().read() == value) {
          answers++;
        }
      }
    }
    return answers;
  }

  private static void echo(Socket accepted) {
    try (accepted) {
      accepted.getInputStream().transferTo(accepted.getOutputStream());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Serves one connection, in a stock virtual thread, while `client` runs.
  private static <T> Future<T> with(ServerSocket listener, Future<T> client) {
    var _ =
        offHub(() -> {
          echo(listener.accept());
          return true;
        });
    return client;
  }

  private static <T> Future<T> offHub(Callable<T> body) {
    return start(Thread.ofVirtual(), body);
  }

  private static <T> Future<T> start(Thread.Builder threads, Callable<T> body) {
    var task = new FutureTask<>(body);
    threads.start(task);
    return task;
  }

  private static void inPlainThread(OnHub.Body body) throws Exception {
    get(
        start(
            Thread.ofPlatform(),
            () -> {
              body.run();
              return true;
            }));
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(US_ASCII));
  }

  private static void run(OnHub.Body body) throws Exception {
    OnHub.run(HubOptions.DEFAULT, body);
  }

  /// Two ends of a connection.
  private record Sockets(Socket near, Socket far) implements AutoCloseable {

    static Sockets open() throws IOException {
      try (var listener = new ServerSocket(0, 50, getLoopbackAddress())) {
        var near = new Socket(getLoopbackAddress(), listener.getLocalPort());
        return new Sockets(near, listener.accept());
      }
    }

    @Override
    public void close() throws IOException {
      near.close();
      far.close();
    }
  }

  /// Two ends of a connection.
  private record Channels(SocketChannel near, SocketChannel far) implements AutoCloseable {

    static Channels open() throws IOException {
      try (var listener = ServerSocketChannel.open()) {
        listener.bind(new InetSocketAddress(getLoopbackAddress(), 0));
        return new Channels(SocketChannel.open(listener.getLocalAddress()), listener.accept());
      }
    }

    @Override
    public void close() throws IOException {
      near.close();
      far.close();
    }
  }

  /// A listener that accepts nobody, and whose queue is full.
  private static final class FullListener implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 1, getLoopbackAddress());
    private final Socket first;
    private final Socket second;

    FullListener() throws IOException {
      first = new Socket(getLoopbackAddress(), listener.getLocalPort());
      second = new Socket(getLoopbackAddress(), listener.getLocalPort());
    }

    InetSocketAddress address() {
      return new InetSocketAddress(getLoopbackAddress(), listener.getLocalPort());
    }

    @Override
    public void close() throws IOException {
      first.close();
      second.close();
      listener.close();
    }
  }
}
