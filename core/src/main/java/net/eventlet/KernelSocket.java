package net.eventlet;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import net.eventlet.hubs.Deadline;
import net.eventlet.hubs.Descriptor;
import net.eventlet.hubs.Fiber;
import net.eventlet.hubs.Hub;
import net.eventlet.hubs.Waiter;
import net.eventlet.posix.Errno;
import net.eventlet.posix.Posix;
import net.eventlet.posix.Scratch;
import net.eventlet.posix.SocketAddresses;
import org.jspecify.annotations.Nullable;

/// What stands behind a [GreenSocket] and a [GreenServerSocket]: a non-blocking socket of the
/// kernel's and a hub to wait on.
///
/// Each operation tries first, and waits when the kernel has nothing or no room. The kernel's
/// socket is made when its family is known, which is when it is bound or connected, or an option is
/// set.
///
/// The class is long because reading, writing, connecting and accepting share this state.
///
/// Source: `eventlet/greenio/base.py`, class `GreenSocket`; `sun.nio.ch.NioSocketImpl` for what the
/// exceptions say.
final class KernelSocket {

  private static final int CHUNK_BYTES = 256 * 1024; // of one system call
  private static final int BURST = 64; // operations in a row that need not wait, then others run
  private static final int LINE_BYTES = 64 * 1024;
  private static final int AHEAD_BYTES = 4096;
  private static final long FOR_EVER = Long.MAX_VALUE;
  private static final byte[] EMPTY = new byte[0];
  private static final int NOTHING = -2;
  private static final int SO_TYPE = 3;
  private static final int SO_ACCEPTCONN = 30;
  private static final int SO_DOMAIN = 39;

  private @Nullable Descriptor descriptor; // null until its family is known
  private int family;
  private boolean bound;
  private boolean connected;
  private boolean inputShut;
  private boolean outputShut;
  private volatile boolean closed;
  private volatile @Nullable Waiter backingOff; // null unless an accept waits for descriptors
  private boolean fresh; // accepted, and never read from
  private boolean drained; // the last read took all there was
  private boolean delaySet; // TCP_NODELAY, by the user
  private int burst;
  private long readNanos = FOR_EVER;
  private long writeNanos = FOR_EVER;
  private byte[] ahead = EMPTY; // read for lines, and not asked for yet
  private int aheadStart;
  private int aheadEnd;
  private @Nullable SocketAddress remote; // null until asked for
  private @Nullable SocketAddress local; // null until asked for

  // -------------------------------------------------------------------------- making and closing

  KernelSocket() {}

  /// An accepted connection.
  private KernelSocket(int fd, int family) {
    descriptor = new Descriptor(fd);
    this.family = family;
    bound = true;
    connected = true;
    fresh = true;
  }

  /// {@return a socket that another program opened, and that is ours from now on}
  ///
  /// @param fd of a socket
  /// @param listening whether it has to accept connections, or to be one
  /// @throws IllegalArgumentException if it is something else
  static KernelSocket adopt(int fd, boolean listening) throws IOException {
    if (optionOf(fd, SO_TYPE) != Posix.SOCK_STREAM
        || optionOf(fd, SO_ACCEPTCONN) != (listening ? 1 : 0)) {
      throw new IllegalArgumentException(
          "descriptor %d is not a %s stream socket"
              .formatted(fd, listening ? "listening" : "connected"));
    }
    try (var scratch = Scratch.borrow()) {
      check(Posix.adopt(scratch, fd));
    }
    var socket = new KernelSocket(fd, optionOf(fd, SO_DOMAIN));
    socket.connected = !listening;
    return socket;
  }

  private static int optionOf(int fd, int option) {
    try (var scratch = Scratch.borrow()) {
      var result = Posix.getOption(scratch, fd, Posix.SOL_SOCKET, option, Integer.BYTES);
      if (result < 0) {
        throw new IllegalArgumentException(
            "descriptor %d is no open socket: %s".formatted(fd, Errno.message(-result)));
      }
      return scratch.getInt(4);
    }
  }

  /// {@return its number among this process's descriptors}
  ///
  /// @throws SocketException if it has none yet, or is closed
  int fileno() throws IOException {
    return own().use(fd -> fd);
  }

