package net.eventlet.green;

import static net.eventlet.Eventlet.listen;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.Callable;
import net.eventlet.GreenSocket;
import org.junit.jupiter.api.Test;

class GreenSocketFactoryTest {

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final GreenSocketFactory factory = new GreenSocketFactory();

  @Test
  void eachWayMakesAConnectionOfGreenSockets() throws Exception {
    run(() -> {
      try (var listener = listen(new InetSocketAddress(LOOPBACK, 0))) {
        var port = listener.getLocalPort();
        var ways =
            List.<Callable<Socket>>of(
                () -> {
                  var socket = factory.createSocket();
                  socket.connect(new InetSocketAddress(LOOPBACK, port));
                  return socket;
                },
                () -> factory.createSocket("localhost", port),
                () -> factory.createSocket("localhost", port, LOOPBACK, 0),
                () -> factory.createSocket(LOOPBACK, port),
                () -> factory.createSocket(LOOPBACK, port, LOOPBACK, 0));
        for (var way : ways) {
          var accepted = spawn(listener::accept);
          try (var near = way.call();
              var far = accepted.await()) {
            assertInstanceOf(GreenSocket.class, near);
            near.getOutputStream().write(7);
            assertEquals(7, far.getInputStream().read());
          }
        }
      }
    });
  }

  @Test
  void whereNobodyListensItSaysSo() throws Exception {
    run(() -> {
      int port;
      try (var listener = listen(new InetSocketAddress(LOOPBACK, 0))) {
        port = listener.getLocalPort();
      }

      assertThrows(ConnectException.class, () -> factory.createSocket(LOOPBACK, port));
    });
  }
}
