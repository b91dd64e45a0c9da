package net.eventlet.green;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static net.eventlet.Eventlet.run;
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
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AcceptPendingException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.InterruptedByTimeoutException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ReadPendingException;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.WritePendingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import net.eventlet.Action;
import net.eventlet.hubs.Hub;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Asynchronous channels of ours, by the JDK's own contract.
@Timeout(60)
class AsyncProviderTest {

  private static final AsyncProvider PROVIDER = new AsyncProvider();

  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /// What a handler was told.
  private static final class Told<V> extends CompletableFuture<V>
      implements CompletionHandler<V, String> {

    private Hub hub;
    private String attachment;

    @Override
    public void completed(V result, String given) {
      hub = Hub.currentOrNull();
      attachment = given;
      complete(result);
    }

    @Override
    public void failed(Throwable failure, String given) {
      hub = Hub.currentOrNull();
      attachment = given;
      completeExceptionally(failure);
    }

    Throwable failure() throws Exception {
      return assertThrows(ExecutionException.class, () -> get(20, SECONDS)).getCause();
    }
  }

  /// Two ends of a connection.
  private record Pair(AsynchronousSocketChannel client, AsynchronousSocketChannel server)
      implements AutoCloseable {

    static Pair open() throws Exception {
      try (var listener = PROVIDER.openAsynchronousServerSocketChannel(null).bind(ANY)) {
        var accepted = listener.accept();
        var client = PROVIDER.openAsynchronousSocketChannel(null);
        client.connect(listener.getLocalAddress()).get();
        return new Pair(client, accepted.get());
      }
    }

    @Override
    public void close() throws IOException {
      client.close();
      server.close();
    }
  }

  @Test
  void handlersAreGreenThreadsOfTheHubAndMayWait() throws Exception {
    run(() -> {
      try (var pair = Pair.open()) {
        var told = new Told<Integer>();
        var buffer = ByteBuffer.allocate(10);

        pair.server.read(buffer, "attachment", told);
        assertFalse(told.isDone());
        assertEquals(5, pair.client.write(UTF_8.encode("hello")).get());

        assertEquals(5, told.get());
        assertSame(Hub.current(), told.hub);
        assertEquals("attachment", told.attachment);
        assertEquals("hello", text(buffer));
      }
    });
  }

  @Test
  void waitingForAReadLetsTheHubGoOn() throws Exception {
    Ticker.during(() -> {
      try (var pair = Pair.open()) {
        var read = pair.client.read(ByteBuffer.allocate(1));
        spawn(() -> {
          sleep(Duration.ofMillis(200));
          pair.server.write(ByteBuffer.allocate(1)).get();
        });
        assertEquals(1, read.get());
      }
    });
  }

  @Test
  void aServerOfHandlersEchoesToManyClients() throws Exception {
    run(() -> {
      try (var listener = PROVIDER.openAsynchronousServerSocketChannel(null).bind(ANY, 200)) {
        listener.accept(null, new Echo(listener));
        var clients = new ArrayList<Future<String>>();
        for (var i = 0; i < 100; i++) {
          var line = "line " + i;
          clients.add(spawn(() -> echoed(listener, line)));
        }
        for (var i = 0; i < 100; i++) {
          assertEquals("line " + i, clients.get(i).get());
        }
      }
    });
  }

  @Test
  void scatteredReadsFillOneBufferAfterTheOther() throws Exception {
    run(() -> {
      try (var pair = Pair.open()) {
        var told = new Told<Long>();
        var buffers =
            new ByteBuffer[] {
              ByteBuffer.allocate(0), ByteBuffer.allocate(2), ByteBuffer.allocateDirect(10)
            };
        var sent = new Told<Long>();

        pair.client.write(
            new ByteBuffer[] {UTF_8.encode("ab"), UTF_8.encode("cde")}, 0, 2, 1, SECONDS, "", sent);
        assertEquals(5L, sent.get());
        pair.server.read(buffers, 0, 3, 10, SECONDS, "", told);

        assertEquals(5L, told.get());
        assertEquals("ab", text(buffers[1]));
        assertEquals("cde", text(buffers[2]));
      }
    });
  }

  @Test
  void aReadThatTimesOutHasTakenNothingAndOneMayReadOn() throws Exception {
    run(() -> {
      try (var pair = Pair.open()) {
        var told = new Told<Integer>();

        pair.client.read(ByteBuffer.allocate(1), 20, MILLISECONDS, "late", told);
        assertInstanceOf(InterruptedByTimeoutException.class, told.failure());
        assertEquals("late", told.attachment);

        pair.server.write(UTF_8.encode("x")).get();
        var buffer = ByteBuffer.allocate(1);
        assertEquals(1, pair.client.read(buffer).get());
        assertEquals("x", text(buffer));
      }
    });
  }

