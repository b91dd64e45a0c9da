package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChatServerTest {

  private Program server;
  private int port;
  private Client ann;

  @BeforeEach
  void annComes() throws IOException {
    server = Program.start(ChatServer.class, "0");
    port = server.port();
    ann = Client.of(port);
    ann.send("ann");
    assertEquals("ann is here", ann.receive());
  }

  @AfterEach
  void end() throws IOException {
    ann.close();
    server.close();
  }

  @Test
  void whatOneSaysGoesToAll() throws IOException {
    try (var bob = guest("bob")) {
      ann.send("hello");
      assertEquals("ann: hello", bob.receive());
      assertEquals("ann: hello", ann.receive());

      bob.send("good morning");
      assertEquals("bob: good morning", ann.receive());
      assertEquals("bob: good morning", bob.receive());
    }
  }

  @Test
  void whoLeavesIsMissed() throws IOException {
    guest("bob").close();

    assertEquals("bob has left", ann.receive());
  }

  @Test
  void whoVanishesIsMissed() throws IOException {
    guest("bob").reset();

    assertEquals("bob has left", ann.receive());
  }

  @Test
  void whoSaysNothingIsNobody() throws IOException {
    Client.of(port).close();

    ann.send("is anybody here?");

    assertEquals("ann: is anybody here?", ann.receive());
  }

  @Test
  void whoDoesNotReadIsShownOutAndHoldsUpNobody() throws IOException {
    try (var sleeper = Client.withLittleRoom(port)) {
      sleeper.send("sleeper");
      assertEquals("sleeper is here", ann.receive());
      var speech = "x".repeat(60_000);

      ann.send(speech);
      var heard = ann.receive();
      for (var i = 0; i < 5000 && heard.equals("ann: " + speech); i++) {
        ann.send(speech);
        heard = ann.receive();
      }

      assertEquals("sleeper has left", heard);
    }
  }

  private Client guest(String name) throws IOException {
    var guest = Client.of(port);
    guest.send(name);
    assertEquals(name + " is here", guest.receive());
    assertEquals(name + " is here", ann.receive());
    return guest;
  }
}
