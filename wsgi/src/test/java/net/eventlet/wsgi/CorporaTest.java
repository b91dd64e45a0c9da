package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Other servers' test requests, each fed whole, byte by byte and line by line, with another
/// request behind it whose answer must be its own or not come at all.
class CorporaTest {

  private static final Path FOLDER = Path.of("../../shared/corpora");

  private static final String FRAGMENT = "RFC 9112 3.2.1: a target has no fragment";
  private static final String CODING =
      "RFC 9112 6.1: a transfer coding that is not understood gets 501, or 400 in several fields";
  private static final String MISSING = "the body or its end is missing; what follows is none";
  private static final String METHOD = "RFC 9110 9.1: any token is a method";
  private static final String LIMIT = "a limit of that server's; ours is higher";
  private static final String UPGRADE =
      "RFC 9110 7.8: an upgrade may be ignored; what follows is judged by itself";
  private static final String HOST = "RFC 9112 3.2: there is no Host field";

  /// Where ours differs from what the corpus expects, and what decides.
  private static final Map<String, String> DIFFERENT =
      Map.ofEntries(
          Map.entry("gunicorn/valid/005", FRAGMENT),
          Map.entry("gunicorn/valid/009", FRAGMENT),
          Map.entry("llhttp/request/uri:162", FRAGMENT),
          Map.entry("llhttp/request/transfer-encoding:143", FRAGMENT),
          Map.entry("llhttp/request/transfer-encoding:144", FRAGMENT),
          Map.entry("gunicorn/valid/025", CODING),
          Map.entry("gunicorn/valid/025_line", CODING),
          Map.entry("gunicorn/valid/029", CODING),
          Map.entry("gunicorn/valid/030", CODING),
          Map.entry("gunicorn/valid/rfc9112_smuggle_gzip_chunked_01", CODING),
          Map.entry("gunicorn/valid/rfc9112_smuggle_te_identity_chunked_01", CODING),
          Map.entry("gunicorn/valid/027", "RFC 9112 3.2: a target is ASCII"),
          Map.entry("llhttp/request/sample:115", "RFC 9112 3.2: a target is ASCII"),
          Map.entry("gunicorn/valid/099", MISSING),
          Map.entry("llhttp/request/content-length:30", MISSING),
          Map.entry("llhttp/request/content-length:31", MISSING),
          Map.entry("llhttp/request/content-length:36", MISSING),
          Map.entry("llhttp/request/transfer-encoding:124", MISSING),
          Map.entry("llhttp/request/transfer-encoding:130", MISSING),
          Map.entry("llhttp/request/transfer-encoding:133", MISSING),
          Map.entry(
              "gunicorn/valid/rfc9112_target_absolute_userinfo_01",
              "RFC 9110 4.2.4: a user in a target is likely an attack"),
          Map.entry(
              "gunicorn/valid/rfc9112_target_authority_connect_01",
              "RFC 9110 15.6.2: CONNECT is for proxies"),
          Map.entry(
              "gunicorn/valid/rfc9112_target_authority_ipv6_01",
              "RFC 9110 15.6.2: CONNECT is for proxies"),
          Map.entry("gunicorn/invalid/003c", METHOD),
          Map.entry("llhttp/request/invalid:45", METHOD),
          Map.entry("llhttp/request/invalid:55", METHOD),
          Map.entry("gunicorn/invalid/006", LIMIT),
          Map.entry("gunicorn/invalid/008", LIMIT),
          Map.entry("gunicorn/invalid/017", LIMIT),
          Map.entry(
              "gunicorn/invalid/041",
              "RFC 9110 5.3: the application may refuse two types; a server need not"),
          Map.entry(
              "llhttp/request/connection:2",
              "RFC 9112 9.6: what follows the last request is ignored"),
          Map.entry(
              "llhttp/request/connection:8",
              "RFC 9112 9.6: what follows the last request is ignored"),
          Map.entry(
              "llhttp/request/connection:9",
              "RFC 9112 9.6: what follows the last request is ignored"),
          Map.entry("llhttp/request/connection:13", UPGRADE),
          Map.entry("llhttp/request/connection:17", UPGRADE),
          Map.entry("llhttp/request/connection:18", UPGRADE),
          Map.entry("llhttp/request/connection:19", UPGRADE),
          Map.entry("llhttp/request/connection:20", UPGRADE),
          Map.entry("llhttp/request/method:80", "RFC 9110 9.3.7: * is for OPTIONS"),
          Map.entry("llhttp/request/method:87", "RFC 9112 2.3: another protocol"),
          Map.entry("llhttp/request/method:88", "RFC 9112 2.3: another protocol"),
          Map.entry("llhttp/request/method:89", "RFC 9112 2.3: another protocol"),
          Map.entry("llhttp/request/uri:157", HOST),
          Map.entry("llhttp/request/uri:158", HOST),
          Map.entry("llhttp/request/uri:160", HOST),
          Map.entry("llhttp/request/uri:164", HOST));

