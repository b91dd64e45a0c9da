package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static net.eventlet.wsgi.Raw.ANY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where a request comes from, when a proxy tells.
@Timeout(30)
class ProxiesTest {

  private static final Application ORIGIN =
      request -> Response.text(request.client() + " " + request.scheme() + " " + request.host());
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

  private static String ask(ServerOptions options, String fields) throws IOException {
    return Raw.body(
        Raw.ask(
            ORIGIN,
            options,
            "GET / HTTP/1.1\r\nHost: h\r\n" + fields.replace("~", "\r\n") + "\r\n"));
  }

  private static ServerOptions behind(Proxies proxies) {
    return ServerOptions.DEFAULT.withProxies(proxies);
  }

  // ------------------------------------------------------------------------------------ Forwarded

  @Test
  void nobodysWordIsTakenUnasked() throws IOException {
    var fields = "Forwarded: for=1.2.3.4;proto=https;host=a~X-Forwarded-For: 1.2.3.4~";

    assertEquals("127.0.0.1 http h", ask(ServerOptions.DEFAULT, fields));
    assertEquals("127.0.0.1 http h", ask(behind(Proxies.forwarded("10.0.0.0/8", "::1")), fields));
    assertEquals("127.0.0.1 http h", ask(behind(Proxies.xForwarded("128.0.0.0/1")), fields));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1.2.3.4 https a:8 | Forwarded: for=1.2.3.4;proto=https;host=\"a:8\"~",
        "1.2.3.4 http h | Forwarded: For=\"1.2.3.4:99\"~",
        "5.6.7.8 https h | Forwarded: for=1.2.3.4;proto=http, for=5.6.7.8;proto=https~",
        "1.2.3.4 http h | Forwarded: for=1.2.3.4, for=127.0.0.9~",
        "1.2.3.4 http h | Forwarded: for=1.2.3.4~Forwarded: for=127.0.0.9~",
        "0:0:0:0:0:0:0:7 http h | Forwarded: for=\"[::7]:80\"~",
        "_hidden http h | Forwarded: for=9.9.9.9, for=_hidden~",
        "unknown http h | Forwarded: for=unknown~",
        "127.0.0.1 http h | Forwarded: for=1.2.3.4;for=5.6.7.8~",
        "127.0.0.1 http h | Forwarded: for=\"1.2.3.4~",
        "127.0.0.1 http h | Forwarded: 1.2.3.4~",
        "127.0.0.1 http h | Forwarded: for=999.2.3.4~",
        "1.2.3.4 http h | Forwarded: for=1.2.3.4;proto=gopher;host=\"a b\"~",
        "127.0.0.1 http h | X-Forwarded-For: 1.2.3.4~",
      })
  void theStandardFieldNamesTheLastClientThatIsNoProxy(String origin, String fields)
      throws IOException {
    assertEquals(origin, ask(behind(Proxies.forwarded("127.0.0.0/8")), fields));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1.2.3.4 http h | X-Forwarded-For: 1.2.3.4~",
        "5.6.7.8 http h | X-Forwarded-For: 1.2.3.4, 5.6.7.8~",
        "1.2.3.4 http h | X-Forwarded-For: 1.2.3.4, 127.0.0.1~",
        "1.2.3.4 https a | X-Forwarded-For: 1.2.3.4~X-Forwarded-Proto: https~X-Forwarded-Host: a~",
        "0:0:0:0:0:0:0:7 http h | X-Forwarded-For: ::7~",
        "127.0.0.1 http h | X-Forwarded-For: nonsense~",
        "127.0.0.1 http h | Forwarded: for=1.2.3.4~",
      })
  void theOlderFieldsDoToo(String origin, String fields) throws IOException {
    assertEquals(origin, ask(behind(Proxies.xForwarded("127.0.0.1")), fields));
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/x", "", "::1/129"})
  void aNetworkThatIsNoneIsRefused(String network) {
    assertThrows(IllegalArgumentException.class, () -> Proxies.forwarded(network));
  }

  // ------------------------------------------------------------------------- the PROXY protocol

  private static String askBehind(byte[] line) throws IOException {
    var bytes = new ByteArrayOutputStream();
    bytes.write(line);
    bytes.writeBytes("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".getBytes(ISO_8859_1));
    try (var server = Server.start(ANY, ORIGIN, ServerOptions.DEFAULT.withProxyProtocol(true))) {
      var whole = Raw.ask(server.port(), bytes.toByteArray(), Raw.WHOLE);
      assertEquals(whole.length(), Raw.ask(server.port(), bytes.toByteArray(), Raw.BYTES).length());
      return whole.isEmpty() ? "" : Raw.body(whole);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1.2.3.4 http h | PROXY TCP4 1.2.3.4 5.6.7.8 1 65535~",
        "0:0:0:0:0:0:0:7 http h | PROXY TCP6 ::7 ::8 1 2~",
        "127.0.0.1 http h | PROXY UNKNOWN~",
        "127.0.0.1 http h | PROXY UNKNOWN ffff::1 ffff::2 1 2~",
        "'' | PROXY TCP4 1.2.3.4 5.6.7.8 1 65536~",
        "'' | PROXY TCP4 1.2.3.4 5.6.7.8 01 2~",
        "'' | PROXY TCP4 ::7 ::8 1 2~",
        "'' | PROXY TCP4 1.2.3.4 5.6.7.8 1~",
        "'' | PROXY TCP4  1.2.3.4 5.6.7.8 1 2~",
        "'' | PROXY UDP4 1.2.3.4 5.6.7.8 1 2~",
        "'' | proxy TCP4 1.2.3.4 5.6.7.8 1 2~",
        "'' | GET / HTTP/1.1~Host: h~~",
        "'' | PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n",
      })
  void itsFirstVersionIsALine(String origin, String line) throws IOException {
    assertEquals(origin, askBehind(line.replace("~", "\r\n").getBytes(ISO_8859_1)));
  }

  @ParameterizedTest
  @CsvSource({
    "1.2.3.4 http h, 2111000c 01020304 05060708 0001 0002",
    "1.2.3.4 http h, 21110010 01020304 05060708 0001 0002 04000100",
    "0:0:0:0:0:0:0:7 http h, 21210024 00000000000000000000000000000007"
        + " 00000000000000000000000000000008 0001 0002",
    "127.0.0.1 http h, 20000000",
    "127.0.0.1 http h, 2011000c 01020304 05060708 0001 0002",
    "127.0.0.1 http h, 21000000",
    "'', 1111000c 01020304 05060708 0001 0002",
    "'', 2211000c 01020304 05060708 0001 0002",
    "'', 2112000c 01020304 05060708 0001 0002",
    "'', 2111000b 01020304 05060708 0001 00",
    "'', 2111ffff 01020304 05060708 0001 0002",
  })
  void itsSecondVersionIsBytes(String origin, String bytes) throws IOException {
    assertEquals(origin, askBehind(HexFormat.of().parseHex(SIGNATURE + bytes.replace(" ", ""))));
  }

  @Test
  void aProxyThatSaysNothingIsNotWaitedForForEver() throws Exception {
    var times = TimeLimits.DEFAULT.withFirstByte(Duration.ofMillis(50));
    var options =
        ServerOptions.DEFAULT
            .withProxyProtocol(true)
            .withLimits(ServerLimits.DEFAULT.withTimes(times));
    try (var server = Server.start(ANY, ORIGIN, options);
        var client = new Socket("localhost", server.port())) {
      Raw.send(client, "PROXY TCP4 1.2");

      assertEquals("", Raw.readAll(client));
    }
  }
}