  @Test
  void aWriteThatTimesOutRefusesTheNext() throws Exception {
    run(() -> {
      try (var pair = Pair.open()) {
        var told = new Told<Integer>();

        pair.client.write(ByteBuffer.allocate(50_000_000), 50, MILLISECONDS, "", told);

        assertInstanceOf(InterruptedByTimeoutException.class, told.failure());
        assertThrows(IllegalStateException.class, () -> pair.client.write(ByteBuffer.allocate(1)));
      }
    });
  }

  @Test
  void aSecondOperationOfAKindIsRefusedWhileTheFirstIsPending() throws Exception {
    run(() -> {
      try (var pair = Pair.open();
          var listener = PROVIDER.openAsynchronousServerSocketChannel(null).bind(ANY)) {
        var read = pair.client.read(ByteBuffer.allocate(1));
        var write = pair.client.write(ByteBuffer.allocate(50_000_000));
        var accept = listener.accept();

        assertThrows(ReadPendingException.class, () -> pair.client.read(ByteBuffer.allocate(1)));
        assertThrows(WritePendingException.class, () -> pair.client.write(ByteBuffer.allocate(1)));
        assertThrows(AcceptPendingException.class, listener::accept);
        assertFalse(read.isDone() || write.isDone() || accept.isDone());
      }
    });
  }

  @Test
  void closingEndsWhatIsPending() throws Exception {
    run(() -> {
      var listener = PROVIDER.openAsynchronousServerSocketChannel(null).bind(ANY);
      var accept = new Told<AsynchronousSocketChannel>();
      listener.accept("", accept);
      var pair = Pair.open();
      var read = new Told<Integer>();
      var write = new Told<Integer>();
      pair.client.read(ByteBuffer.allocate(1), "", read);
      pair.client.write(ByteBuffer.allocate(50_000_000), "", write);
      sleep();

      pair.close();
      listener.close();

      assertInstanceOf(AsynchronousCloseException.class, read.failure());
      assertInstanceOf(AsynchronousCloseException.class, write.failure());
      assertInstanceOf(AsynchronousCloseException.class, accept.failure());
      var late = new Told<Integer>();
      pair.client.read(ByteBuffer.allocate(1), "", late);
      assertSame(ClosedChannelException.class, late.failure().getClass());
    });
  }

  @Test
  void theEndOfTheHubEndsWhatIsPending() throws Exception {
    var read = new Told<Integer>();
    run(() -> {
      Pair.open().client.read(ByteBuffer.allocate(1), "", read);
      sleep();
    });

    assertInstanceOf(AsynchronousCloseException.class, read.failure());
  }

  @Test
  void aCancelledReadHasTakenNothing() throws Exception {
    run(() -> {
      try (var pair = Pair.open()) {
        var read = pair.client.read(ByteBuffer.allocate(1));
        sleep();

        assertTrue(read.cancel(true));
        assertThrows(CancellationException.class, read::get);
        sleep();
        pair.server.write(UTF_8.encode("x")).get();

        assertEquals(1, pair.client.read(ByteBuffer.allocate(1)).get());
      }
    });
  }

  @Test
  void theEndOfTheStreamIsMinusOne() throws Exception {
    run(() -> {
      try (var pair = Pair.open()) {
        pair.server.shutdownOutput();
        assertEquals(-1, pair.client.read(ByteBuffer.allocate(1)).get());

        pair.client.shutdownInput();
        assertEquals(-1, pair.client.read(ByteBuffer.allocate(1)).get());
        var told = new Told<Integer>();
        pair.server.write(ByteBuffer.allocate(1), "", told);
        assertInstanceOf(ClosedChannelException.class, told.failure());
      }
    });
  }

  @Test
  void aReadWithoutRoomIsOverAtOnce() throws Exception {
    run(() -> {
      try (var pair = Pair.open()) {
        assertEquals(0, pair.client.read(ByteBuffer.allocate(0)).get());
      }
    });
  }

  @Test
  void aConnectionThatIsRefusedClosesTheChannel() throws Exception {
    run(() -> {
      int nobody;
      try (var listener = PROVIDER.openAsynchronousServerSocketChannel(null).bind(ANY)) {
        nobody = ((InetSocketAddress) listener.getLocalAddress()).getPort();
      }
      var channel = PROVIDER.openAsynchronousSocketChannel(null);
      var told = new Told<Void>();

      channel.connect(new InetSocketAddress("127.0.0.1", nobody), "", told);

      assertInstanceOf(ConnectException.class, told.failure());
      assertFalse(channel.isOpen());
    });
  }

  @Test
  void wrongCallsAreRefused() throws Exception {
    run(() -> {
      try (var pair = Pair.open();
          var unconnected = PROVIDER.openAsynchronousSocketChannel(null);
          var unbound = PROVIDER.openAsynchronousServerSocketChannel(null)) {
        var buffer = ByteBuffer.allocate(1);
        refused(NotYetConnectedException.class, () -> unconnected.read(buffer));
        refused(NotYetConnectedException.class, () -> unconnected.write(buffer));
        refused(NotYetBoundException.class, unbound::accept);
        refused(AlreadyConnectedException.class, () -> pair.client.connect(ANY));
        refused(
            UnresolvedAddressException.class,
            () -> unconnected.connect(InetSocketAddress.createUnresolved("host.test", 1)));
        refused(IllegalArgumentException.class, () -> pair.client.read(buffer.asReadOnlyBuffer()));
        refused(NullPointerException.class, () -> pair.client.read(buffer, "", null));
        assertNull(unconnected.getRemoteAddress());
      }
    });
  }

