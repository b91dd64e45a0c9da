package net.eventlet.green.coverage;

import static java.net.InetAddress.getLoopbackAddress;
import static net.eventlet.green.coverage.Behaviour.POLLS;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.Channels;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import net.eventlet.green.Names;

/// Waits for sockets.
final class SocketProbes {

  private static final byte[] MANY = new byte[8_000_000]; // more than the kernel buffers

  static final List<Probe> ALL =
      List.of(
          names("InetAddress.getByName", () -> InetAddress.getByName("one.invalid")),
          names("new InetSocketAddress(name, port)", () -> new InetSocketAddress("two.invalid", 1)),
          names("URL.hashCode", () -> URI.create("http://three.invalid/").toURL().hashCode()),
          polls(
              "sockets",
              "Socket.getInputStream().read",
              wait -> {
                try (var pair = Sockets.connect()) {
                  wait.begin(() -> pair.far().getOutputStream().write(1));
                  pair.near().getInputStream().read();
                }
              }),
          polls(
              "sockets",
              "Socket.getInputStream().read with a limit",
              wait -> {
                try (var pair = Sockets.connect()) {
                  pair.near().setSoTimeout((int) Probe.TIME.toMillis());
                  wait.begin();
                  assertThrows(SocketTimeoutException.class, pair.near().getInputStream()::read);
                }
              }),
          polls(
              "sockets",
              "Socket.getOutputStream().write",
              wait -> {
                try (var pair = Sockets.connect()) {
                  wait.begin(() -> pair.far().getInputStream().skipNBytes(MANY.length));
                  pair.near().getOutputStream().write(MANY);
                  wait.end();
                }
              }),
          polls(
              "sockets",
              "Socket.connect",
              wait -> {
                try (var full = Sockets.full();
                    var socket = new Socket()) {
                  wait.begin();
                  assertThrows(
                      SocketTimeoutException.class,
                      () -> socket.connect(full.address(), (int) Probe.TIME.toMillis()));
                }
              }),
          polls(
              "sockets",
              "ServerSocket.accept",
              wait -> {
                try (var listener = new ServerSocket(0, 1, getLoopbackAddress());
                    var socket = new Socket()) {
                  wait.begin(() -> socket.connect(listener.getLocalSocketAddress()));
                  listener.accept().close();
                }
              }),
          new Probe(
              "linger",
              "SocketChannel.close with SO_LINGER and bytes to send",
              Behaviour.BLOCKS,
              wait -> {
                try (var listener = ServerSocketChannel.open().bind(anyPort())) {
                  var near = SocketChannel.open(listener.getLocalAddress());
                  near.setOption(StandardSocketOptions.SO_LINGER, 1);
                  near.configureBlocking(false);
                  near.write(ByteBuffer.wrap(MANY));
                  wait.begin();
                  near.close();
                }
              }),
          polls(
              "datagrams",
              "DatagramSocket.receive",
              wait -> {
                try (var socket = new DatagramSocket(0, getLoopbackAddress())) {
                  wait.begin(() -> send(socket.getLocalSocketAddress()));
                  socket.receive(new DatagramPacket(new byte[1], 1));
                }
              }),
          polls(
              "datagrams",
              "MulticastSocket.receive with a limit",
              wait -> {
                try (var socket =
                    new MulticastSocket(new InetSocketAddress(getLoopbackAddress(), 0))) {
                  socket.setSoTimeout((int) Probe.TIME.toMillis());
                  wait.begin();
                  assertThrows(
                      SocketTimeoutException.class,
                      () -> socket.receive(new DatagramPacket(new byte[1], 1)));
                }
              }),
          polls(
              "channels",
              "SocketChannel.read",
              wait -> {
                try (var listener = ServerSocketChannel.open().bind(anyPort());
                    var near = SocketChannel.open(listener.getLocalAddress());
                    var far = listener.accept()) {
                  wait.begin(() -> far.write(oneByte()));
                  near.read(oneByte());
                }
              }),
          polls(
              "channels",
              "SocketChannel.write",
              wait -> {
                try (var listener = ServerSocketChannel.open().bind(anyPort());
                    var near = SocketChannel.open(listener.getLocalAddress());
                    var far = listener.accept()) {
                  wait.begin(() -> Channels.newInputStream(far).skipNBytes(MANY.length));
                  writeAll(near);
                  wait.end();
                }
              }),
          polls(
              "channels",
              "SocketChannel.socket().getInputStream().read",
              wait -> {
                try (var listener = ServerSocketChannel.open().bind(anyPort());
                    var near = SocketChannel.open(listener.getLocalAddress());
                    var far = listener.accept()) {
                  wait.begin(() -> far.write(oneByte()));
                  near.socket().getInputStream().read();
                }
              }),
          polls(
              "channels",
              "SocketChannel.socket().connect",
              wait -> {
                try (var full = Sockets.full();
                    var channel = SocketChannel.open()) {
                  wait.begin();
                  assertThrows(
                      SocketTimeoutException.class,
                      () -> channel.socket().connect(full.address(), (int) Probe.TIME.toMillis()));
                }
              }),
          polls(
              "channels",
              "ServerSocketChannel.accept",
              wait -> {
                try (var listener = ServerSocketChannel.open().bind(anyPort());
                    var socket = SocketChannel.open()) {
                  wait.begin(() -> socket.connect(listener.getLocalAddress()));
                  listener.accept().close();
                }
              }),
          polls(
              "channels",
              "ServerSocketChannel.accept of a Unix socket",
              wait -> {
                var folder = Files.createTempDirectory("green");
                var address = UnixDomainSocketAddress.of(folder.resolve("socket"));
                try (var listener =
                        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
                    var socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                  wait.begin(() -> socket.connect(address));
                  listener.accept().close();
                } finally {
                  Files.delete(address.getPath());
                  Files.delete(folder);
                }
              }),
          polls(
              "channels",
              "DatagramChannel.receive",
              wait -> {
                try (var channel = DatagramChannel.open().bind(anyPort())) {
                  wait.begin(() -> send(channel.getLocalAddress()));
                  channel.receive(oneByte());
                }
              }),
          polls(
              "pipes",
              "Pipe.SourceChannel.read",
              wait -> {
                var pipe = Pipe.open();
                try (var source = pipe.source();
                    var sink = pipe.sink()) {
                  wait.begin(() -> sink.write(oneByte()));
                  source.read(oneByte());
                }
              }),
          polls(
              "pipes",
              "Pipe.SinkChannel.write",
              wait -> {
                var pipe = Pipe.open();
                try (var source = pipe.source();
                    var sink = pipe.sink()) {
                  wait.begin(() -> Channels.newInputStream(source).skipNBytes(MANY.length));
                  writeAll(sink);
                  wait.end();
                }
              }),
          polls(
              "selectors",
              "Selector.select",
              wait -> {
                try (var selector = Selector.open();
                    var listener = ServerSocketChannel.open().bind(anyPort());
                    var socket = SocketChannel.open()) {
                  listener.configureBlocking(false);
                  listener.register(selector, SelectionKey.OP_ACCEPT);
                  wait.begin(() -> socket.connect(listener.getLocalAddress()));
                  selector.select();
                }
              }),
          polls(
              "selectors",
              "Selector.select with a limit",
              wait -> {
                try (var selector = Selector.open()) {
                  wait.begin();
                  selector.select(Probe.TIME.toMillis());
                }
              }),
          polls(
              "selectors",
              "Selector.select until wakeup",
              wait -> {
                try (var selector = Selector.open()) {
                  wait.begin(selector::wakeup);
                  selector.select();
                }
              }),
          polls(
              "tls",
              "SSLSocket.startHandshake",
              wait -> {
                try (var pair = Sockets.connect();
                    var socket = tls(pair.near())) {
                  wait.begin(() -> pair.far().close());
                  assertThrows(IOException.class, socket::startHandshake);
                }
              }),
          polls(
              "tls",
              "SSLSocket.getSession",
              wait -> {
                try (var pair = Sockets.connect();
                    var socket = tls(pair.near())) {
                  wait.begin(() -> pair.far().close());
                  socket.getSession();
                }
              }),
          new Probe(
              "asynchronous sockets",
              "AsynchronousSocketChannel.read(buffer).get",
              Behaviour.POOLED,
              wait -> {
                try (var listener = AsynchronousServerSocketChannel.open().bind(anyPort());
                    var near = AsynchronousSocketChannel.open()) {
                  near.connect(listener.getLocalAddress()).get();
                  try (var far = listener.accept().get()) {
                    wait.begin(() -> far.write(oneByte()).get());
                    near.read(oneByte()).get();
                  }
                }
              }),
          new Probe(
              "asynchronous sockets",
              "AsynchronousServerSocketChannel.accept().get",
              Behaviour.POOLED,
              wait -> {
                try (var listener = AsynchronousServerSocketChannel.open().bind(anyPort());
                    var socket = SocketChannel.open()) {
                  wait.begin(() -> socket.connect(listener.getLocalAddress()));
                  listener.accept().get().close();
                }
              }));

