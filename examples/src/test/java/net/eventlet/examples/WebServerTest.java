package net.eventlet.examples;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebServerTest {

  private Program server;
  private URI root;

  @BeforeEach
  void start() throws IOException {
    server = Program.start(WebServer.class, "0");
    root = URI.create("http://localhost:" + server.port() + "/");
  }

  @AfterEach
  void end() {
    server.close();
  }

  @Test
  void servesPages() throws Exception {
    assertEquals("Hello, World!\n", get("").body());
    assertEquals(404, get("nothing").statusCode());
  }

  @Test
  void sendsBackWhatIsPosted() throws Exception {
    var text = "x".repeat(100_000);

    var request = HttpRequest.newBuilder(root.resolve("echo")).POST(BodyPublishers.ofString(text));

    assertEquals(text, send(request).body());
  }

  @Test
  void sendsEvents() throws Exception {
    var expected =
        IntStream.rangeClosed(1, 10)
            .mapToObj(number -> "data: " + number + "\n\n")
            .collect(Collectors.joining());

    var answer = get("count");

    assertEquals(expected, answer.body());
    assertEquals("text/event-stream", answer.headers().firstValue("content-type").orElseThrow());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(root.resolve(path)));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request.build(), ofString());
    }
  }
}
