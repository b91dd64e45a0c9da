package net.eventlet.wsgi.websocket;

import static java.lang.Character.MAX_SURROGATE;
import static java.lang.Character.MIN_SURROGATE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import net.eventlet.Event;
import net.eventlet.Semaphore;
import org.jspecify.annotations.Nullable;

/// Messages both ways over one connection.
///
/// ```java
/// for (var text = socket.receiveText(); text != null; text = socket.receiveText()) {
///   socket.send("you said " + text);
/// }
/// ```
///
/// One thread receives at a time; any number may send, from any hub. It ends when either end closes
/// it, breaks the rules, or goes away; then [#receive()] returns null, [#closeStatus()] says why,
/// and sending throws.
///
/// | a wrong call | gets |
/// |---|---|
/// | a second thread receives | [IllegalStateException] |
/// | a close code that may not be sent, or a reason of more than 123 bytes | [IllegalArgumentException] |
/// | a text with half a surrogate pair | [IllegalArgumentException] |
///
/// Source: RFC 6455; `eventlet/websocket.py`, class `RFC6455WebSocket`, whose `wait` is
/// [#receive()].
public final class WebSocket implements AutoCloseable {

  private static final Duration LINGER = Duration.ofSeconds(1);
  private static final Duration PARTING = Duration.ofMillis(100);

  private final Wire wire;
  private final Kit kit;
  private final FrameReader reader;
  private final FrameWriter writer;
  private final boolean server;
  private final String target;
  private final Optional<String> protocol;
  private final Semaphore messages = new Semaphore(1); // held by whoever sends one
  private final AtomicReference<@Nullable Thread> receiver = new AtomicReference<>();
  private volatile @Nullable CloseStatus status; // null while it is open
  private @Nullable Event<@Nullable Void> ended; // null unless somebody waits for that

  private WebSocket(
      Wire wire,
      Kit kit,
      @Nullable SecureRandom masks,
      @Nullable Deflate deflate,
      String target,
      Optional<String> protocol) {
    this.wire = wire;
    this.kit = kit;
    this.target = target;
    this.protocol = protocol;
    server = masks == null;
    writer = new FrameWriter(wire, kit, masks, deflate);
    reader = new FrameReader(wire, kit, writer, deflate, server);
    wire.writeLimit(kit.limits().stall());
  }

  static WebSocket ofServer(
      Wire wire, Kit kit, @Nullable Extension extension, String target, Optional<String> protocol) {
    var deflate =
        extension == null
            ? null
            : new Deflate(
                kit,
                extension.serverKeepsContext(),
                extension.clientKeepsContext(),
                extension.serverBits());
    return new WebSocket(wire, kit, null, deflate, target, protocol);
  }

  static WebSocket ofClient(
      Wire wire,
      Kit kit,
      SecureRandom masks,
      @Nullable Extension extension,
      String target,
      Optional<String> protocol) {
    var deflate =
        extension == null
            ? null
            : new Deflate(
                kit,
                extension.clientKeepsContext(),
                extension.serverKeepsContext(),
                Extension.BITS_MAX);
    return new WebSocket(wire, kit, masks, deflate, target, protocol);
  }

  /// Opens a WebSocket, with the usual options.
  ///
  /// @param uri `ws://HOST/PATH` or `wss://HOST/PATH`
  /// @return it, open
  /// @throws java.net.SocketTimeoutException if that takes too long
  /// @throws IOException if nobody answers there, or not as a WebSocket's server does
  /// @throws IllegalArgumentException if the address is of another kind
  public static WebSocket connect(URI uri) throws IOException {
    return connect(uri, ConnectOptions.DEFAULT);
  }

  /// Opens a WebSocket.
  ///
  /// @param uri `ws://HOST/PATH` or `wss://HOST/PATH`
  /// @param options how
  /// @return it, open
  /// @throws java.net.SocketTimeoutException if that takes too long
  /// @throws IOException if nobody answers there, or not as a WebSocket's server does
  /// @throws IllegalArgumentException if the address is of another kind
  public static WebSocket connect(URI uri, ConnectOptions options) throws IOException {
    return new Opening(uri, options).open();
  }

  /// {@return the target of the request that opened it: the path, and the query if there is one}
  public String target() {
    return target;
  }

  /// {@return the protocol that was agreed; empty if none was}
  public Optional<String> protocol() {
    return protocol;
  }

