package net.eventlet.green;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketAddress;

/// A datagram that came to a [SocketServer], and the way back.
public final class Datagram {

  private final byte[] bytes;
  private final SocketAddress client;
  private final DatagramSocket socket;

  Datagram(byte[] bytes, SocketAddress client, DatagramSocket socket) {
    this.bytes = bytes;
    this.client = client;
    this.socket = socket;
  }

  /// {@return what was sent, as it is; may be empty}
  public byte[] bytes() {
    return bytes.clone();
  }

  /// {@return who sent it}
  public SocketAddress client() {
    return client;
  }

  /// Answers.
  ///
  /// @param answer one datagram, of at most 65,507 bytes
  /// @throws IOException if the kernel refuses, or the server is closed
  public void reply(byte[] answer) throws IOException {
    socket.send(new DatagramPacket(answer, answer.length, client));
  }
}
