package net.eventlet.jdk.programs;

import static java.net.InetAddress.getLoopbackAddress;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.ServerSocket;
import java.net.Socket;
import net.eventlet.hubs.Hub;

/// Sends a line through a stock socket, there and back, several times, with both ends on a hub; and
/// prints what comes back last.
final class Echoes {

  private Echoes() {}

  public static void main(String[] args) throws Exception {
    try (var hub = Hub.start("hub");
        var listener = new ServerSocket(0, 50, getLoopbackAddress())) {
      var server =
          hub.spawn(() -> {
            try (var socket = listener.accept()) {
              return socket.getInputStream().transferTo(socket.getOutputStream());
            }
          });
      var client =
          hub.spawn(() -> {
            try (var socket = new Socket(getLoopbackAddress(), listener.getLocalPort())) {
              var answer = new byte[0];
              for (var i = 0; i < 10; i++) {
                socket.getOutputStream().write(("line " + i).getBytes(US_ASCII));
                answer = socket.getInputStream().readNBytes(6);
              }
              return new String(answer, US_ASCII);
            }
          });
      IO.println(client.get());
      IO.println(server.get());
    }
  }
}