  private SocketProbes() {}

  private static Probe polls(String group, String call, Probe.Body body) {
    return new Probe(group, call, POLLS, body);
  }

  /// The name servers that are asked are not of this machine, so another resolver stands for them.
  private static Probe names(String call, Callable<?> body) {
    return new Probe(
        "names",
        call,
        Behaviour.POOLED,
        wait -> {
          var answered = new CompletableFuture<InetAddress>();
          Names.use(new SlowResolver(answered));
          try {
            wait.begin(() -> answered.complete(getLoopbackAddress()));
            body.call();
          } finally {
            Names.useSystem();
          }
        });
  }

  private record SlowResolver(CompletableFuture<InetAddress> answer)
      implements InetAddressResolver {

    @Override
    public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) {
      return Stream.of(answer.join());
    }

    @Override
    public String lookupByAddress(byte[] address) throws UnknownHostException {
      throw new UnknownHostException();
    }
  }

  private static SocketAddress anyPort() {
    return new InetSocketAddress(getLoopbackAddress(), 0);
  }

  private static ByteBuffer oneByte() {
    return ByteBuffer.allocate(1);
  }

  private static void send(SocketAddress target) throws IOException {
    try (var sender = new DatagramSocket()) {
      sender.send(new DatagramPacket(new byte[1], 1, target));
    }
  }

  private static void writeAll(WritableByteChannel channel) throws IOException {
    for (var bytes = ByteBuffer.wrap(MANY); bytes.hasRemaining(); ) {
      channel.write(bytes);
    }
  }

  private static SSLSocket tls(Socket socket) throws IOException {
    var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    return (SSLSocket) factory.createSocket(socket, "localhost", socket.getPort(), true);
  }
}
