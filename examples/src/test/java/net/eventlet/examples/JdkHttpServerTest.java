package net.eventlet.examples;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JdkHttpServerTest {

  @Test
  void greetsManyAtOnce() throws Exception {
    try (var server = Program.start(JdkHttpServer.class, "0");
        var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/you")).build();

      var answers =
          Stream.generate(() -> client.sendAsync(request, ofString())).limit(100).toList().stream()
              .map(CompletableFuture::join)
              .map(HttpResponse::body)
              .distinct()
              .toList();

      assertEquals("[hello, /you\n]", answers.toString());
    }
  }
}
