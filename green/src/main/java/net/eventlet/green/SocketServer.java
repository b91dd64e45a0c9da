package net.eventlet.green;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import net.eventlet.Eventlet;
import net.eventlet.GreenDatagramSocket;
import net.eventlet.GreenPool;
import net.eventlet.GreenServerSocket;
import net.eventlet.GreenSocket;
import net.eventlet.GreenThread;
import net.eventlet.GreenThreadExit;
import net.eventlet.ListenOptions;
import net.eventlet.hubs.Durations;
import org.jspecify.annotations.Nullable;

/// A server of handlers: for each connection or datagram a new handler, in a green thread of its
/// own.
///
/// Up to 1000 requests are handled at once; more connections wait in the backlog, more datagrams in
/// the socket's buffer, which drops what does not fit. A handler that fails harms no other.
///
/// Source: `socketserver.TCPServer`, `UDPServer`, `UnixStreamServer` and `ThreadingMixIn`;
/// `eventlet/green/SocketServer.py`. Left out: forking.
public final class SocketServer implements AutoCloseable {

  private static final int AT_ONCE = 1000;
  private static final int DATAGRAM_BYTES = 65_535;

  private final Source source;
  private volatile @Nullable GreenThread<?> serving; // null unless it serves

  private SocketServer(Source source) {
    this.source = source;
  }

  /// Listens for connections.
  ///
  /// @param address an [InetSocketAddress], or a [java.net.UnixDomainSocketAddress]
  /// @param handlers makes one for each connection
  /// @return the server, which does not serve yet
  /// @throws IOException if the address cannot be had
  public static SocketServer tcp(
      SocketAddress address, Supplier<? extends RequestHandler<GreenSocket>> handlers)
      throws IOException {
    Objects.requireNonNull(handlers, "handlers");
    var options = ListenOptions.DEFAULT.withBacklog(AT_ONCE);
    return new SocketServer(new Connections(Eventlet.listen(address, options), handlers));
  }

  /// Waits for datagrams.
  ///
  /// @param address where
  /// @param handlers makes one for each datagram
  /// @return the server, which does not serve yet
  /// @throws IOException if the address cannot be had
  public static SocketServer udp(
      InetSocketAddress address, Supplier<? extends RequestHandler<Datagram>> handlers)
      throws IOException {
    Objects.requireNonNull(handlers, "handlers");
    return new SocketServer(new Datagrams(new GreenDatagramSocket(address), handlers));
  }

  /// {@return where it listens}
  public SocketAddress address() {
    return source.address();
  }

  /// Serves until [#shutdown()] or [#close()]. What is being handled then goes on.
  ///
  /// @throws IOException if accepting fails
  /// @throws IllegalStateException if it serves already
  public void serveForever() throws IOException {
    if (serving != null) {
      throw new IllegalStateException(this + " serves already");
    }
    var loop = Eventlet.spawn(source::serve);
    serving = loop;
    try {
      loop.await();
    } catch (GreenThreadExit exit) {
      if (!loop.isCancelled()) {
        throw exit; // the caller was killed
      }
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new AssertionError("serving declares no such exception", e);
    } finally {
      serving = null;
      loop.kill();
    }
  }

  /// Waits for one request, and handles it in the calling thread.
  ///
  /// @param limit longest wait for it; null for ever
  /// @return whether there was one
  /// @throws IOException if accepting fails
  /// @throws Exception what the handler throws
  public boolean handleRequest(@Nullable Duration limit) throws Exception {
    return source.handleOne(limit == null ? 0 : millis(limit));
  }

  private static int millis(Duration limit) {
    return Math.clamp(Durations.nanos(limit) / 1_000_000, 1, Integer.MAX_VALUE);
  }

  /// Has [#serveForever()] return, in whichever thread it is. The address stays bound, and one may
  /// serve again.
  public void shutdown() {
    var loop = serving;
    if (loop != null) {
      loop.kill();
    }
  }

  /// Stops serving, and gives the address back.
  @Override
  public void close() {
    shutdown();
    source.close();
  }

  @Override
  public String toString() {
    return "SocketServer[" + source.address() + "]";
  }

  private static <R> void handle(RequestHandler<R> handler, R request) throws Exception {
    handler.setup(request);
    try {
      handler.handle(request);
    } finally {
      handler.finish(request);
    }
  }

  /// Where requests come from.
  private sealed interface Source {

    void serve() throws IOException;

    boolean handleOne(int limitMillis) throws Exception;

    SocketAddress address();

    void close();
  }

  private record Connections(
      GreenServerSocket listener, Supplier<? extends RequestHandler<GreenSocket>> handlers)
      implements Source {

    @Override
    public void serve() throws IOException {
      Eventlet.serve(listener, connection -> handle(handlers.get(), connection), AT_ONCE);
    }

    @Override
    public boolean handleOne(int limitMillis) throws Exception {
      listener.setSoTimeout(limitMillis);
      GreenSocket accepted;
      try {
        accepted = listener.accept();
      } catch (SocketTimeoutException nobody) {
        return false;
      } finally {
        listener.setSoTimeout(0);
      }
      try (accepted) {
        handle(handlers.get(), accepted);
      }
      return true;
    }

    @Override
    public SocketAddress address() {
      return Objects.requireNonNull(listener.getLocalSocketAddress());
    }

    @Override
    public void close() {
      listener.close();
    }
  }

  private record Datagrams(
      GreenDatagramSocket socket, Supplier<? extends RequestHandler<Datagram>> handlers)
      implements Source {

    @Override
    public void serve() throws IOException {
      var pool = new GreenPool(AT_ONCE);
      while (true) {
        Datagram request;
        try {
          request = receive();
        } catch (SocketException e) {
          if (socket.isClosed()) {
            return;
          }
          throw e;
        }
        pool.spawnN(() -> handle(handlers.get(), request));
      }
    }

    private Datagram receive() throws IOException {
      var packet = new DatagramPacket(new byte[DATAGRAM_BYTES], DATAGRAM_BYTES);
      socket.receive(packet);
      return new Datagram(
          Arrays.copyOf(packet.getData(), packet.getLength()), packet.getSocketAddress(), socket);
    }

    @Override
    public boolean handleOne(int limitMillis) throws Exception {
      socket.setSoTimeout(limitMillis);
      Datagram request;
      try {
        request = receive();
      } catch (SocketTimeoutException nobody) {
        return false;
      } finally {
        socket.setSoTimeout(0);
      }
      handle(handlers.get(), request);
      return true;
    }

    @Override
    public SocketAddress address() {
      return socket.getLocalSocketAddress();
    }

    @Override
    public void close() {
      socket.close();
    }
  }
}
