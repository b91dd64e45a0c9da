package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LongPollTest {

  private Program server;
  private int port;

  @BeforeEach
  void start() throws IOException {
    server = Program.start(LongPoll.class, "0");
    port = server.port();
  }

  @AfterEach
  void end() {
    server.close();
  }

  @Test
  void allWhoWaitAreAnsweredByTheUpdate() throws IOException {
    var waiting = new ArrayList<Client>();
    for (var i = 0; i < 100; i++) {
      waiting.add(asked("GET /0"));
    }

    assertAnswered("HTTP/1.0 200 OK", "null", asked("POST /hello"));

    for (var client : waiting) {
      assertAnswered("HTTP/1.0 200 OK", "hello", client);
    }
  }

  @Test
  void whoComesLateMissesNothing() throws IOException {
    assertAnswered("HTTP/1.0 200 OK", "null", asked("POST /first"));
    assertAnswered("HTTP/1.0 200 OK", "null", asked("POST /second"));

    assertAnswered("HTTP/1.0 200 OK", "first", asked("GET /0"));
    assertAnswered("HTTP/1.0 200 OK", "second", asked("GET /1"));
  }

  @Test
  void whatMakesNoSenseIsRefused() throws IOException {
    assertAnswered("HTTP/1.0 404 Not Found", "null", asked("GET /1"));
    assertAnswered("HTTP/1.0 404 Not Found", "null", asked("GET /"));
    assertAnswered("HTTP/1.0 404 Not Found", "null", asked("GET /-1"));

    try (var client = Client.of(port)) {
      client.send("hello\r\n\r");

      assertEquals("HTTP/1.0 400 Bad Request", client.receive());
    }
  }

  private Client asked(String request) throws IOException {
    var client = Client.of(port);
    client.send(request + " HTTP/1.1\r\nHost: localhost\r\n\r");
    return client;
  }

  private static void assertAnswered(String status, String body, Client client) throws IOException {
    try (client) {
      assertEquals(status, client.receive());
      assertEquals("", client.receive());
      assertEquals(body, client.receive());
    }
  }
}