  /// {@return whether messages can still be sent}
  public boolean isOpen() {
    return status == null && writer.said() == null && !wire.isClosed();
  }

  /// {@return why it ended; empty while it has not. What the other end said, if it said something;
  /// what this end said to it if it broke the rules; otherwise [CloseStatus#ABNORMAL]}
  public Optional<CloseStatus> closeStatus() {
    return Optional.ofNullable(status);
  }

  // ------------------------------------------------------------------------------------- receiving

  /// Waits for the next message. Answers pings meanwhile.
  ///
  /// @return it; null once the WebSocket has ended
  /// @throws IllegalStateException if another thread is receiving
  public @Nullable Message receive() {
    if (status != null) {
      return null;
    }
    enter();
    try {
      while (status == null) {
        var message = reader.next();
        if (message == null) {
          partWith(reader.heard());
        } else if (writer.said() == null) {
          return message;
        }
      }
    } catch (Violation violation) {
      fail(violation);
    } catch (IOException broken) {
      end(abnormal(broken));
    } finally {
      leave();
    }
    return null;
  }

  /// Waits for the next message, which must be a text: bytes close the WebSocket with
  /// [CloseStatus#UNSUPPORTED].
  ///
  /// @return it; null once the WebSocket has ended
  /// @throws IllegalStateException if another thread is receiving
  public @Nullable String receiveText() {
    return switch (receive()) {
      case Message.Text(var text) -> text;
      case Message.Binary _ -> {
        close(CloseStatus.UNSUPPORTED, "only texts are understood here");
        yield null;
      }
      case null -> null;
    };
  }

  private void enter() {
    var other = receiver.compareAndExchange(null, Thread.currentThread());
    if (other != null) {
      throw new IllegalStateException(
          other
              + " is receiving from this WebSocket; let one thread receive, and hand messages on");
    }
  }

  private void leave() {
    if (status != null) {
      reader.end();
    }
    receiver.set(null);
  }

  // --------------------------------------------------------------------------------------- sending

  /// Sends a text; waits for room if it must.
  ///
  /// @param text of any length
  /// @throws IOException if the WebSocket has ended, or the connection is broken
  /// @throws IllegalArgumentException if there is half a surrogate pair in it
  public void send(String text) throws IOException {
    var bytes = text.getBytes(UTF_8);
    if (!isWellFormed(text, bytes)) {
      throw new IllegalArgumentException("a text with half a surrogate pair cannot be sent");
    }
    send(FrameWriter.TEXT, bytes);
  }

  /// {@return whether nothing was replaced}
  private static boolean isWellFormed(String text, byte[] bytes) {
    return bytes.length == text.length()
        ? text.equals(new String(bytes, ISO_8859_1)) // the usual case, and cheap
        : text.codePoints().noneMatch(c -> c >= MIN_SURROGATE && c <= MAX_SURROGATE);
  }

  /// Sends bytes; waits for room if it must.
  ///
  /// @param bytes not copied: not to be changed meanwhile
  /// @throws IOException if the WebSocket has ended, or the connection is broken
  public void send(byte[] bytes) throws IOException {
    send(FrameWriter.BINARY, bytes);
  }

  /// Sends a message; waits for room if it must.
  ///
  /// @param message of either kind
  /// @throws IOException if the WebSocket has ended, or the connection is broken
  public void send(Message message) throws IOException {
    switch (message) {
      case Message.Text(var text) -> send(text);
      case Message.Binary(var bytes) -> send(bytes);
    }
  }

  private void send(int opcode, byte[] bytes) throws IOException {
    messages.acquire();
    try {
      writer.message(opcode, bytes, bytes.length);
    } finally {
      messages.release();
    }
  }

  /// Sends what a stream holds as one message of bytes, in as many fragments as it comes in.
  /// Others' messages wait until it has ended.
  ///
  /// @param bytes read to its end, and not closed. If reading it fails, the WebSocket is closed
  ///   with [CloseStatus#FAILED], since a message cannot be taken back
  /// @throws IOException if the WebSocket has ended, the connection is broken, or reading fails
  public void send(InputStream bytes) throws IOException {
    var room = new byte[Kit.BUFFER_BYTES];
    var done = false;
    messages.acquire();
    try {
      var opcode = FrameWriter.BINARY;
      for (var last = false; !last; ) {
        var count = bytes.read(room, 0, room.length);
        last = count < 0;
        writer.part(opcode, last, room, Math.max(0, count));
        opcode = FrameWriter.CONTINUATION;
      }
      done = true;
    } finally {
      messages.release();
      if (!done && status == null) {
        close(CloseStatus.FAILED, "a message could not be read to its end");
      }
    }
  }

