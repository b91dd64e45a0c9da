package net.eventlet.wsgi.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.eventlet.Eventlet;
import net.eventlet.GreenSocket;
import net.eventlet.GreenThreadExit;
import net.eventlet.wsgi.Application;
import net.eventlet.wsgi.Request;
import net.eventlet.wsgi.Response;
import net.eventlet.wsgi.Upgraded;
import org.jspecify.annotations.Nullable;

/// An application that speaks WebSocket.
///
/// ```java
/// Server.start(address, new WebSocketWsgi(socket -> socket.send("hello")));
/// ```
///
/// A request that does not ask for it, or asks wrongly, is answered with 400, 403, 405 or 426. When
/// the server closes, open WebSockets are closed with [CloseStatus#GOING_AWAY], and cut off when
/// its grace is over.
///
/// Source: RFC 6455 section 4.2; `eventlet/websocket.py`, class `WebSocketWSGI`. There pages of any
/// origin may connect, and older drafts are spoken too.
public final class WebSocketWsgi implements Application {

  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final String VERSION = "13";
  private static final int KEY_BYTES = 16;
  private static final int KEY_LENGTH = 24; // in Base64

  private final WebSocketHandler handler;
  private final WebSocketOptions options;
  private final Kit kit;

  /// Creates one with the usual options.
  ///
  /// @param handler what to do with each WebSocket
  public WebSocketWsgi(WebSocketHandler handler) {
    this(handler, WebSocketOptions.DEFAULT);
  }

  /// Creates one.
  ///
  /// @param handler what to do with each WebSocket
  /// @param options how
  public WebSocketWsgi(WebSocketHandler handler, WebSocketOptions options) {
    this(handler, options, new Kit(options.limits(), options.compression()));
  }

  WebSocketWsgi(WebSocketHandler handler, WebSocketOptions options, Kit kit) {
    this.handler = Objects.requireNonNull(handler, "handler");
    this.options = options;
    this.kit = kit;
  }

  @Override
  public Response handle(Request request) {
    return answer(request, handler);
  }

  /// Answers a request with a handler made for it: one that knows who asked, and for what.
  ///
  /// @param request that asks for a WebSocket
  /// @param handler what to do with it
  /// @return the upgrade, or why there is none
  public Response answer(Request request, WebSocketHandler handler) {
    if (!request.method().equals("GET")) {
      return Response.of(405).with("allow", "GET");
    }
    if (!Tokens.contain(request.headers("upgrade"), "websocket")
        || !Tokens.contain(request.headers("connection"), "upgrade")) {
      return Response.text("this resource speaks WebSocket\n")
          .withStatus(426)
          .with("upgrade", "websocket");
    }
    if (!request.headers("sec-websocket-version").equals(List.of(VERSION))) {
      return Response.text("this resource speaks version 13 of WebSocket\n")
          .withStatus(426)
          .with("upgrade", "websocket")
          .with("sec-websocket-version", VERSION);
    }
    var origins = request.headers("origin");
    if (origins.size() > 1
        || (!origins.isEmpty()
            && !options.origins().allows(request.header("host").orElse(""), origins.getFirst()))) {
      return Response.text("pages of this origin may not open WebSockets here\n").withStatus(403);
    }
    try {
      return upgrade(request, handler);
    } catch (IllegalArgumentException malformed) {
      return Response.text(malformed.getMessage() + "\n").withStatus(400);
    }
  }

  private Response upgrade(Request request, WebSocketHandler handler) {
    var keys = request.headers("sec-websocket-key");
    if (keys.size() != 1 || !isKey(keys.getFirst())) {
      throw new IllegalArgumentException("Sec-WebSocket-Key must be sixteen bytes in Base64");
    }
    if (!request.header("content-length").orElse("0").matches("0+")
        || request.header("transfer-encoding").isPresent()) {
      throw new IllegalArgumentException("a request for a WebSocket has no body");
    }
    var wanted = Tokens.split(request.headers("sec-websocket-protocol"));
    if (!wanted.stream().allMatch(Tokens::isToken)
        || wanted.stream().distinct().count() < wanted.size()) {
      throw new IllegalArgumentException(
          "Sec-WebSocket-Protocol must be a list of different tokens");
    }
    var protocol = wanted.stream().filter(options.protocols()::contains).findFirst();
    var extension =
        Extension.choose(request.headers("sec-websocket-extensions"), options.compression());
    var fields = new LinkedHashMap<String, String>();
    fields.put("upgrade", "websocket");
    fields.put("sec-websocket-accept", accept(keys.getFirst()));
    protocol.ifPresent(name -> fields.put("sec-websocket-protocol", name));
    if (extension != null) {
      fields.put("sec-websocket-extensions", extension.answer());
    }
    return Response.upgrade(
        fields, new Switch(kit, handler, extension, request.target(), protocol));
  }

  private static boolean isKey(String key) {
    try {
      return key.length() == KEY_LENGTH && Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /// {@return what a server answers to a client's key}
  static String accept(String key) {
    try {
      var digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /// A connection that has left HTTP.
  private static final class Switch implements Upgraded {

    private final Kit kit;
    private final WebSocketHandler handler;
    private final @Nullable Extension extension;
    private final String target;
    private final Optional<String> protocol;
    private @Nullable WebSocket open; // null until it runs

    Switch(
        Kit kit,
        WebSocketHandler handler,
        @Nullable Extension extension,
        String target,
        Optional<String> protocol) {
      this.kit = kit;
      this.handler = handler;
      this.extension = extension;
      this.target = target;
      this.protocol = protocol;
    }

    @Override
    @SuppressWarnings("try") // it is closed with other codes as well
    public void run(InputStream input, OutputStream output, GreenSocket socket) throws Exception {
      var wire = new Wire(socket, input, output);
      try (var webSocket = WebSocket.ofServer(wire, kit, extension, target, protocol)) {
        open = webSocket;
        talk(webSocket);
      }
    }

    private void talk(WebSocket webSocket) throws Exception {
      try {
        handler.handle(webSocket);
      } catch (IOException failure) {
        if (webSocket.isOpen()) { // it has nothing to do with this connection
          webSocket.close(CloseStatus.FAILED, "");
          throw new UncheckedIOException(failure);
        }
      } catch (Exception failure) {
        webSocket.close(CloseStatus.FAILED, "");
        throw failure;
      } catch (GreenThreadExit killed) {
        webSocket.abandon(CloseStatus.GOING_AWAY);
        throw killed;
      } catch (Error failure) {
        webSocket.abandon(CloseStatus.FAILED);
        throw failure;
      }
    }

    @Override
    public void ending() {
      var webSocket = open;
      if (webSocket != null) {
        Eventlet.spawnN(() -> webSocket.close(CloseStatus.GOING_AWAY, "the server ends"));
      }
    }
  }
}
