package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CachingProxyTest {

  private Program proxy;
  private int port;
  private Pages pages;

  @BeforeEach
  void start() throws IOException {
    proxy = Program.start(CachingProxy.class, "0");
    port = proxy.port();
    pages = Pages.of(Map.of("/", "welcome", "/search?q=1", "one"));
  }

  @AfterEach
  void end() {
    pages.close();
    proxy.close();
  }

  @Test
  void aPageIsFetchedOnce() throws IOException {
    for (var i = 0; i < 3; i++) {
      assertAnswered("HTTP/1.1 200 OK", "welcome", asked("GET " + pages.url("/")));
      assertAnswered("HTTP/1.1 200 OK", "one", asked("GET " + pages.url("/search?q=1")));
    }

    assertEquals(List.of("/", "/search?q=1"), List.copyOf(pages.asked()));
  }

  @Test
  void whoAsksForWhatIsOnItsWayWaitsForThat() throws IOException {
    var clients = new ArrayList<Client>();
    try (var slow = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      for (var i = 0; i < 10; i++) {
        clients.add(asked("GET http://localhost:" + slow.getLocalPort()));
      }

      try (var connection = slow.accept()) {
        connection.getInputStream().readNBytes("GET / HTTP/1.0\r\n".length());
        connection.getOutputStream().write("HTTP/1.0 200 OK\r\n\r\nslow\n".getBytes());
        connection.shutdownOutput();
        connection.getInputStream().readAllBytes(); // or closing would reset
      }

      for (var client : clients) {
        assertAnswered("HTTP/1.0 200 OK", "slow", client);
      }
    }
  }

  @Test
  void whatCannotBeFetchedIsSaid() throws IOException {
    var unused = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    unused.close();

    assertAnswered(
        "HTTP/1.0 502 Bad Gateway",
        "Connection refused: localhost/127.0.0.1:" + unused.getLocalPort(),
        asked("GET http://localhost:" + unused.getLocalPort() + "/"));
    assertAnswered("HTTP/1.0 501 Not Implemented", "null", asked("POST " + pages.url("/")));
    assertAnswered("HTTP/1.0 501 Not Implemented", "null", asked("GET /"));
  }

  private Client asked(String request) throws IOException {
    var client = Client.of(port);
    client.send(request + " HTTP/1.1\r\nHost: localhost\r\n\r");
    return client;
  }

  private static void assertAnswered(String status, String body, Client client) throws IOException {
    try (client) {
      assertEquals(status, client.receive());
      while (!client.receive().isEmpty()) {
        // a header
      }
      assertEquals(body, client.receive());
    }
  }
}