  /// Sends a ping, which says no more than that this end is there.
  ///
  /// @throws IOException if the WebSocket has ended, or the connection is broken
  public void ping() throws IOException {
    writer.control(FrameWriter.PING, new byte[0]);
  }

  // --------------------------------------------------------------------------------------- closing

  /// Closes it with [CloseStatus#NORMAL].
  @Override
  public void close() {
    close(CloseStatus.NORMAL, "");
  }

  /// Closes it: says so, and waits for the other end to say so too, for as long as the limits
  /// allow. Messages that come meanwhile are dropped. Does nothing if it has ended.
  ///
  /// @param code from 1000 to 1003, 1007 to 1014, or 3000 to 4999
  /// @param reason for people to read, of at most 123 bytes in UTF-8; may be empty
  /// @throws IllegalArgumentException if one of them cannot be sent
  public void close(int code, String reason) {
    var parting = new CloseStatus(code, Objects.requireNonNull(reason, "reason"));
    if (!CloseStatus.isSendable(code) || parting.payload().length == 0) {
      throw new IllegalArgumentException(code + " is no code that a close frame may carry");
    }
    if (status != null) {
      return;
    }
    var limit = kit.limits().close();
    var until = System.nanoTime() + limit.toNanos();
    try {
      wire.writeLimit(limit);
      writer.close(parting, limit);
      if (receiver.compareAndSet(null, Thread.currentThread())) {
        awaitParting(until);
      } else {
        awaitEnd(Duration.ofNanos(until - System.nanoTime()));
      }
    } catch (Violation violation) {
      end(violation.status());
    } catch (IOException broken) {
      end(abnormal(broken));
    } finally {
      end(new CloseStatus(CloseStatus.ABNORMAL, "the other end did not close")); // or it is over
    }
  }

  private void awaitParting(long until) throws IOException {
    try {
      reader.giveUpAt(until);
      while (status == null && reader.next() != null) {
        // it comes too late
      }
      if (status == null) {
        partWith(reader.heard());
      }
    } finally {
      leave();
    }
  }

  /// Waits until whoever receives has seen the end.
  private void awaitEnd(Duration limit) {
    Event<@Nullable Void> waiting;
    synchronized (receiver) {
      if (status != null) {
        return;
      }
      waiting = ended == null ? new Event<>() : ended;
      ended = waiting;
    }
    try {
      waiting.await(limit);
    } catch (TimeoutException late) {
      // then it ends now
    } catch (InterruptedException interrupted) { // a plain thread's
      Thread.currentThread().interrupt();
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// The other end has said goodbye.
  private void partWith(@Nullable CloseStatus theirs) throws IOException {
    if (theirs == null) {
      return;
    }
    var limit = kit.limits().close();
    writer.close(new CloseStatus(theirs.code(), ""), limit);
    if (!server) {
      wire.linger(false, limit); // it is the server that closes the connection
    }
    end(theirs);
  }

  /// The other end broke the rules.
  private void fail(Violation violation) {
    try {
      writer.close(violation.status(), kit.limits().close());
      wire.linger(true, LINGER);
    } catch (IOException broken) {
      // it need not know
    } finally {
      end(violation.status());
    }
  }

  /// Ends it at once, on the way out of an unwound handler: says so if nobody is sending.
  void abandon(int code) {
    var parting = new CloseStatus(code, "");
    try {
      wire.writeLimit(PARTING);
      writer.close(parting, Duration.ZERO);
    } catch (IOException broken) {
      // it need not know
    } finally {
      end(parting);
    }
  }

  private static CloseStatus abnormal(IOException broken) {
    return new CloseStatus(CloseStatus.ABNORMAL, String.valueOf(broken.getMessage()));
  }

  private void end(CloseStatus how) {
    Event<@Nullable Void> waiting;
    synchronized (receiver) {
      if (status != null) {
        return;
      }
      status = how;
      waiting = ended;
    }
    wire.close();
    writer.end(how);
    if (receiver.compareAndSet(null, Thread.currentThread())) {
      leave();
    }
    if (waiting != null) {
      waiting.send(null);
    }
  }

  @Override
  public String toString() {
    var how = status;
    return "WebSocket[%s %s, %s]".formatted(target, wire, how == null ? "open" : how);
  }
}
