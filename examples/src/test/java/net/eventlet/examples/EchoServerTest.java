package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EchoServerTest {

  @Test
  void everyLineComesBack() throws IOException {
    try (var server = Program.start(EchoServer.class, "0");
        var client = Client.of(server.port())) {
      client.send("hello");
      client.send("wörld\r");
      client.end();

      assertEquals("hello", client.receive());
      assertEquals("wörld", client.receive());
      assertEquals("null", client.receive());
    }
  }

  @Test
  void aThousandClientsAreServedAtOnce() throws IOException {
    try (var server = Program.start(EchoServer.class, "0")) {
      var port = server.port();
      var clients = new ArrayList<Client>();
      for (var i = 0; i < 1000; i++) {
        clients.add(Client.of(port));
      }

      for (var i = 0; i < 1000; i++) {
        clients.get(i).send("client " + i);
      }
      var echoes = new ArrayList<String>();
      for (var client : clients) {
        echoes.add(client.receive());
      }

      assertEquals(IntStream.range(0, 1000).mapToObj(i -> "client " + i).toList(), echoes);
      for (var client : clients) {
        client.close();
      }
    }
  }

  @Test
  void aClientThatVanishesHarmsNoOther() throws IOException {
    try (var server = Program.start(EchoServer.class, "0")) {
      var port = server.port();
      try (var lasting = Client.of(port)) {
        Client.of(port).reset();

        lasting.send("still here");

        assertEquals("still here", lasting.receive());
      }
    }
  }
}
