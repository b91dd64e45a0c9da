package net.eventlet.green;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import net.eventlet.Eventlet;
import net.eventlet.Semaphore;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// Plain bytes on one side, TLS records on the other: an engine of the JDK's, and the turns that
/// its users take.
///
/// Three turns, each taken by one thread at a time, in the order of this list where one holds
/// several: the first handshake, reading, writing. Whoever comes first shakes hands; the others
/// wait for it. After that a reader and a writer do not wait for each other: what a reader owes the
/// other side (an answer to a key update, say) it sends if nobody writes, and leaves to the writer
/// otherwise.
///
/// Every wait leaves the buffers and the engine as they have to be for the next call. So a read, a
/// write or a handshake that is killed or runs out of time can be tried again; what was encrypted
/// and not sent stays in `out`, and goes first. Only a handshake that takes longer than it may, an
/// error of the protocol, or a broken socket ends the connection.
///
/// A connection that waits for bytes holds no buffer, unless part of a record is in it.
final class TlsStream {

  private static final Duration AT_ONCE = Duration.ofNanos(1);
  private static final int DRAIN_MAX = 64 * 1024;

  private final SSLEngine engine;
  private final Transport transport;
  private final Duration handshakeLimit;
  private final Runnable handshaken;

  private final Semaphore handshaking = new Semaphore(1);
  private final Semaphore reading = new Semaphore(1);
  private final Semaphore writing = new Semaphore(1);
  private final AtomicBoolean closed = new AtomicBoolean();

  private volatile boolean established;
  private volatile boolean owing; // the engine has something to send that nobody has sent yet
  private volatile @Nullable IOException broken; // null while it works
  private volatile @Nullable Duration readLimit; // null for ever
  private volatile @Nullable Duration writeLimit; // null for ever
  private boolean begun;
  private long beginNanos; // of the handshake
  private boolean inputEnded;
  private volatile boolean outputEnded;
  private boolean more; // the last read filled its buffer
  private ByteBuffer in = RecordBuffers.NONE; // records from position to limit
  private ByteBuffer plain = RecordBuffers.NONE; // decrypted, from position to limit
  private ByteBuffer out = RecordBuffers.NONE; // encrypted, from 0 to position

  /// Creates a stream that has not shaken hands.
  ///
  /// @param engine in the mode of its side
  /// @param transport that carries the records
  /// @param handshakeLimit longest handshake
  /// @param handshaken called after each
  TlsStream(SSLEngine engine, Transport transport, Duration handshakeLimit, Runnable handshaken) {
    this.engine = engine;
    this.transport = transport;
    this.handshakeLimit = handshakeLimit;
    this.handshaken = handshaken;
  }

  /// Takes records that somebody read already.
  ///
  /// @param records from position to limit
  void consumed(ByteBuffer records) {
    in = records;
  }

  // ------------------------------------------------------------------------------------ handshake

  /// Shakes hands, if that has not been done.
  ///
  /// @throws SSLException if it fails, after which the connection is closed
  /// @throws SocketTimeoutException if it takes longer than it may, after which the connection is
  ///   closed; or than a read or a write may, after which it can go on
  void handshake() throws IOException {
    if (established) {
      return;
    }
    take(handshaking, readLimit, "Handshake");
    try {
      if (established) {
        return;
      }
      requireOpen();
      shakeHands();
      established = true;
    } finally {
      handshaking.release();
    }
    handshaken.run();
  }

  /// Shakes hands; where that has been done, begins to shake hands anew (TLS 1.2) or renews the
  /// keys (TLS 1.3), which ends as the answers are read.
  void renew() throws IOException {
    if (!established) {
      handshake();
      return;
    }
    take(writing, writeLimit, "Handshake");
    try {
      requireOpen();
      engine.beginHandshake();
    } finally {
      writing.release();
    }
    answer();
  }

  private void shakeHands() throws IOException {
    try {
      if (!begun) {
        beginNanos = Hub.clockHere().nanoTime();
        engine.beginHandshake();
        begun = true;
      }
      drive();
    } catch (SocketTimeoutException slow) {
      if (left() > 0) {
        throw slow;
      }
      throw fail(new SocketTimeoutException("Handshake took longer than " + handshakeLimit), false);
    } catch (SSLException refused) {
      throw fail(refused, true);
    } catch (IOException gone) {
      throw fail(gone, false);
    } finally {
      transport.readLimit(readLimit);
      transport.writeLimit(writeLimit);
    }
  }

