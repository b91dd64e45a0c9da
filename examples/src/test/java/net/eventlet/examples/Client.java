package net.eventlet.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/// Somebody who talks to a server on this machine in lines, with one of the JDK's own sockets.
final class Client implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 30_000;

  private final Socket socket;
  private final BufferedReader input;

  private Client(Socket socket, int port) throws IOException {
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    this.socket = socket;
    input = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
  }

  /// {@return one that is connected}
  static Client of(int port) throws IOException {
    return new Client(new Socket(), port);
  }

  /// {@return one that is connected, and has room for little that it has not read}
  static Client withLittleRoom(int port) throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(4096);
    return new Client(socket, port);
  }

  void send(String line) throws IOException {
    socket.getOutputStream().write((line + "\n").getBytes(UTF_8));
  }

  /// {@return the next line; "null" at the end}
  String receive() throws IOException {
    return String.valueOf(input.readLine());
  }

  /// Says that nothing more will be sent.
  void end() throws IOException {
    socket.shutdownOutput();
  }

  /// Breaks the connection, as a process that dies does.
  void reset() throws IOException {
    reset(socket);
  }

  static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
