package net.eventlet.examples;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class HelloWsgiTest {

  @Test
  void greetsAtTheRootAndKnowsNothingElse() throws Exception {
    try (var server = Program.start(HelloWsgi.class, "0");
        var client = HttpClient.newHttpClient()) {
      var port = server.port();

      var hello = get(client, port, "/");
      var nothing = get(client, port, "/nothing");

      assertEquals("200 Hello, World!\r\n", hello.statusCode() + " " + hello.body());
      assertEquals("404 Not Found\r\n", nothing.statusCode() + " " + nothing.body());
    }
  }

  private static HttpResponse<String> get(HttpClient client, int port, String path)
      throws Exception {
    var uri = URI.create("http://localhost:" + port + path);
    return client.send(HttpRequest.newBuilder(uri).build(), ofString());
  }
}
