package net.eventlet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.net.DatagramPacket;
import java.net.DatagramSocketImpl;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.eventlet.hubs.Deadline;
import net.eventlet.hubs.Descriptor;
import net.eventlet.jdk.Jdk;
import org.jspecify.annotations.Nullable;

/// What stands behind a [GreenDatagramSocket]: a channel of the JDK's that never blocks, and a hub
/// to wait on.
final class KernelDatagramSocket extends DatagramSocketImpl {

  private static final int LARGEST_BYTES = 65_535;

  private static final Map<Integer, SocketOption<?>> OPTIONS =
      Map.of(
          SocketOptions.SO_SNDBUF, StandardSocketOptions.SO_SNDBUF,
          SocketOptions.SO_RCVBUF, StandardSocketOptions.SO_RCVBUF,
          SocketOptions.SO_REUSEADDR, StandardSocketOptions.SO_REUSEADDR,
          SocketOptions.SO_REUSEPORT, StandardSocketOptions.SO_REUSEPORT,
          SocketOptions.SO_BROADCAST, StandardSocketOptions.SO_BROADCAST,
          SocketOptions.IP_TOS, StandardSocketOptions.IP_TOS,
          SocketOptions.IP_MULTICAST_IF2, StandardSocketOptions.IP_MULTICAST_IF,
          SocketOptions.IP_MULTICAST_LOOP, StandardSocketOptions.IP_MULTICAST_LOOP);

  private final Map<InetSocketAddress, MembershipKey> memberships = new ConcurrentHashMap<>();
  private @Nullable DatagramChannel channel; // null until created
  private @Nullable Descriptor descriptor; // null until created
  private @Nullable Datagram peeked; // null unless it was looked at and not received
  private long receiveNanos = Long.MAX_VALUE;
  private WeakReference<@Nullable DatagramPacket> filled =
      new WeakReference<>(null); // the last one
  private int filledRoom;
  private int filledLength;

  /// A datagram that came.
  private record Datagram(InetSocketAddress from, ByteBuffer bytes) {}

  @Override
  protected void create() throws SocketException {
    try {
      var created = DatagramChannel.open();
      created.configureBlocking(false);
      channel = created;
      descriptor =
          Descriptor.foreign(
              Jdk.descriptorOf(created)
                  .orElseThrow(() ->
                      new SocketException(
                          "a GreenDatagramSocket must see its descriptor; start java with "
                              + Jdk.FLAGS)));
    } catch (IOException e) {
      throw SocketFailure.of(e);
    }
  }

  @Override
  protected void bind(int port, InetAddress address) throws SocketException {
    try {
      channel().bind(new InetSocketAddress(address, port));
      localPort = ((InetSocketAddress) channel().getLocalAddress()).getPort();
    } catch (IOException e) {
      throw SocketFailure.of(e);
    }
  }

  @Override
  protected void connect(InetAddress address, int port) throws SocketException {
    try {
      channel().connect(new InetSocketAddress(address, port));
    } catch (IOException e) {
      throw SocketFailure.of(e);
    }
  }