  private long left() {
    return handshakeLimit.toNanos() - (Hub.clockHere().nanoTime() - beginNanos);
  }

  private @Nullable Duration within(@Nullable Duration limit) {
    var left = Duration.ofNanos(Math.max(1, left()));
    return limit == null || limit.compareTo(left) > 0 ? left : limit;
  }

  /// Does what the engine asks for until it has shaken hands.
  private void drive() throws IOException {
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> runTasks();
        case NEED_WRAP -> wrapOwed();
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          sendWithin();
          if (unwrap(RecordBuffers.NONE, true) < 0) {
            throw new SSLHandshakeException("Remote host ended the connection in the handshake");
          }
        }
        case NOT_HANDSHAKING, FINISHED -> {
          sendWithin();
          return;
        }
      }
    }
  }

  private void sendWithin() throws IOException {
    if (out.position() > 0) {
      transport.writeLimit(within(writeLimit));
      send();
    }
  }

  private void runTasks() throws IOException {
    var none = true;
    for (var task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
      none = false;
      task.run();
    }
    if (none) { // another thread runs it
      Eventlet.sleep();
    }
  }

  // -------------------------------------------------------------------------------------- reading

  /// Reads some bytes.
  ///
  /// @param room for at least one
  /// @return how many; -1 at the end, which the other side has declared
  /// @throws SSLException if it has not: what came may be cut short
  int read(ByteBuffer room) throws IOException {
    handshake();
    take(reading, readLimit, "Read");
    try {
      if (!plain.hasRemaining()) {
        var count = decrypt(room);
        if (count != 0) {
          return count;
        }
      }
      var count = Math.min(room.remaining(), plain.remaining());
      room.put(plain.slice(plain.position(), count));
      plain.position(plain.position() + count);
      if (!plain.hasRemaining()) {
        plain = giveBack(plain);
      }
      return count;
    } finally {
      reading.release();
    }
  }

  /// Waits until a read would not wait.
  void awaitReadable() throws IOException {
    handshake();
    take(reading, readLimit, "Read");
    try {
      if (!plain.hasRemaining()) {
        decrypt(RecordBuffers.NONE);
      }
    } finally {
      reading.release();
    }
  }

  /// {@return how many bytes a read would find at once, as far as is known without decrypting}
  int available() throws IOException {
    if (closed.get()) {
      throw closed();
    }
    return plain.remaining();
  }

  /// Decrypts the next bytes.
  ///
  /// @return how many went to `room`; 0 if they did not fit and are in `plain`; -1 at the end
  private int decrypt(ByteBuffer room) throws IOException {
    if (inputEnded && !closed.get()) {
      return -1;
    }
    requireOpen();
    try {
      while (true) {
        var count = unwrap(room, false);
        if (count != 0) {
          return count;
        }
        if (plain.hasRemaining()) {
          return 0;
        }
      }
    } catch (SSLException violated) {
      throw fail(violated, true);
    }
  }

  /// Takes one step: reads, or decrypts one record.
  ///
  /// @return how many bytes went to `room`; -1 at the end; 0 otherwise, and what did not fit is in
  ///   `plain`
  private int unwrap(ByteBuffer room, boolean first) throws IOException {
    if (!in.hasRemaining()) {
      fill(first);
    }
    var into = room;
    var result = engine.unwrap(in, into);
    if (result.getStatus() == Status.BUFFER_OVERFLOW) {
      into = RecordBuffers.lend(engine.getSession().getApplicationBufferSize());
      result = engine.unwrap(in, into);
    }
    var count = result.bytesProduced();
    if (into != room) {
      if (count > 0) {
        plain = into.flip();
      } else {
        RecordBuffers.giveBack(into);
      }
    }
    if (!in.hasRemaining()) {
      in = giveBack(in);
    }
    switch (result.getStatus()) {
      case BUFFER_UNDERFLOW -> fill(first);
      case BUFFER_OVERFLOW -> throw new SSLException("a record is larger than records can be");
      case CLOSED -> {
        inputEnded = true;
        answer();
        return -1;
      }
      case OK -> {
        if (!first) {
          answer(result.getHandshakeStatus());
        }
      }
    }
    return into == room ? count : 0;
  }

  private void answer(HandshakeStatus status) throws IOException {
    if (status == HandshakeStatus.FINISHED) {
      handshaken.run();
    }
    var next = status == HandshakeStatus.FINISHED ? engine.getHandshakeStatus() : status;
    if (next == HandshakeStatus.NEED_TASK) {
      runTasks();
      next = engine.getHandshakeStatus();
    }
    if (next == HandshakeStatus.NEED_WRAP) {
      answer();
    }
  }

  /// Sends what the engine owes the other side, unless somebody writes, who then does. In a
  /// handshake that waits for room; else it must not, since the other side may read no more before
  /// it was read from.
  private void answer() throws IOException {
    owing = true;
    while (owing && writing.tryAcquire()) {
      try {
        owing = false;
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
          wrapOwed();
        }
        if (engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
          sendAtOnce();
        } else {
          send();
        }
      } finally {
        writing.release();
      }
    }
  }

  /// Reads records, at least one byte.
  private void fill(boolean first) throws IOException {
    if (first) {
      transport.readLimit(within(readLimit));
    }
    if (in.hasRemaining()) {
      makeRoom();
    } else {
      transport.awaitReadable();
      in = RecordBuffers.lend(more ? RecordBuffers.SEVERAL : RecordBuffers.ONE);
    }
    var count = 0;
    try {
      count = transport.read(in);
      more = !in.hasRemaining();
    } finally {
      in.flip();
      if (!in.hasRemaining()) {
        in = giveBack(in);
      }
    }
    if (count < 0) {
      throw cutOff();
    }
  }

  /// Makes room for the rest of a record, part of which is in `in`.
  private void makeRoom() {
    var size = engine.getSession().getPacketBufferSize();
    if (in.capacity() >= size && in != RecordBuffers.NONE) {
      in.compact();
      return;
    }
    var larger = RecordBuffers.lend(Math.max(size, 2 * in.capacity())).put(in);
    giveBack(in);
    in = larger;
  }

  private SSLException cutOff() {
    var cause = new EOFException("the socket's stream ended");
    var failure =
        established
            ? new SSLException(
                "the stream ended without close_notify: what came may be cut short", cause)
            : new SSLHandshakeException("Remote host terminated the handshake", cause);
    return failure;
  }

  // -------------------------------------------------------------------------------------- writing

  /// Writes all of some bytes.
  ///
  /// @param bytes in this order
  void write(ByteBuffer... bytes) throws IOException {
    handshake();
    take(writing, writeLimit, "Write");
    try {
      requireOpen();
      if (outputEnded) {
        throw new SocketException("Socket output is shutdown");
      }
      send();
      var left = 0L;
      for (var buffer : bytes) {
        left += buffer.remaining();
      }
      while (left > 0) {
        left -= encrypt(left, bytes);
      }
      send();
    } catch (SSLException violated) {
      throw fail(violated, false);
    } finally {
      writing.release();
    }
    if (owing) {
      answer();
    }
  }

  /// Makes one record.
  ///
  /// @return how many of the bytes are in it
  private int encrypt(long left, ByteBuffer[] bytes) throws IOException {
    room(left);
    var result = engine.wrap(bytes, out);
    switch (result.getStatus()) {
      case OK -> {
        if (result.bytesProduced() == 0) {
          runTasks();
        }
      }
      case BUFFER_OVERFLOW, BUFFER_UNDERFLOW ->
          throw new SSLException("a record is larger than records can be");
      case CLOSED -> throw new SocketException("Connection was closed by the other side");
    }
    return result.bytesConsumed();
  }

  /// Encrypts what the engine itself has to say.
  private void wrapOwed() throws IOException {
    room(1);
    engine.wrap(RecordBuffers.NONE, out);
  }

  /// Makes room in `out` for one record, which may mean to wait until what is there has gone.
  private void room(long left) throws IOException {
    var size = engine.getSession().getPacketBufferSize();
    if (out.remaining() >= size) {
      return;
    }
    send();
    out = RecordBuffers.lend(left > size ? Math.max(size, RecordBuffers.SEVERAL) : size);
  }

  /// Sends what is encrypted, and gives the buffer back. What could not be sent stays.
  private void send() throws IOException {
    if (out.position() == 0) {
      out = giveBack(out);
      return;
    }
    out.flip();
    try {
      transport.write(out);
    } finally {
      out.compact();
      if (out.position() == 0) {
        out = giveBack(out);
      }
    }
  }

  /// Sends as much as there is room for, without waiting for more.
  private void sendAtOnce() throws IOException {
    transport.writeLimit(AT_ONCE);
    try {
      send();
    } catch (SocketTimeoutException full) {
      // what is left goes before the next that is written
    } finally {
      transport.writeLimit(writeLimit);
    }
  }

  // ------------------------------------------------------------------------------------ the end

  /// Declares the end of what is written; what the other side writes can still be read.
  ///
  /// @param transportToo whether to end the transport's output as well
  void endOutput(boolean transportToo) throws IOException {
    handshake();
    take(writing, writeLimit, "Write");
    try {
      requireOpen();
      outputEnded = true;
      engine.closeOutbound();
      while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
        wrapOwed();
      }
      send();
      if (transportToo) {
        transport.shutdownOutput();
      }
    } finally {
      writing.release();
    }
  }

  boolean outputEnded() {
    return outputEnded;
  }

  /// Declares the end, if that can be done without waiting, and lets the transport be closed.
  ///
  /// @param transportToo whether to close it
  void close(boolean transportToo) throws IOException {
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      if (established && broken == null) {
        sayGoodbye();
      }
    } catch (SocketException | SSLException gone) {
      // there is nobody to say it to
    } finally {
      if (transportToo) {
        transport.close();
      }
    }
  }

  private void sayGoodbye() throws IOException {
    if (!writing.tryAcquire()) {
      return; // somebody writes, and what is half sent cannot be followed by anything
    }
    try {
      if (!outputEnded) {
        outputEnded = true;
        engine.closeOutbound();
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
          wrapOwed();
        }
      }
      sendAtOnce();
    } finally {
      writing.release();
    }
    drain();
  }

  /// Reads what has come and nobody wants: the kernel would take back what was just sent if it were
  /// still there.
  private void drain() throws IOException {
    if (!reading.tryAcquire()) {
      return;
    }
    var room = RecordBuffers.lend(RecordBuffers.ONE);
    try {
      for (var drained = 0; drained < DRAIN_MAX && transport.available() > 0; ) {
        drained += transport.read(room.clear());
      }
    } finally {
      RecordBuffers.giveBack(room);
      reading.release();
    }
  }

  /// Ends the connection for good.
  ///
  /// @param failure why
  /// @param alert whether to tell the other side, as the engine wants to
  /// @return why, to throw it
  private IOException fail(IOException failure, boolean alert) {
    broken = failure;
    try {
      if (alert && (!established || writing.tryAcquire())) {
        try {
          while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            wrapOwed();
          }
          sendAtOnce();
        } finally {
          if (established) {
            writing.release();
          }
        }
      }
    } catch (IOException unsent) {
      failure.addSuppressed(unsent);
    } finally {
      try {
        transport.close();
      } catch (IOException unclosed) {
        failure.addSuppressed(unclosed);
      }
    }
    return failure;
  }

  // --------------------------------------------------------------------------------------- limits

  /// Bounds how long reading waits.
  ///
  /// @param limit null for ever
  void readLimit(@Nullable Duration limit) throws IOException {
    readLimit = limit;
    transport.readLimit(limit);
  }

  /// {@return how long reading waits; null for ever}
  @Nullable Duration readLimit() {
    return readLimit;
  }

  /// Bounds how long writing waits.
  ///
  /// @param limit null for ever
  void writeLimit(@Nullable Duration limit) {
    writeLimit = limit;
    transport.writeLimit(limit);
  }

  private static void take(Semaphore turn, @Nullable Duration limit, String what)
      throws SocketTimeoutException {
    if (!turn.tryAcquire() && !turn.tryAcquire(limit)) {
      throw new SocketTimeoutException(what + " timed out");
    }
  }

  private void requireOpen() throws IOException {
    if (closed.get()) {
      throw closed();
    }
    var failure = broken;
    if (failure != null) {
      throw new SSLException("the connection is broken: " + failure.getMessage(), failure);
    }
  }

  /// {@return whether it was closed, here or by a failure}
  boolean isClosed() {
    return closed.get() || broken != null;
  }

  private static SocketException closed() {
    return new SocketException("Socket closed");
  }

  private static ByteBuffer giveBack(ByteBuffer buffer) {
    RecordBuffers.giveBack(buffer);
    return RecordBuffers.NONE;
  }
}
