package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static net.eventlet.wsgi.Raw.ANY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Our own catalogue of requests, in `catalogue.txt`: what the RFCs' MUSTs allow and forbid, and
/// how requests have been smuggled. Each is fed whole, byte by byte, line by line and cut at
/// random, with another request behind it.
@Timeout(60)
class CatalogueTest {

  private static final String CANARY =
      "GET /canary HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

  private static Server server;

  /// A request, and the statuses of its answers: the canary's 299 among them, if it may be
  /// answered.
  private record Case(String statuses, String request, String why) {

    static Case of(String line) {
      var parts = line.split(" \\| ", -1);
      return new Case(parts[0].strip(), unescaped(parts[1]), parts[2].strip());
    }

    /// `~` is CR LF; `\r`, `\n`, `\t`, `\s`, `\0`, `\xHH` stand for one byte each.
    private static String unescaped(String text) {
      var bytes = new StringBuilder();
      for (var i = 0; i < text.length(); i++) {
        var c = text.charAt(i);
        if (c == '~') {
          bytes.append("\r\n");
        } else if (c == '\\') {
          i++;
          switch (text.charAt(i)) {
            case 'r' -> bytes.append('\r');
            case 'n' -> bytes.append('\n');
            case 't' -> bytes.append('\t');
            case 's' -> bytes.append(' ');
            case '0' -> bytes.append('\0');
            case 'x' -> {
              bytes.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
              i += 2;
            }
            default -> throw new IllegalArgumentException(text);
          }
        } else {
          bytes.append(c);
        }
      }
      return bytes.toString();
    }

    @Override
    public String toString() {
      return why + ": " + request.replaceAll("\\p{Cntrl}", "·");
    }
  }

  @BeforeAll
  static void start() throws IOException {
    server =
        Server.start(
            ANY,
            request -> {
              if (request.path().equals("/canary")) {
                return Response.of(299);
              }
              request.body().readAllBytes();
              return Response.text("");
            });
  }

  @AfterAll
  static void stop() {
    assertEquals(0, server.statistics().failed());
    server.close();
  }

  static Stream<Case> cases() {
    try {
      return Files.readAllLines(Path.of("src/test/resources/catalogue.txt")).stream()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(Case::of);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isAnsweredAsTheCatalogueSaysInWhateverPieces(Case request) throws IOException {
    var bytes = (request.request() + CANARY).getBytes(ISO_8859_1);
    var cuts =
        Stream.concat(
            Stream.of(Raw.WHOLE, Raw.BYTES, Raw.LINES),
            IntStream.range(0, 5).mapToObj(Raw::random));
    for (var cut : cuts.toList()) {
      var answers = Raw.ask(server.port(), bytes, cut);

      assertEquals(
          request.statuses(),
          String.join(
              " ", Arrays.stream(Raw.statuses(answers)).mapToObj(Integer::toString).toList()),
          answers);
      assertFalse(answers.matches("(?s).*HTTP/1\\.1 (500|502|503|504).*"), answers);
      assertTrue(answers.startsWith("HTTP/1.1 "), answers);
    }
  }
}
