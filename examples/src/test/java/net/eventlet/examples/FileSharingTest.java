package net.eventlet.examples;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSharingTest {

  @Test
  void goesOnWithADownloadAndTellsOfIt(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("file.txt"), "0123456789");
    try (var program = Program.start(FileSharing.class, folder.toString(), "0");
        var client = HttpClient.newHttpClient()) {
      var uri = URI.create("http://localhost:" + program.port() + "/file.txt");
      var request = HttpRequest.newBuilder(uri).header("Range", "bytes=4-").build();

      var answer = client.send(request, ofString());

      assertEquals("206 456789", answer.statusCode() + " " + answer.body());
      assertTrue(answer.headers().firstValue("content-security-policy").isPresent());
      var line = program.readLine();
      assertTrue(line.contains("\"GET /file.txt HTTP/1.1\" 206 6 \"-\" \"Java-http-client"), line);
    }
  }
}
