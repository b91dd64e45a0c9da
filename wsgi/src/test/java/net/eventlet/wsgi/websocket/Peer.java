package net.eventlet.wsgi.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;

/// A client that sends frames as it is told, allowed or not, and reads what comes.
final class Peer implements AutoCloseable {

  static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  private static final byte[] MASK = {0x12, 0x34, 0x56, 0x78};

  private final Socket socket;
  private final DataInputStream input;
  private final String head;

  /// @param first its first byte: whether it is the last, reserved bits, opcode
  @SuppressWarnings("ArrayRecordComponent")
  record Frame(int first, byte[] payload) {

    String text() {
      return new String(payload, UTF_8);
    }

    /// {@return what a close frame says}
    int code() {
      return payload.length == 0
          ? CloseStatus.NONE
          : Byte.toUnsignedInt(payload[0]) << 8 | Byte.toUnsignedInt(payload[1]);
    }

    @Override
    public String toString() {
      return "%02x %s".formatted(first, new String(payload, ISO_8859_1));
    }
  }

  private Peer(Socket socket, String request) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
    input = new DataInputStream(socket.getInputStream());
    send(request.getBytes(ISO_8859_1));
    var answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0) {
      answer.append((char) input.readUnsignedByte());
    }
    head = answer.toString();
  }

  /// {@return a connection on which a request was sent}
  static Peer ask(int port, String request) throws IOException {
    return new Peer(new Socket(InetAddress.getLoopbackAddress(), port), request);
  }

  /// {@return an open WebSocket}
  ///
  /// @param fields of the request, each with its line end
  static Peer open(int port, String... fields) throws IOException {
    var peer = ask(port, request(fields));
    if (!peer.head.startsWith("HTTP/1.1 101 ")) {
      throw new AssertionError(peer.head);
    }
    return peer;
  }

  static String request(String... fields) {
    return "GET /chat?room=1 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
        + "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
        + KEY
        + "\r\n"
        + String.join("", fields)
        + "\r\n";
  }

  /// {@return the head of the server's answer}
  String head() {
    return head;
  }

  Socket socket() {
    return socket;
  }

  Peer send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /// Sends a text in one frame.
  Peer text(String text) throws IOException {
    return send(frame(0x81, text.getBytes(UTF_8)));
  }

  Peer sendFrame(int first, byte... payload) throws IOException {
    return send(frame(first, payload));
  }

  Peer sendClose(int code) throws IOException {
    return sendFrame(0x88, (byte) (code >> 8), (byte) code);
  }

  /// {@return a masked frame}
  static byte[] frame(int first, byte... payload) {
    var bytes = new ByteArrayOutputStream();
    bytes.write(first);
    length(bytes, payload.length, 0x80);
    bytes.writeBytes(MASK);
    for (var i = 0; i < payload.length; i++) {
      bytes.write(payload[i] ^ MASK[i & 3]);
    }
    return bytes.toByteArray();
  }

  private static void length(ByteArrayOutputStream bytes, int length, int mask) {
    if (length < 126) {
      bytes.write(mask | length);
    } else if (length < 65536) {
      bytes.write(mask | 126);
      bytes.write(length >> 8);
      bytes.write(length);
    } else {
      bytes.write(mask | 127);
      for (var shift = 56; shift >= 0; shift -= 8) {
        bytes.write((int) ((long) length >> shift));
      }
    }
  }

  /// {@return the next frame}
  ///
  /// @throws EOFException if the connection has ended
  Frame read() throws IOException {
    var first = input.readUnsignedByte();
    var length = input.readUnsignedByte();
    if (length > 127) {
      throw new AssertionError("a server's frame has a mask");
    }
    if (length == 126) {
      length = input.readUnsignedShort();
    } else if (length == 127) {
      length = Math.toIntExact(input.readLong());
    }
    var payload = new byte[length];
    input.readFully(payload);
    return new Frame(first, payload);
  }

  /// {@return the code of the close frame that comes next, after which the connection must end}
  int readClose() throws IOException {
    var frame = read();
    if (frame.first != 0x88) {
      throw new AssertionError("no close frame: " + frame);
    }
    if (!hasEnded()) {
      throw new AssertionError("something follows the close frame");
    }
    return frame.code();
  }

  /// {@return whether the server has closed the connection, rather than send more}
  boolean hasEnded() throws IOException {
    try {
      return input.read() < 0;
    } catch (SocketException reset) {
      return true;
    }
  }

  static byte[] bytes(int... values) {
    var bytes = new byte[values.length];
    Arrays.setAll(values, i -> bytes[i] = (byte) values[i]);
    return bytes;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
