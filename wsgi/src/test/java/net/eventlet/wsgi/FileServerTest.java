package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class FileServerTest {

  @TempDir private Path folder;
  private Path root;
  private Server server;

  @BeforeEach
  void start() throws IOException {
    root = Files.createDirectory(folder.resolve("root"));
    Files.writeString(folder.resolve("secret"), "secret");
    Files.writeString(root.resolve("digits.txt"), "0123456789");
    Files.writeString(root.resolve(".hidden"), "secret");
    Files.createDirectory(root.resolve("a b"));
    Files.writeString(root.resolve("a b/<c>.txt"), "c");
    server =
        Server.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new FileServer(root));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String get(String path, String... fields) throws IOException {
    return Raw.ask(
        server.port(),
        "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n"
            .formatted(path, fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n"));
  }

  private static String body(String answer) {
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  private static String field(String answer, String name) {
    var from = answer.indexOf("\r\n" + name + ": ") + name.length() + 4;
    return answer.substring(from, answer.indexOf("\r\n", from));
  }

  private static int status(String answer) {
    return Raw.statuses(answer)[0];
  }

  @Test
  void aFileIsServedWithItsTypeAndLength() throws IOException {
    var answer = get("/digits.txt");

    assertEquals(200, status(answer));
    assertEquals("0123456789", body(answer));
    assertEquals("text/plain", field(answer, "content-type"));
    assertEquals("10", field(answer, "content-length"));
  }

  @Test
  void aLargeFileComesWhole() throws IOException {
    var bytes = new byte[3_000_001];
    new Random(1).nextBytes(bytes);
    Files.write(root.resolve("large"), bytes);

    assertArrayEquals(bytes, body(get("/large")).getBytes(ISO_8859_1));
  }

  @ParameterizedTest
  @CsvSource({
    "0-3, 0123, bytes 0-3/10",
    "9-9, 9, bytes 9-9/10",
    "7-, 789, bytes 7-9/10",
    "7-99, 789, bytes 7-9/10",
    "-3, 789, bytes 7-9/10",
    "-99, 0123456789, bytes 0-9/10"
  })
  void aRangeIsServed(String range, String part, String where) throws IOException {
    var answer = get("/digits.txt", "Range: bytes=" + range);

    assertEquals(206, status(answer));
    assertEquals(part, body(answer));
    assertEquals(where, field(answer, "content-range"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10-", "10-12", "-0"})
  void aRangeBehindTheEndIsRefused(String range) throws IOException {
    var answer = get("/digits.txt", "Range: bytes=" + range);

    assertEquals(416, status(answer));
    assertEquals("bytes */10", field(answer, "content-range"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=3-2", "bytes=-", "bytes=0-1,3-4", "lines=0-1", "bytes=a-b"})
  void whatIsNoRangeOrSeveralIsPassedOver(String range) throws IOException {
    var answer = get("/digits.txt", "Range: " + range);

    assertEquals(200, status(answer));
    assertEquals("0123456789", body(answer));
  }

  @Test
  void whatHasNotChangedIsNotSentAgain() throws IOException {
    var first = get("/digits.txt");
    var tag = field(first, "etag");
    var date = field(first, "last-modified");

    assertEquals(304, status(get("/digits.txt", "If-None-Match: " + tag)));
    assertEquals("", body(get("/digits.txt", "If-None-Match: \"x\", " + tag)));
    assertEquals(304, status(get("/digits.txt", "If-Modified-Since: " + date)));
    assertEquals(200, status(get("/digits.txt", "If-None-Match: \"other\"")));
    assertEquals(
        200, status(get("/digits.txt", "If-None-Match: \"other\"", "If-Modified-Since: " + date)));
    assertEquals(206, status(get("/digits.txt", "Range: bytes=0-1", "If-Range: " + tag)));
    assertEquals(200, status(get("/digits.txt", "Range: bytes=0-1", "If-Range: \"other\"")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../secret",
        "/%2e%2e/secret",
        "/a%20b/..%2f..%2fsecret",
        "/.hidden",
        "/none",
        "/digits.txt/",
        "/%00",
        "//etc/passwd",
        "/link"
      })
  void nothingOutsideTheFolderIsServed(String path) throws IOException {
    Files.createSymbolicLink(root.resolve("link"), folder.resolve("secret"));

    var answer = get(path);

    assertEquals(404, status(answer), answer);
    assertFalse(answer.contains("secret"), answer);
  }

  @Test
  void aFolderHasAPageOrAnIndex() throws IOException {
    assertEquals("/a%20b/?q", field(get("/a%20b?q"), "location"));
    var page = body(get("/a%20b/"));
    assertTrue(page.contains("<a href=\"./%3Cc%3E.txt\">&lt;c&gt;.txt</a>"), page);
    assertEquals("c", body(get("/a%20b/%3Cc%3E.txt")));

    Files.writeString(root.resolve("a b/index.html"), "index");

    assertEquals("index", body(get("/a%20b/")));
  }

  @Test
  void onlyReadingIsAllowed() throws IOException {
    var answer = Raw.ask(server.port(), "DELETE /digits.txt HTTP/1.1\r\nHost: x\r\n\r\n");

    assertEquals(405, status(answer));
    assertThrows(IOException.class, () -> new FileServer(root.resolve("digits.txt")));
  }
}