  @Test
  void optionsAreTheSocketsOwn() throws Exception {
    run(() -> {
      try (var pair = Pair.open()) {
        pair.client.setOption(StandardSocketOptions.SO_KEEPALIVE, true);

        assertTrue(pair.client.getOption(StandardSocketOptions.SO_KEEPALIVE));
        assertTrue(pair.client.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY));
      }
    });
  }

  @Test
  void aGroupRunsHandlersInThreadsOfItsFactory() throws Exception {
    run(() -> {
      var group = PROVIDER.openAsynchronousChannelGroup(1, task -> new Thread(task, "group-1"));
      try (var listener = AsynchronousServerSocketChannel.open(group).bind(ANY);
          var client = PROVIDER.openAsynchronousSocketChannel(null)) {
        var name = new CompletableFuture<String>();
        listener.accept(
            "",
            new CompletionHandler<AsynchronousSocketChannel, String>() {
              @Override
              public void completed(AsynchronousSocketChannel accepted, String given) {
                name.complete(Thread.currentThread().getName() + " on " + Hub.current().name());
              }

              @Override
              public void failed(Throwable failure, String given) {
                name.completeExceptionally(failure);
              }
            });
        client.connect(listener.getLocalAddress()).get();

        assertEquals("group-1 on " + Hub.current().name(), name.get());
      }
      group.shutdownNow();
    });
  }

  @Test
  void aGroupThatIsShutDownTakesNoMoreAndTerminatesWithItsLastChannel() throws Exception {
    run(() -> {
      var group = PROVIDER.openAsynchronousChannelGroup(1, Thread::new);
      var channel = AsynchronousSocketChannel.open(group);

      group.shutdown();

      assertTrue(group.isShutdown());
      assertFalse(group.isTerminated());
      assertThrows(
          ShutdownChannelGroupException.class, () -> AsynchronousSocketChannel.open(group));
      channel.close();
      assertTrue(group.awaitTermination(10, SECONDS));
    });
  }

  @Test
  void shuttingAGroupDownNowClosesItsChannels() throws Exception {
    run(() -> {
      var group = PROVIDER.openAsynchronousChannelGroup(1, Thread::new);
      var channel = AsynchronousServerSocketChannel.open(group).bind(ANY);
      var accept = new Told<AsynchronousSocketChannel>();
      channel.accept("", accept);
      sleep();

      group.shutdownNow();

      assertFalse(channel.isOpen());
      assertInstanceOf(AsynchronousCloseException.class, accept.failure());
      assertTrue(group.isTerminated());
    });
  }

  @Test
  void plainThreadsUseThemThroughTheDefaultHub() throws Exception {
    try (var pair = Pair.open()) {
      var told = new Told<Integer>();

      pair.server.read(ByteBuffer.allocate(1), "", told);
      pair.client.write(ByteBuffer.allocate(1)).get();

      assertEquals(1, told.get());
      assertSame(Hub.shared(), told.hub);
    }
  }

  private static void refused(Class<? extends Throwable> failure, Action action) {
    assertThrows(failure, action::run);
  }

  private static String text(ByteBuffer buffer) {
    return UTF_8.decode(buffer.flip()).toString();
  }

  private static String echoed(AsynchronousServerSocketChannel listener, String line)
      throws Exception {
    try (var client = PROVIDER.openAsynchronousSocketChannel(null)) {
      client.connect(listener.getLocalAddress()).get();
      client.write(UTF_8.encode(line)).get();
      client.shutdownOutput();
      var answer = ByteBuffer.allocate(100);
      while (client.read(answer).get() >= 0) {
        // until the end
      }
      return text(answer);
    }
  }

  /// Accepts, again and again, and echoes.
  private record Echo(AsynchronousServerSocketChannel listener)
      implements CompletionHandler<AsynchronousSocketChannel, Object> {

    @Override
    public void completed(AsynchronousSocketChannel client, Object attachment) {
      listener.accept(null, this);
      var buffer = ByteBuffer.allocate(16);
      client.read(
          buffer,
          client,
          new CompletionHandler<Integer, AsynchronousSocketChannel>() {
            @Override
            public void completed(Integer count, AsynchronousSocketChannel to) {
              try (to) {
                var got = count;
                while (got >= 0) {
                  to.write(buffer.flip()).get(); // a handler may wait
                  got = to.read(buffer.clear()).get();
                }
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            }

            @Override
            public void failed(Throwable failure, AsynchronousSocketChannel to) {
              throw new IllegalStateException(failure);
            }
          });
    }

    @Override
    public void failed(Throwable failure, Object attachment) {
      assertInstanceOf(AsynchronousCloseException.class, failure);
    }
  }
}
