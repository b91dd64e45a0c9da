package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrawlerTest {

  @Test
  void aThousandPagesFromStandardInputComeInItsOrder(@TempDir Path folder) throws IOException {
    var paths = IntStream.range(0, 1000).mapToObj(i -> "/page?" + i).toList();
    try (var server =
        Pages.of(paths.stream().collect(Collectors.toMap(Function.identity(), "x"::concat)))) {
      var input = folder.resolve("urls");
      Files.write(input, paths.stream().map(server::url).toList());

      var printed = Program.output(WithInput.class, input.toString(), Crawler.class.getName());

      var expected = new ArrayList<String>();
      paths.forEach(path ->
          expected.add(server.url(path) + " HTTP/1.1 200 OK, " + (path.length() + 1) + " bytes"));
      expected.add("1000 pages");
      assertEquals(expected, printed);
    }
  }

  @Test
  void whatFailsIsSaidInItsPlace() throws IOException {
    var unused = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    unused.close();
    try (var server = Pages.of(Map.of("/", "welcome"))) {
      var refusing = "http://localhost:" + unused.getLocalPort();

      var printed =
          Program.output(
              Crawler.class, refusing, server.url("/none"), "https://localhost/", server.url(""));

      assertEquals(
          List.of(
              refusing + " Connection refused: localhost/127.0.0.1:" + unused.getLocalPort(),
              server.url("/none") + " HTTP/1.1 404 Not Found, 0 bytes",
              "https://localhost/ is not plain http",
              server.url("") + " HTTP/1.1 200 OK, 7 bytes",
              "4 pages"),
          printed);
    }
  }
}