  /// Gives it an address of its own.
  ///
  /// @param address resolved
  /// @throws java.net.BindException if another socket has it, or this machine has not
  /// @throws SocketException if it is not resolved
  void bind(SocketAddress address) throws IOException {
    var result =
        open(familyOf(address))
            .use(fd -> {
              try (var scratch = Scratch.borrow()) {
                return Posix.bind(scratch, fd, put(scratch, address));
              }
            });
    if (result < 0) {
      throw SocketFailure.binding(-result, address);
    }
    bound = true;
    local = null;
  }

  /// Gives it an address of its own, to listen there.
  ///
  /// @param address resolved
  /// @param options how it may be shared
  void bind(SocketAddress address, ListenOptions options) throws IOException {
    open(familyOf(address));
    if (family != Posix.AF_UNIX) {
      setOption(KernelOption.SO_REUSEADDR, options.reuseAddress());
      if (options.reusePort()) {
        setOption(KernelOption.SO_REUSEPORT, true);
      }
    }
    bind(address);
  }

  private static int familyOf(SocketAddress address) throws SocketException {
    return switch (address) {
      case UnixDomainSocketAddress _ -> Posix.AF_UNIX;
      case InetSocketAddress inet when inet.isUnresolved() ->
          throw new SocketException("Unresolved address: " + inet);
      case InetSocketAddress inet -> SocketAddresses.familyOf(inet.getAddress());
      default ->
          throw new IllegalArgumentException(
              "a socket has an InetSocketAddress or a UnixDomainSocketAddress: " + address);
    };
  }

  private int put(Scratch scratch, SocketAddress address) throws IOException {
    return address instanceof InetSocketAddress inet
        ? SocketAddresses.put(scratch, family, inet.getAddress(), inet.getPort())
        : SocketAddresses.put(scratch, (UnixDomainSocketAddress) address);
  }

  /// Lets others connect.
  ///
  /// @param backlog connections that may wait to be accepted
  void listen(int backlog) throws IOException {
    local(); // known after it is closed as well
    own()
        .use(fd -> {
          if (family != Posix.AF_UNIX) {
            KernelOption.TCP_NODELAY.set(fd, family, true); // connections inherit it
          }
          return check(Posix.listen(fd, backlog));
        });
  }

  /// {@return the next connection; waits for it if it must}
  ///
  /// Running out of descriptors does not end it: it says so, once, and tries again after a while.
  KernelSocket accept() throws IOException {
    var own = own();
    var backOffMillis = 0;
    var deadline = new Deadline(readNanos);
    rest();
    while (true) {
      var fd = own.accept();
      if (fd >= 0) {
        return new KernelSocket(fd, family);
      }
      switch (-fd) {
        case Errno.EAGAIN -> await(own, false, deadline.left(), "Accept");
        case Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM -> {
          if (backOffMillis == 0) {
            warn(-fd);
          }
          backOffMillis = Math.clamp(backOffMillis * 2L, 10, 1000);
          backOff(Math.min(backOffMillis * 1_000_000L, deadline.left()));
          if (deadline.left() == 0) {
            throw new SocketTimeoutException("Accept timed out");
          }
        }
        case Errno.EINTR, Errno.ECONNABORTED, Errno.EPROTO -> {} // that one is gone
        case Errno.EBADF -> throw SocketFailure.closed();
        default -> throw SocketFailure.of(-fd);
      }
    }
  }

  private void warn(int errno) {
    try {
      System.getLogger("net.eventlet")
          .log(
              System.Logger.Level.WARNING,
              "{0} cannot accept for now: {1}; close connections or raise ulimit -n",
              this,
              Errno.message(errno));
    } catch (RuntimeException | Error e) {
      Hub.uncaught(Thread.currentThread(), e); // a logger may need a descriptor, too
    }
  }

  /// Waits for a time, or until this is closed.
  private void backOff(long nanos) {
    var waiter = new Waiter();
    backingOff = waiter;
    try {
      if (!closed) {
        Waits.await(waiter, nanos);
      }
    } finally {
      backingOff = null;
    }
  }

  private static void pause(long millis) {
    Waits.await(new Waiter(), millis * 1_000_000);
  }

  /// Closes it; whoever waits is woken.
  void close() {
    if (remote != null && !closed) {
      local(); // who connected may want to know afterwards
    }
    closed = true;
    var waiter = backingOff;
    if (waiter != null) {
      waiter.wake();
    }
    if (descriptor != null) {
      descriptor.close();
    }
  }

  // ---------------------------------------------------------------------------------- connecting

