package net.eventlet.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PosixTest {

  private static final int NOWHERE = 1_000_000; // more than a process may open here

  private final Scratch scratch = Scratch.borrow();

  @AfterEach
  void giveBack() {
    scratch.close();
  }

  @Test
  void aFileThatWasJustWrittenIsInMemory() throws Exception {
    var path = Files.createTempFile("in", "memory");
    Files.write(path, new byte[] {1, 2, 3});

    var file = Posix.openFile(path.toString());

    assertTrue(file >= 0);
    assertTrue(Posix.inMemory(scratch, file, 2));
    assertEquals(0, Posix.close(file));
    Files.delete(path);
    assertEquals(-Errno.ENOENT, Posix.openFile(path.toString()));
  }

  @Test
  void anErrorIsTheNegatedNumberOfIt() {
    assertEquals(-Errno.EBADF, Posix.close(NOWHERE));
    assertEquals(-Errno.EBADF, Posix.receive(scratch, NOWHERE, bytes(1), 0));
    assertEquals(-Errno.EBADF, Posix.send(scratch, NOWHERE, bytes(1), 0));
    assertEquals(-Errno.EBADF, Posix.accept(scratch, NOWHERE));
    assertEquals(-Errno.EBADF, Posix.available(scratch, NOWHERE));
  }

  @Test
  void anErrorHasTheSystemsWordsInItsLanguage() {
    var refused = Errno.message(Errno.ECONNREFUSED);

    assertFalse(refused.isBlank());
    assertEquals(refused, Errno.message(Errno.ECONNREFUSED));
    assertNotEquals(refused, Errno.message(Errno.EMFILE));
  }

  @Test
  void aCounterAddsUpAndIsEmptyOnceItWasTaken() {
    var counter = Posix.eventfd();

    assertEquals(-Errno.EAGAIN, Posix.drain(scratch, counter));
    assertEquals(8, Posix.signal(scratch, counter));
    assertEquals(8, Posix.signal(scratch, counter));
    assertEquals(8, Posix.drain(scratch, counter));
    assertEquals(2, scratch.getInt(0));
    assertEquals(-Errno.EAGAIN, Posix.drain(scratch, counter));

    assertEquals(0, Posix.close(counter));
  }

  @Test
  void bytesGoThroughAConnectionFromTheHeapAndFromOffIt() throws Exception {
    try (var pair = new Pair();
        var arena = Arena.ofConfined()) {
      var offHeap = arena.allocateFrom(JAVA_BYTE, new byte[] {1, 2});
      assertEquals(2, Posix.send(scratch, pair.near, offHeap, 0));
      assertEquals(1, Posix.send(scratch, pair.near, bytes(3), 0));
      var into = new byte[10];
      var received = MemorySegment.ofArray(into);

      while (Posix.available(scratch, pair.far) < 3) {
        Thread.onSpinWait(); // loopback takes a moment
      }
      assertEquals(3, Posix.receive(scratch, pair.far, received, Posix.MSG_PEEK));
      assertEquals(2, Posix.receive(scratch, pair.far, received.asSlice(4, 2), 0));
      assertEquals(1, Posix.receive(scratch, pair.far, received.asSlice(6), 0));
      assertEquals(-Errno.EAGAIN, Posix.receive(scratch, pair.far, received, 0));
      assertArrayEquals(new byte[] {1, 2, 3, 0, 1, 2, 3, 0, 0, 0}, into);
    }
  }

  @Test
  void theEndOfAConnectionIsZeroAndSendingIntoItRaisesNoSignal() throws Exception {
    try (var pair = new Pair()) {
      Posix.shutdown(pair.near, 1);

      int received;
      do {
        received = Posix.receive(scratch, pair.far, bytes(0), 0);
      } while (received == -Errno.EAGAIN); // loopback takes a moment
      assertEquals(0, received);
      assertEquals(-Errno.EPIPE, Posix.send(scratch, pair.near, bytes(1), 0));
    }
  }

  @Test
  void aSocketKnowsItsAddressAndItsPeers() throws Exception {
    try (var pair = new Pair()) {
      assertEquals(0, Posix.name(scratch, pair.near, true));
      var peer = SocketAddresses.get(scratch, 4);
      assertEquals(0, Posix.name(scratch, pair.far, false));

      assertEquals(SocketAddresses.get(scratch, 4), peer);
    }
  }

  @Test
  void anOptionThatIsSetComesBack() throws Exception {
    try (var pair = new Pair()) {
      var noDelay = 1;
      scratch.putInt(0, 1);
      assertEquals(0, Posix.setOption(scratch, pair.near, Posix.IPPROTO_TCP, noDelay, 4));

      assertEquals(0, Posix.getOption(scratch, pair.near, Posix.IPPROTO_TCP, noDelay, 4));

      assertEquals(1, scratch.getInt(4));
    }
  }

  @Test
  void aWaitOfLessThanAMillisecondEnds() {
    var epoll = Posix.epollCreate();
    try (var arena = Arena.ofConfined()) {
      var events = arena.allocate(Posix.EPOLL_EVENT_BYTES, 16);

      assertEquals(0, Posix.epollWait(scratch, epoll, events, 1, 1));
      assertEquals(0, Posix.epollWait(scratch, epoll, events, 1, 0));
      assertEquals(0, Posix.poll(scratch, events, 0, 1));
    } finally {
      Posix.close(epoll);
    }
  }

  @Test
  void thereIsNoSuchProcessor() {
    assertEquals(-Errno.EINVAL, Posix.pin(-1));
    assertEquals(-Errno.EINVAL, Posix.pin(Scratch.BYTES * 8 - 1));
    assertEquals(-Errno.EINVAL, Posix.pin(Scratch.BYTES * 8));
  }

  private static MemorySegment bytes(int... values) {
    var bytes = new byte[values.length];
    for (var i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return MemorySegment.ofArray(bytes);
  }

  /// Two ends of a connection.
  private final class Pair implements AutoCloseable {

    private final int near = Posix.socket(Posix.AF_INET, Posix.SOCK_STREAM);
    private final int far;

    Pair() throws UnknownHostException {
      var listener = Posix.socket(Posix.AF_INET, Posix.SOCK_STREAM);
      assertEquals(0, Posix.bind(scratch, listener, putLoopback(0)));
      assertEquals(0, Posix.listen(listener, 1));
      assertEquals(0, Posix.name(scratch, listener, false));
      var port = ((InetSocketAddress) SocketAddresses.get(scratch, 4)).getPort();
      assertEquals(-Errno.EINPROGRESS, Posix.connect(scratch, near, putLoopback(port)));
      int accepted;
      do {
        accepted = Posix.accept(scratch, listener);
      } while (accepted == -Errno.EAGAIN); // loopback takes a moment
      assertTrue(accepted >= 0);
      far = accepted;
      Posix.close(listener);
    }

    @Override
    public void close() {
      Posix.close(near);
      Posix.close(far);
    }

    private int putLoopback(int port) throws UnknownHostException {
      var loopback = InetAddress.ofLiteral("127.0.0.1");
      return SocketAddresses.put(scratch, Posix.AF_INET, loopback, port);
    }
  }
}
