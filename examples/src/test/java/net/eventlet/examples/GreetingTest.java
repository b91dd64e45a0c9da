package net.eventlet.examples;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import net.eventlet.wsgi.Server;
import org.junit.jupiter.api.Test;

class GreetingTest {

  @Test
  void tellsWhichProcessAnswers() throws Exception {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (var server = Server.start(address, new Greeting());
        var client = HttpClient.newHttpClient()) {
      var uri = URI.create("http://localhost:" + server.port());

      var answer = client.send(HttpRequest.newBuilder(uri).build(), ofString()).body();

      assertEquals("process %d greets you\n".formatted(ProcessHandle.current().pid()), answer);
    }
  }
}
