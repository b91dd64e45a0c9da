package net.eventlet.wsgi.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import net.eventlet.Eventlet;
import net.eventlet.GreenConnection;
import net.eventlet.GreenSocket;
import net.eventlet.green.GreenSsl;
import org.jspecify.annotations.Nullable;

/// Opens a WebSocket from a client's end: connects, asks, and checks what the server answers.
///
/// Source: RFC 6455 section 4.1.
final class Opening {

  private static final int HEAD_BYTES_MAX = 32 * 1024;
  private static final int KEY_BYTES = 16;

  private final URI uri;
  private final ConnectOptions options;
  private final boolean secure;
  private final int port;
  private final long deadline; // in nanoseconds

  /// A server's answer: its first line, and its fields by lower-case name and value.
  private record Answer(String status, List<String[]> fields) {

    List<String> values(String name) {
      return fields.stream().filter(field -> field[0].equals(name)).map(field -> field[1]).toList();
    }
  }

  Opening(URI uri, ConnectOptions options) {
    var scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    secure = scheme.equals("wss");
    if ((!secure && !scheme.equals("ws"))
        || uri.getHost() == null
        || uri.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "a WebSocket's address is ws://HOST/ or wss://HOST/, without a #: " + uri);
    }
    this.uri = uri;
    this.options = options;
    port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
    deadline = System.nanoTime() + options.patience().toNanos();
  }

  WebSocket open() throws IOException {
    var host = uri.getHost().replaceAll("[\\[\\]]", "");
    var socket =
        Eventlet.connect(
            options.proxy().orElse(InetSocketAddress.createUnresolved(host, port)), left());
    var done = false;
    try {
      socket.writeLimit(left());
      if (options.proxy().isPresent()) {
        tunnel(socket);
      }
      var webSocket = ask(secure ? secured(socket, host) : socket);
      done = true;
      return webSocket;
    } finally {
      if (!done) {
        socket.close();
      }
    }
  }

  private Duration left() throws SocketTimeoutException {
    var left = deadline - System.nanoTime();
    if (left <= 0) {
      throw new SocketTimeoutException("the server did not answer within " + options.patience());
    }
    return Duration.ofNanos(left);
  }

  private String authority(boolean always) {
    var usual = port == (secure ? 443 : 80);
    return always || !usual ? uri.getHost() + ":" + port : uri.getHost();
  }

  private void tunnel(GreenSocket socket) throws IOException {
    var there = authority(true);
    send(socket.getOutputStream(), "CONNECT %1$s HTTP/1.1\r\nHost: %1$s\r\n\r\n".formatted(there));
    var answer = read(socket);
    if (!answer.status.matches("HTTP/1\\.[01] 2\\d\\d( .*)?")) {
      throw new ProtocolException("the proxy does not connect to " + there + ": " + answer.status);
    }
  }

  private GreenConnection secured(GreenSocket socket, String host) throws IOException {
    try {
      var tls = options.tls().isPresent() ? options.tls().get() : SSLContext.getDefault();
      var secured = GreenSsl.wrap(socket, tls, host);
      secured.readLimit(left());
      secured.startHandshake();
      return secured;
    } catch (NoSuchAlgorithmException impossible) {
      throw new IOException(impossible);
    }
  }

  private WebSocket ask(GreenConnection socket) throws IOException {
    var random = new SecureRandom();
    var nonce = new byte[KEY_BYTES];
    random.nextBytes(nonce);
    var key = Base64.getEncoder().encodeToString(nonce);
    var path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    var target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    var request = new StringBuilder("GET ").append(target).append(" HTTP/1.1\r\nHost: ");
    request.append(authority(false));
    request.append("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13");
    request.append("\r\nSec-WebSocket-Key: ").append(key).append("\r\n");
    if (!options.protocols().isEmpty()) {
      request.append("Sec-WebSocket-Protocol: ");
      request.append(String.join(", ", options.protocols())).append("\r\n");
    }
    if (options.compression().offered()) {
      request.append("Sec-WebSocket-Extensions: ");
      request.append(Extension.offer(options.compression())).append("\r\n");
    }
    options
        .headers()
        .forEach((name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
    send(socket.getOutputStream(), request.append("\r\n").toString());
    var answer = read(socket);
    check(answer, WebSocketWsgi.accept(key));
    var extension = extension(answer);
    var kit = new Kit(options.limits(), options.compression());
    socket.readLimit(null);
    return WebSocket.ofClient(
        new Wire(socket, socket.getInputStream(), socket.getOutputStream()),
        kit,
        random,
        extension,
        target,
        protocol(answer));
  }

  private static void send(OutputStream output, String head) throws IOException {
    output.write(head.getBytes(ISO_8859_1));
    output.flush();
  }

  /// Reads a head, and no byte behind it.
  private Answer read(GreenConnection socket) throws IOException {
    var input = socket.getInputStream();
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
      socket.readLimit(left());
      var next = input.read();
      if (next < 0 || head.length() == HEAD_BYTES_MAX) {
        throw new ProtocolException(
            next < 0
                ? "the server hung up: " + uri
                : "the server's answer has a huge head: " + uri);
      }
      head.append((char) next);
    }
    var lines = head.substring(0, head.length() - 4).split("\r\n", -1);
    var fields = new ArrayList<String[]>();
    for (var i = 1; i < lines.length; i++) {
      var colon = lines[i].indexOf(':');
      if (colon < 0 || !Tokens.isToken(lines[i].substring(0, colon))) {
        throw new ProtocolException("the server's answer has a malformed field: " + lines[i]);
      }
      fields.add(
          new String[] {
            lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
            lines[i].substring(colon + 1).strip()
          });
    }
    return new Answer(lines[0], fields);
  }

  private void check(Answer answer, String accept) throws ProtocolException {
    if (!answer.status.matches("HTTP/1\\.1 101( .*)?")) {
      throw new ProtocolException("no WebSocket at " + uri + ": " + answer.status);
    }
    if (!Tokens.contain(answer.values("upgrade"), "websocket")
        || !Tokens.contain(answer.values("connection"), "upgrade")
        || !answer.values("sec-websocket-accept").equals(List.of(accept))) {
      throw new ProtocolException("what answers at " + uri + " does not understand WebSocket");
    }
  }

  private Optional<String> protocol(Answer answer) throws ProtocolException {
    var chosen = answer.values("sec-websocket-protocol");
    if (chosen.size() > 1 || !options.protocols().containsAll(chosen)) {
      throw new ProtocolException("the server chose a protocol that was not offered: " + chosen);
    }
    return chosen.stream().findFirst();
  }

  private @Nullable Extension extension(Answer answer) throws ProtocolException {
    try {
      return Extension.agreed(answer.values("sec-websocket-extensions"), options.compression());
    } catch (IllegalArgumentException notOffered) {
      throw new ProtocolException(notOffered.getMessage());
    }
  }
}
