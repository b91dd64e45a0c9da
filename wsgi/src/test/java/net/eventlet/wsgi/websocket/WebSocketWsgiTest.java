package net.eventlet.wsgi.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import net.eventlet.wsgi.Response;
import net.eventlet.wsgi.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may open a WebSocket, and what was agreed then.
@Timeout(30)
class WebSocketWsgiTest {

  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate";

  private static String ask(WebSocketOptions options, String request) throws IOException {
    try (var server = Server.start(ANY, new WebSocketWsgi(_ -> {}, options));
        var peer = Peer.ask(server.port(), request)) {
      return peer.head();
    }
  }

  private static int status(String request) throws IOException {
    return Integer.parseInt(ask(WebSocketOptions.DEFAULT, request).substring(9, 12));
  }

  @Test
  void theAnswerShowsThatTheServerUnderstood() throws IOException {
    var head = ask(WebSocketOptions.DEFAULT, Peer.request());

    assertTrue(head.startsWith("HTTP/1.1 101 Switching Protocols\r\n"), head);
    assertTrue(head.contains("\r\nconnection: upgrade\r\nupgrade: websocket\r\n"), head);
    assertTrue(head.contains("\r\nsec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), head);
    assertFalse(head.contains("sec-websocket-extensions"), head);
    assertFalse(head.contains("sec-websocket-protocol"), head);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, POST, 405",
    "Upgrade: websocket, Upgrade: h2c, 426",
    "Upgrade: websocket, X: y, 426",
    "'keep-alive, Upgrade', keep-alive, 426",
    "Version: 13, Version: 8, 426",
    "Version: 13, X: y, 426",
    "Sec-WebSocket-Key, X, 400",
    "Q==, Q, 400",
    "dGhl, !Ghl, 400",
    "Host: localhost, 'Host: localhost\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 400",
    "Host: localhost, 'Host: localhost\r\nContent-Length: 1', 400",
    "Host: localhost, 'Host: localhost\r\nTransfer-Encoding: chunked', 400",
    "Host: localhost, 'Host: localhost\r\nSec-WebSocket-Protocol: a b', 400",
    "Host: localhost, 'Host: localhost\r\nSec-WebSocket-Protocol: a, a', 400",
    "Host: localhost, 'Host: localhost\r\nSec-WebSocket-Extensions: a;=', 400",
    "Host: localhost, 'Host: localhost\r\nOrigin: http://elsewhere', 403",
    "Host: localhost, 'Host: localhost\r\nOrigin: http://localhost:81', 403",
    "Host: localhost, 'Host: localhost\r\nOrigin: null', 403",
    "Host: localhost, 'Host: localhost\r\n"
        + "Origin: http://localhost\r\n"
        + "Origin: http://localhost', 403",
    "Host: localhost, 'Host: localhost:443\r\nOrigin: https://LOCALHOST', 101",
    "Host: localhost, 'Host: localhost\r\nOrigin: http://localhost', 101",
    "Upgrade: websocket, 'Upgrade: h2c, WebSocket', 101"
  })
  void aRequestThatIsNotRightIsRefused(String part, String instead, int expected)
      throws IOException {
    assertEquals(expected, status(Peer.request().replace(part, instead)));
  }

  @Test
  void whoAsksForAnotherVersionIsToldWhichOneThereIs() throws IOException {
    var head = ask(WebSocketOptions.DEFAULT, Peer.request().replace(": 13", ": 7"));

    assertTrue(head.contains("\r\nsec-websocket-version: 13\r\n"), head);
  }

  @Test
  void anyPageMayConnectWhereThatIsSaid() throws IOException {
    var head =
        ask(
            WebSocketOptions.DEFAULT.withOrigins(OriginCheck.ANY),
            Peer.request("Origin: http://elsewhere\r\n"));

    assertTrue(head.startsWith("HTTP/1.1 101 "), head);
  }

  @ParameterizedTest
  @CsvSource({"'b, a', b", "'x, a', a", "a, a"})
  void theFirstProtocolOfTheClientsThatTheServerSpeaksIsChosen(String wanted, String chosen)
      throws IOException {
    var head =
        ask(
            WebSocketOptions.DEFAULT.withProtocols("a", "b"),
            Peer.request("Sec-WebSocket-Protocol: " + wanted + "\r\n"));

    assertTrue(head.contains("\r\nsec-websocket-protocol: " + chosen + "\r\n"), head);
  }

  @Test
  void aProtocolThatNobodyKnowsIsNotChosen() throws IOException {
    var head =
        ask(
            WebSocketOptions.DEFAULT.withProtocols("a"),
            Peer.request("Sec-WebSocket-Protocol: x\r\n"));

    assertTrue(head.startsWith("HTTP/1.1 101 "), head);
    assertFalse(head.contains("sec-websocket-protocol"), head);
  }

  @ParameterizedTest
  @CsvSource({
    "'', '; server_no_context_takeover; client_no_context_takeover'",
    "; client_max_window_bits, '; server_no_context_takeover; client_no_context_takeover'",
    "; server_max_window_bits=\"10\","
        + " '; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10'",
    "'; unknown, permessage-deflate', '; server_no_context_takeover; client_no_context_takeover'"
  })
  void nothingIsKeptBetweenMessagesUnlessThatIsAskedFor(String offer, String agreed)
      throws IOException {
    var head = ask(WebSocketOptions.DEFAULT, Peer.request(DEFLATE + offer + "\r\n"));

    assertTrue(
        head.contains("\r\nsec-websocket-extensions: permessage-deflate" + agreed + "\r\n"), head);
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "; server_no_context_takeover, ; server_no_context_takeover",
    "; client_no_context_takeover, ; client_no_context_takeover",
    "; server_max_window_bits=9, '; server_no_context_takeover; server_max_window_bits=9'",
    "; server_max_window_bits=15, ''"
  })
  void contextIsKeptWhereBothWantIt(String offer, String agreed) throws IOException {
    var head =
        ask(
            WebSocketOptions.DEFAULT.withCompression(Compression.STREAM),
            Peer.request(DEFLATE + offer + "\r\n"));

    assertTrue(
        head.contains("\r\nsec-websocket-extensions: permessage-deflate" + agreed + "\r\n"), head);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "; server_max_window_bits=7",
        "; server_max_window_bits=16",
        "; server_max_window_bits",
        "; server_max_window_bits=010",
        "; client_max_window_bits=16",
        "; server_no_context_takeover=1",
        "; unknown"
      })
  void anOfferThatCannotBeKeptIsDeclined(String offer) throws IOException {
    var head = ask(WebSocketOptions.DEFAULT, Peer.request(DEFLATE + offer + "\r\n"));

    assertTrue(head.startsWith("HTTP/1.1 101 "), head);
    assertFalse(head.contains("sec-websocket-extensions"), head);
  }

  @Test
  void nothingIsCompressedWhereTheServerDoesNotWantIt() throws IOException {
    var head =
        ask(
            WebSocketOptions.DEFAULT.withCompression(Compression.NONE),
            Peer.request(DEFLATE + "\r\n"));

    assertFalse(head.contains("sec-websocket-extensions"), head);
  }

  @Test
  void aHandlerCanBeMadeForARequest() throws IOException {
    var sockets = new WebSocketWsgi(_ -> {});
    try (var server =
            Server.start(
                ANY,
                request -> {
                  var query = request.query();
                  return request.path().equals("/chat")
                      ? sockets.answer(request, socket -> socket.send(query + socket.target()))
                      : Response.of(404);
                });
        var peer = Peer.open(server.port())) {
      assertEquals("room=1/chat?room=1", peer.read().text());
    }
  }
}