  /// Connects; to a name that is not resolved, to each of its addresses in turn.
  ///
  /// @param address of the other side
  /// @param limitNanos longest wait in all; [#FOR_EVER] for ever
  void connect(SocketAddress address, long limitNanos) throws IOException {
    var deadline = new Deadline(limitNanos);
    if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
      connectToAny(inet, deadline);
    } else {
      connectTo(address, deadline);
    }
  }

  private void connectToAny(InetSocketAddress name, Deadline deadline) throws IOException {
    var given = descriptor != null; // bound, or with options: there is only this one
    IOException failure = null;
    for (var candidate : Names.addresses(name.getHostString(), deadline.left())) {
      try {
        connectTo(new InetSocketAddress(candidate, name.getPort()), deadline);
        return;
      } catch (SocketTimeoutException e) {
        throw e;
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
        if (given || closed) {
          break;
        }
        discard();
      }
    }
    throw failure == null ? new UnknownHostException(name.getHostString()) : failure;
  }

  private void discard() {
    if (descriptor != null) {
      descriptor.close();
      descriptor = null;
    }
  }

  private void connectTo(SocketAddress address, Deadline deadline) throws IOException {
    var target =
        address instanceof InetSocketAddress inet && inet.getAddress().isAnyLocalAddress()
            ? new InetSocketAddress(InetAddress.getLoopbackAddress(), inet.getPort())
            : address;
    var own = open(familyOf(target));
    if (family != Posix.AF_UNIX && !delaySet) {
      setOption(KernelOption.TCP_NODELAY, true);
    }
    while (true) {
      var begun =
          own.use(fd -> {
            try (var scratch = Scratch.borrow()) {
              return Posix.connect(scratch, fd, put(scratch, target));
            }
          });
      if (begun != -Errno.EAGAIN) {
        finish(own, begun, target, deadline);
        return;
      }
      if (deadline.left() <= 0) { // a path's backlog is full, and nothing tells when that ends
        throw new SocketTimeoutException("Connect timed out");
      }
      pause(1);
    }
  }

  private void finish(Descriptor own, int begun, SocketAddress target, Deadline deadline)
      throws IOException {
    var result = begun;
    while (result == -Errno.EINPROGRESS || result == -Errno.EINTR) {
      await(own, true, deadline.left(), "Connect");
      result = own.use(KernelSocket::stateOfConnect);
    }
    if (result < 0) {
      throw SocketFailure.connecting(-result, target);
    }
    bound = true;
    connected = true;
    remote = target;
    local = null;
  }

  /// {@return 0 once connected, or `-errno`}
  private static int stateOfConnect(int fd) {
    try (var scratch = Scratch.borrow()) {
      Posix.getOption(scratch, fd, Posix.SOL_SOCKET, 4 /* SO_ERROR */, 4);
      var error = scratch.getInt(4);
      if (error != 0) {
        return -error;
      }
      return Posix.name(scratch, fd, true) == -Errno.ENOTCONN ? -Errno.EINPROGRESS : 0;
    }
  }

  // ------------------------------------------------------------------------- reading and writing

  /// Reads some bytes, at least one; waits for them if it must.
  ///
  /// @param bytes where they go
  /// @param offset where they begin
  /// @param length how many at the most
  /// @return how many; -1 at the end
  int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    if (aheadStart < aheadEnd) {
      var count = Math.min(length, aheadEnd - aheadStart);
      System.arraycopy(ahead, aheadStart, bytes, offset, count);
      consume(count);
      return count;
    }
    return receive(MemorySegment.ofArray(bytes).asSlice(offset, Math.min(length, CHUNK_BYTES)));
  }

  /// Reads some bytes into a buffer, from its position on.
  ///
  /// @param buffer with room
  /// @return how many; -1 at the end
  int read(ByteBuffer buffer) throws IOException {
    if (buffer.isReadOnly()) {
      throw new ReadOnlyBufferException();
    }
    if (!buffer.hasRemaining()) {
      return 0;
    }
    int count;
    if (aheadStart < aheadEnd) {
      count = Math.min(buffer.remaining(), aheadEnd - aheadStart);
      buffer.put(ahead, aheadStart, count);
      consume(count);
      return count;
    }
    var room = MemorySegment.ofBuffer(buffer);
    count = receive(room.asSlice(0, Math.min(room.byteSize(), CHUNK_BYTES)));
    if (count > 0) {
      buffer.position(buffer.position() + count);
    }
    return count;
  }

  private int receive(MemorySegment bytes) throws IOException {
    rest();
    while (true) {
      var count = receiveNow(bytes);
      if (count != NOTHING) {
        return count;
      }
      awaitBytes();
    }
  }

  /// Waits until a read would not wait.
  void awaitReadable() throws IOException {
    var own = ready();
    if (aheadEnd > aheadStart || inputShut || own.hungUp()) {
      return;
    }
    if (fresh || drained || own.receive(MemorySegment.ofArray(new byte[1]), Posix.MSG_PEEK) < 0) {
      fresh = false;
      awaitBytes();
    }
  }

  /// Has something done, once, when a read would not wait, or this is closed.
  ///
  /// @return whether it will be done; if not, a read would not wait now
  boolean whenReadable(Runnable action) throws IOException {
    var own = ready();
    if (aheadEnd > aheadStart || inputShut) {
      return false;
    }
    var known = (fresh || drained) && !own.hungUp();
    fresh = false;
    drained = false; // by then
    while (known
        || own.receive(MemorySegment.ofArray(new byte[1]), Posix.MSG_PEEK) == -Errno.EAGAIN) {
      if (own.whenReadable(action)) {
        burst = 0;
        return true;
      }
      known = false; // what was reported may have been read since
    }
    return false;
  }

  /// {@return how many bytes came, -1 at the end, or [#NOTHING] if there are none now}
  private int receiveNow(MemorySegment bytes) throws IOException {
    var own = ready();
    fresh = false;
    if (inputShut) {
      return -1;
    }
    if (drained && !own.maybeReadable()) {
      return NOTHING; // to ask the kernel would be in vain
    }
    while (true) {
      var count = own.receive(bytes, 0);
      if (count > 0) {
        drained = count < bytes.byteSize();
        return count;
      }
      switch (-count) {
        case 0 -> {
          return -1;
        }
        case Errno.EAGAIN -> {
          return NOTHING;
        }
        case Errno.EINTR -> {}
        case Errno.EBADF -> throw SocketFailure.closed();
        default -> throw SocketFailure.of(-count);
      }
    }
  }

  private void awaitBytes() throws IOException {
    await(ready(), false, readNanos, "Read");
    drained = false;
  }

  /// Writes all of some bytes; waits for room if it must.
  ///
  /// @param bytes where they are
  /// @param offset where they begin
  /// @param length how many
  void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    send(MemorySegment.ofArray(bytes).asSlice(offset, length), null);
  }

  /// Writes all that buffers hold, in order, with as few system calls as can be.
  ///
  /// @param buffers whose positions move to their limits; the position of one that is written alone
  ///   moves with what went, also if writing fails
  /// @return how many bytes
  long write(ByteBuffer... buffers) throws IOException {
    var total = Arrays.stream(buffers).mapToLong(ByteBuffer::remaining).sum();
    if (buffers.length == 1) {
      send(MemorySegment.ofBuffer(buffers[0]), buffers[0]);
    } else if (total <= CHUNK_BYTES) {
      var gathered = new byte[(int) total];
      var offset = 0;
      for (var buffer : buffers) {
        var count = buffer.remaining();
        buffer.get(buffer.position(), gathered, offset, count);
        offset += count;
      }
      send(MemorySegment.ofArray(gathered), null);
    } else {
      for (var buffer : buffers) {
        send(MemorySegment.ofBuffer(buffer), buffer);
      }
    }
    for (var buffer : buffers) {
      buffer.position(buffer.limit());
    }
    return total;
  }

  /// Sends all of some bytes.
  ///
  /// @param source whose position moves with what went; null if there is none
  private void send(MemorySegment bytes, @Nullable ByteBuffer source) throws IOException {
    var own = ready();
    rest();
    var sent = 0L;
    while (sent < bytes.byteSize()) {
      var size = Math.min(bytes.byteSize() - sent, CHUNK_BYTES);
      var count = own.send(bytes.asSlice(sent, size), 0);
      if (count >= 0) {
        sent += count;
        if (source != null) {
          source.position(source.position() + count);
        }
        continue;
      }
      switch (-count) {
        case Errno.EAGAIN -> await(own, true, writeNanos, "Write");
        case Errno.EINTR -> {}
        case Errno.EBADF -> throw SocketFailure.closed();
        default -> throw SocketFailure.of(-count);
      }
    }
  }

  /// Sends bytes of a file, with as few system calls as can be.
  ///
  /// @param file its descriptor
  /// @param position of the first byte
  /// @param count how many
  /// @return how many went: fewer at the file's end
  long sendFile(int file, long position, long count) throws IOException {
    var own = ready();
    var sent = 0L;
    while (sent < count) {
      rest();
      var size = (int) Math.min(count - sent, CHUNK_BYTES);
      var result = own.sendFile(file, position + sent, size);
      if (result > 0) {
        sent += result;
        continue;
      }
      switch (-result) {
        case 0 -> {
          return sent;
        }
        case Errno.EAGAIN -> await(own, true, writeNanos, "Write");
        case Errno.EINTR -> {}
        case Errno.EBADF -> throw own.closed() ? SocketFailure.closed() : SocketFailure.of(-result);
        default -> throw SocketFailure.of(-result);
      }
    }
    return sent;
  }

  /// Reads a line.
  ///
  /// @return the line as UTF-8 without its end, `\n` or `\r\n`; null at the end of the stream
  /// @throws IOException if it is longer than 65,536 bytes
  @Nullable String readLine() throws IOException {
    var searched = aheadStart;
    while (true) {
      for (var i = searched; i < aheadEnd; i++) {
        if (ahead[i] == '\n') {
          var end = i > aheadStart && ahead[i - 1] == '\r' ? i - 1 : i;
          requireShort(end - aheadStart);
          var line = text(end);
          consume(i + 1 - aheadStart);
          return line;
        }
      }
      var known = aheadEnd - aheadStart;
      requireShort(known - 1); // the end may be there, and take two
      rest();
      makeRoom();
      var room = MemorySegment.ofArray(ahead).asSlice(aheadEnd, ahead.length - aheadEnd);
      var count = receiveNow(room);
      if (count == NOTHING) {
        consume(0); // who waits holds no buffer, unless there is something in it
        awaitBytes();
        count = 0;
      }
      searched = aheadStart + known;
      if (count < 0) {
        if (known == 0) {
          consume(0);
          return null;
        }
        var line = text(aheadEnd);
        consume(known);
        return line;
      }
      aheadEnd += count;
    }
  }

  private static void requireShort(int length) throws IOException {
    if (length > LINE_BYTES) {
      throw new IOException("a line is longer than " + LINE_BYTES + " bytes");
    }
  }

  private String text(int end) {
    return new String(ahead, aheadStart, end - aheadStart, StandardCharsets.UTF_8);
  }

  private void makeRoom() {
    if (aheadStart > 0) {
      System.arraycopy(ahead, aheadStart, ahead, 0, aheadEnd - aheadStart);
      aheadEnd -= aheadStart;
      aheadStart = 0;
    }
    if (aheadEnd == ahead.length) {
      ahead = Arrays.copyOf(ahead, Math.max(AHEAD_BYTES, ahead.length * 2));
    }
  }

  private void consume(int count) {
    aheadStart += count;
    if (aheadStart == aheadEnd) {
      ahead = EMPTY;
      aheadStart = 0;
      aheadEnd = 0;
    }
  }

  /// Lets the others run now and then, before anything is taken that an unwind could lose.
  private void rest() {
    if (++burst < BURST) {
      return;
    }
    burst = 0;
    var fiber = Fiber.currentOrNull();
    if (fiber != null) {
      Waits.pass(fiber);
    }
  }

  private void await(Descriptor own, boolean write, long limitNanos, String what)
      throws IOException {
    burst = 0;
    switch (own.await(write, limitNanos)) {
      case READY -> {}
      case TIMED_OUT -> throw new SocketTimeoutException(what + " timed out");
      case INTERRUPTED -> throw Waits.interrupted();
      case CLOSED -> throw SocketFailure.closed();
    }
  }

  /// {@return how many bytes a read would find at once}
  int available() throws IOException {
    var buffered = aheadEnd - aheadStart;
    if (inputShut) {
      return buffered;
    }
    return buffered
        + ready()
            .use(fd -> {
              try (var scratch = Scratch.borrow()) {
                return check(Posix.available(scratch, fd));
              }
            });
  }

  /// Reads no more: whoever does meets the end.
  void shutdownInput() throws IOException {
    inputShut = true;
    ready().use(fd -> check(Posix.shutdown(fd, 0)));
  }

  /// Writes no more: the other side meets the end.
  void shutdownOutput() throws IOException {
    outputShut = true;
    ready().use(fd -> check(Posix.shutdown(fd, 1)));
  }

  /// Sends one byte out of band.
  ///
  /// @param data its lowest eight bits
  void sendUrgentData(int data) throws IOException {
    var count = ready().send(MemorySegment.ofArray(new byte[] {(byte) data}), Posix.MSG_OOB);
    if (count < 0) {
      throw SocketFailure.of(-count);
    }
  }

  // ---------------------------------------------------------------------------- what is known of
  // it

  boolean isBound() {
    return bound;
  }

  boolean isConnected() {
    return connected;
  }

  boolean isInputShut() {
    return inputShut;
  }

  boolean isOutputShut() {
    return outputShut;
  }

  boolean isClosed() {
    return closed;
  }

  /// How long a read or an accept may wait.
  ///
  /// @param nanos zero or less for ever, as `SO_TIMEOUT` has it
  void readNanos(long nanos) {
    readNanos = nanos <= 0 ? FOR_EVER : nanos;
  }

  /// {@return how long a read or an accept may wait, as `SO_TIMEOUT` has it: 0 for ever}
  int readMillis() {
    return readNanos == FOR_EVER ? 0 : Math.clamp(readNanos / 1_000_000, 1, Integer.MAX_VALUE);
  }

  /// How long a write may wait for room.
  ///
  /// @param nanos zero or less for ever
  void writeNanos(long nanos) {
    writeNanos = nanos <= 0 ? FOR_EVER : nanos;
  }

  /// {@return the other side's address; null if it is not connected, or closed before it was asked}
  @Nullable SocketAddress remote() {
    if (remote == null && connected) {
      remote = name(true);
    }
    return remote;
  }

  /// {@return its own address; null if it is not bound, or closed before it was asked}
  @Nullable SocketAddress local() {
    if (local == null && bound) {
      local = name(false);
    }
    return local;
  }

  private @Nullable SocketAddress name(boolean peer) {
    try {
      return own()
          .use(fd -> {
            try (var scratch = Scratch.borrow()) {
              check(Posix.name(scratch, fd, peer));
              return SocketAddresses.get(scratch, 4);
            }
          });
    } catch (IOException e) {
      return null; // the connection is gone, and its addresses with it
    }
  }

  // ------------------------------------------------------------------------------------- options

  /// Sets an option.
  ///
  /// @param option any
  /// @param value as the option wants it
  void setOption(KernelOption option, Object value) throws IOException {
    delaySet |= option == KernelOption.TCP_NODELAY;
    anyOpen()
        .use(fd -> {
          option.set(fd, family, value);
          return true;
        });
  }

  /// {@return an option's value}
  ///
  /// @param option any
  Object getOption(KernelOption option) throws IOException {
    return anyOpen().use(fd -> option.get(fd, family));
  }

  /// {@return the socket, made now if there is none, for either version of IP}
  private Descriptor anyOpen() throws IOException {
    var own = descriptor;
    return own != null ? own : open(SocketAddresses.IPV6 ? Posix.AF_INET6 : Posix.AF_INET);
  }

  /// {@return the socket, made now if there is none yet}
  private Descriptor open(int wanted) throws IOException {
    if (closed) {
      throw SocketFailure.closed();
    }
    var own = descriptor;
    if (own != null) {
      if (family == Posix.AF_UNIX != (wanted == Posix.AF_UNIX)) {
        throw new SocketException("the socket was made for another family of addresses");
      }
      return own;
    }
    var fd = Posix.socket(wanted, Posix.SOCK_STREAM);
    if (fd < 0) {
      throw SocketFailure.of(-fd);
    }
    family = wanted;
    if (wanted == Posix.AF_INET6) {
      acceptBothVersions(fd);
    }
    own = new Descriptor(fd);
    descriptor = own;
    return own;
  }

  private static void acceptBothVersions(int fd) {
    try (var scratch = Scratch.borrow()) {
      scratch.putInt(0, 0);
      Posix.setOption(scratch, fd, Posix.IPPROTO_IPV6, 26 /* IPV6_V6ONLY */, 4);
    }
  }

  private Descriptor own() throws SocketException {
    var own = descriptor;
    if (closed || own == null) {
      throw closed ? SocketFailure.closed() : new SocketException("Socket is not bound yet");
    }
    return own;
  }

  private Descriptor ready() throws SocketException {
    if (closed) {
      throw SocketFailure.closed();
    }
    var own = descriptor;
    if (!connected || own == null) {
      throw new SocketException("Socket is not connected");
    }
    return own;
  }

  private static int check(int result) throws SocketException {
    if (result < 0) {
      throw SocketFailure.of(-result);
    }
    return result;
  }

  @Override
  public String toString() {
    return "[" + (connected ? "remote=" + remote() + ", " : "") + "local=" + local() + "]";
  }
}
