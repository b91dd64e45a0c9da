package net.eventlet.green;

import static java.time.Duration.ofMillis;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.zeromq.SocketType;
import org.zeromq.ZContext;

/// JeroMQ on a hub, unchanged. Its own threads, which do the I/O, are platform threads; a green
/// thread that waits for a message waits on a `Selector` or a pipe of the JDK's, and parks.
@Timeout(60)
class JeroMqTest {

  @Test
  void aRequestIsAnsweredWhileTheHubGoesOn() throws Exception {
    var answer =
        Ticker.during(() -> {
          try (var context = new ZContext();
              var server = context.createSocket(SocketType.REP);
              var client = context.createSocket(SocketType.REQ)) {
            var port = server.bindToRandomPort("tcp://127.0.0.1");
            assertTrue(client.connect("tcp://127.0.0.1:" + port));
            var serving =
                spawn(() -> {
                  var question = server.recvStr();
                  sleep(ofMillis(200));
                  return server.send(question + " answered");
                });
            client.send("asked");
            var got = client.recvStr();
            assertTrue(serving.await());
            return got;
          }
        });
    assertEquals("asked answered", answer);
  }

  @Test
  void aReceiveWithALimitEndsAndTheHubGoesOn() throws Exception {
    Ticker.during(() -> {
      try (var context = new ZContext();
          var server = context.createSocket(SocketType.PULL)) {
        server.bindToRandomPort("tcp://127.0.0.1");
        server.setReceiveTimeOut(200);
        assertNull(server.recvStr());
      }
    });
  }
}
