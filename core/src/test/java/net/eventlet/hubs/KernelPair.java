package net.eventlet.hubs;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import net.eventlet.posix.Errno;
import net.eventlet.posix.Posix;
import net.eventlet.posix.Scratch;
import net.eventlet.posix.SocketAddresses;

/// Two ends of a connection, as bare descriptors.
///
/// @param near one end
/// @param far the other
record KernelPair(int near, int far) implements AutoCloseable {

  private static final int SO_LINGER = 13;
  private static final byte[] BLOCK = new byte[1 << 16];

  /// {@return a connected pair}
  static KernelPair open() throws IOException {
    var listener = check(Posix.socket(Posix.AF_INET, Posix.SOCK_STREAM));
    try (var scratch = Scratch.borrow()) {
      var length = putLoopback(scratch, 0);
      check(Posix.bind(scratch, listener, length));
      check(Posix.listen(listener, 1));
      check(Posix.name(scratch, listener, false));
      var port = ((InetSocketAddress) SocketAddresses.get(scratch, 4)).getPort();
      var near = check(Posix.socket(Posix.AF_INET, Posix.SOCK_STREAM));
      var connected = Posix.connect(scratch, near, putLoopback(scratch, port));
      if (connected != 0 && connected != -Errno.EINPROGRESS) {
        throw new IOException(Errno.message(-connected));
      }
      int accepted;
      do {
        accepted = Posix.accept(scratch, listener);
      } while (accepted == -Errno.EAGAIN); // loopback takes a moment
      return new KernelPair(near, check(accepted));
    } finally {
      Posix.close(listener);
    }
  }

  /// Sends one byte from the far end to the near one, and sees it arrive.
  void sendOne() throws IOException {
    try (var scratch = Scratch.borrow()) {
      var before = Posix.available(scratch, near);
      check(Posix.send(scratch, far, MemorySegment.ofArray(new byte[1]), 0));
      while (Posix.available(scratch, near) == before) {
        Thread.onSpinWait(); // loopback takes a moment
      }
    }
  }

  /// Receives all that there is at an end.
  static void drain(int end) throws IOException {
    try (var scratch = Scratch.borrow()) {
      while (Posix.receive(scratch, end, MemorySegment.ofArray(new byte[4096]), 0) > 0) {
        Thread.onSpinWait();
      }
    }
  }

  /// Sends from an end until there is no more room.
  static void fill(int end) {
    try (var scratch = Scratch.borrow()) {
      while (Posix.send(scratch, end, MemorySegment.ofArray(BLOCK), 0) > 0) {
        Thread.onSpinWait();
      }
    }
  }

  /// Closes the far end so that the near one finds the connection broken.
  void reset() {
    try (var scratch = Scratch.borrow()) {
      scratch.putInt(0, 1);
      scratch.putInt(4, 0);
      Posix.setOption(scratch, far, Posix.SOL_SOCKET, SO_LINGER, 8); // on, and no time
    }
    Posix.close(far);
  }

  @Override
  public void close() {
    Posix.close(near);
    Posix.close(far);
  }

  private static int putLoopback(Scratch scratch, int port) throws UnknownHostException {
    var loopback = InetAddress.ofLiteral("127.0.0.1");
    return SocketAddresses.put(scratch, Posix.AF_INET, loopback, port);
  }

  private static int check(int result) throws IOException {
    if (result < 0) {
      throw new IOException(Errno.message(-result));
    }
    return result;
  }
}