  @Override
  protected void disconnect() {
    try {
      channel().disconnect();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void send(DatagramPacket packet) throws IOException {
    var bytes = ByteBuffer.wrap(packet.getData(), packet.getOffset(), packet.getLength());
    try {
      while (channel().send(bytes, packet.getSocketAddress()) == 0 && bytes.hasRemaining()) {
        await(true, Long.MAX_VALUE);
      }
    } catch (ClosedChannelException e) {
      throw SocketFailure.closed();
    }
  }

  @Override
  protected void receive(DatagramPacket packet) throws IOException {
    fill(packet, next());
    peeked = null;
  }

  @Override
  protected int peekData(DatagramPacket packet) throws IOException {
    var datagram = next();
    peeked = datagram;
    fill(packet, datagram);
    return datagram.from().getPort();
  }

  @Override
  protected int peek(InetAddress address) throws IOException {
    throw new IOException("use receive: an InetAddress cannot be filled in");
  }

  private void fill(DatagramPacket packet, Datagram datagram) {
    var room = roomOf(packet);
    var length = Math.min(datagram.bytes().remaining(), room);
    datagram.bytes().get(0, packet.getData(), packet.getOffset(), length);
    packet.setLength(length);
    packet.setSocketAddress(datagram.from());
    filled = new WeakReference<>(packet);
    filledRoom = room;
    filledLength = length;
  }

  /// {@return how much a packet takes: its length, or what that was before the last datagram cut
  /// it}
  private int roomOf(DatagramPacket packet) {
    return filled.refersTo(packet) && packet.getLength() == filledLength
        ? filledRoom
        : packet.getLength();
  }

  private Datagram next() throws IOException {
    if (peeked != null) {
      return peeked;
    }
    var buffer = ByteBuffer.allocate(LARGEST_BYTES);
    var deadline = new Deadline(receiveNanos);
    try {
      while (true) {
        var from = channel().receive(buffer);
        if (from != null) {
          return new Datagram((InetSocketAddress) from, buffer.flip());
        }
        await(false, deadline.left());
      }
    } catch (ClosedChannelException e) {
      throw SocketFailure.closed();
    }
  }

  private void await(boolean write, long limitNanos) throws IOException {
    switch (descriptor().await(write, limitNanos)) {
      case READY -> {}
      case TIMED_OUT -> throw new SocketTimeoutException("Receive timed out");
      case INTERRUPTED -> throw Waits.interrupted();
      case CLOSED -> throw SocketFailure.closed();
    }
  }

  @Override
  @Deprecated(forRemoval = true)
  @SuppressWarnings({"removal", "InlineMeSuggester"})
  protected void setTTL(byte ttl) throws IOException {
    setTimeToLive(Byte.toUnsignedInt(ttl));
  }

  @Override
  @Deprecated(forRemoval = true)
  @SuppressWarnings({"removal", "InlineMeSuggester"})
  protected byte getTTL() throws IOException {
    return (byte) getTimeToLive();
  }

  @Override
  protected void setTimeToLive(int hops) throws IOException {
    channel().setOption(StandardSocketOptions.IP_MULTICAST_TTL, hops);
  }

  @Override
  protected int getTimeToLive() throws IOException {
    return channel().getOption(StandardSocketOptions.IP_MULTICAST_TTL);
  }

  @Override
  protected void join(InetAddress group) throws IOException {
    joinGroup(new InetSocketAddress(group, 0), null);
  }

  @Override
  protected void leave(InetAddress group) throws IOException {
    leaveGroup(new InetSocketAddress(group, 0), null);
  }

  @Override
  protected void joinGroup(SocketAddress group, @Nullable NetworkInterface network)
      throws IOException {
    var address = (InetSocketAddress) group;
    memberships.put(address, channel().join(address.getAddress(), networkOr(network)));
  }

  @Override
  protected void leaveGroup(SocketAddress group, @Nullable NetworkInterface network)
      throws IOException {
    var membership = memberships.remove((InetSocketAddress) group);
    if (membership == null) {
      throw new SocketException("Not a member of the group " + group);
    }
    membership.drop();
  }

  private NetworkInterface networkOr(@Nullable NetworkInterface given) throws IOException {
    var network =
        given != null ? given : channel().getOption(StandardSocketOptions.IP_MULTICAST_IF);
    return network != null
        ? network
        : Objects.requireNonNull(
            NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress()));
  }

  @Override
  protected void close() {
    if (descriptor != null) {
      descriptor.close();
    }
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void setOption(int number, @Nullable Object value) throws SocketException {
    try {
      if (number == SocketOptions.SO_TIMEOUT) {
        var millis = (Integer) Objects.requireNonNull(value, "SO_TIMEOUT");
        receiveNanos = millis == 0 ? Long.MAX_VALUE : millis * 1_000_000L;
      } else {
        set(known(number), value);
      }
    } catch (IOException e) {
      throw SocketFailure.of(e);
    }
  }

  @Override
  public @Nullable Object getOption(int number) throws SocketException {
    try {
      return switch (number) {
        case SocketOptions.SO_TIMEOUT ->
            receiveNanos == Long.MAX_VALUE ? 0 : (int) (receiveNanos / 1_000_000);
        case SocketOptions.SO_BINDADDR ->
            channel().getLocalAddress() instanceof InetSocketAddress inet
                ? inet.getAddress()
                : new InetSocketAddress(0).getAddress();
        default -> channel().getOption(known(number));
      };
    } catch (IOException e) {
      throw SocketFailure.of(e);
    }
  }

  @Override
  protected <T> void setOption(SocketOption<T> name, T value) throws IOException {
    channel().setOption(name, value);
  }

  @Override
  protected <T> T getOption(SocketOption<T> name) throws IOException {
    return channel().getOption(name);
  }

  @Override
  protected Set<SocketOption<?>> supportedOptions() {
    return channel == null ? Set.of() : channel.supportedOptions();
  }

  @SuppressWarnings("unchecked") // the caller knows which value the option takes
  private <T> void set(SocketOption<T> name, @Nullable Object value) throws IOException {
    channel().setOption(name, (T) value);
  }

  private static SocketOption<?> known(int number) throws SocketException {
    var option = OPTIONS.get(number);
    if (option == null) {
      throw new SocketException("no datagram socket's option has number " + number);
    }
    return option;
  }

  private DatagramChannel channel() throws SocketException {
    if (channel == null) {
      throw SocketFailure.closed();
    }
    return channel;
  }

  private Descriptor descriptor() throws SocketException {
    if (descriptor == null) {
      throw SocketFailure.closed();
    }
    return descriptor;
  }
}