  private static Server server;

  @BeforeAll
  static void start() throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server =
        Server.start(
            address,
            request -> {
              var path = request.path();
              var length = request.body().readAllBytes().length;
              return Response.text(path.startsWith("/canary-") ? "canary" : "read " + length);
            });
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /// A request of a corpus.
  private record Case(String id, byte[] payload, boolean accepted) {

    @Override
    public String toString() {
      return id;
    }
  }

  static Stream<Case> gunicorn() throws IOException {
    return cases("gunicorn-requests.jsonl", line -> line.contains("\"non_default_cfg\": {}"));
  }

  static Stream<Case> llhttp() throws IOException {
    return cases("llhttp.jsonl", line -> "request".equals(text(line, "kind")));
  }

  private static Stream<Case> cases(String name, Predicate<String> wanted) throws IOException {
    var file = FOLDER.resolve(name);
    assumeTrue(Files.exists(file), () -> file + " IS NOT THERE: ITS REQUESTS ARE NOT TRIED");
    return Files.readAllLines(file).stream()
        .filter(wanted)
        .map(line ->
            new Case(
                text(line, "id"),
                withHost(Base64.getDecoder().decode(text(line, "payload_b64"))),
                "accept".equals(text(line, "expect"))));
  }

  /// A server refuses what has no Host, which most of these have not and are not about.
  private static byte[] withHost(byte[] payload) {
    var text = new String(payload, ISO_8859_1);
    var begin = text.startsWith("\r\n") ? 2 : 0;
    var end = text.indexOf("\r\n", begin);
    if (text.toLowerCase(Locale.ROOT).contains("\nhost:") || end < 0 || text.contains("://")) {
      return payload;
    }
    return (text.substring(0, end) + "\r\nHost: x" + text.substring(end)).getBytes(ISO_8859_1);
  }

  private static String text(String line, String key) {
    var match = Pattern.compile("\"" + key + "\": ?\"([^\"]*)\"").matcher(line);
    return match.find() ? match.group(1) : "";
  }

  @ParameterizedTest
  @MethodSource({"gunicorn", "llhttp"})
  void isAnsweredAlikeInWhateverPieces(Case request) throws IOException {
    var bytes = new ByteArrayOutputStream();
    bytes.write(request.payload());
    bytes.write("GET /canary-1 HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1));
    var first = Raw.ask(server.port(), bytes.toByteArray(), Raw.WHOLE);
    var answers = new ArrayList<List<Integer>>();
    for (var cut : List.of(Raw.WHOLE, Raw.BYTES, Raw.LINES)) {
      var answer = Raw.ask(server.port(), bytes.toByteArray(), cut);

      var statuses = Arrays.stream(Raw.statuses(answer)).boxed().toList();
      assertTrue(
          statuses.stream().allMatch(status -> status < 500 || status == 501 || status == 505),
          answer);
      assertFalse(answer.contains("canary") && !answer.endsWith("canary"), answer);
      answers.add(statuses);
    }
    assertEquals(answers.get(0), answers.get(1));
    assertEquals(answers.get(0), answers.get(2));
    var accepted = answers.getFirst().getFirst() == 200;
    if (DIFFERENT.containsKey(request.id())) {
      assertNotEquals(request.accepted(), accepted, "it does not differ any more");
    } else {
      assertEquals(request.accepted(), accepted, () -> request + " was answered " + first);
    }
  }
}
