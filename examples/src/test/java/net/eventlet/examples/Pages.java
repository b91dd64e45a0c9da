package net.eventlet.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A web server on this machine: the JDK's own.
final class Pages implements AutoCloseable {

  private static final int CLIENTS_THAT_COME_AT_ONCE = 1000;

  private final HttpServer server;
  private final Map<String, String> pages;
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();

  private Pages(HttpServer server, Map<String, String> pages) {
    this.server = server;
    this.pages = pages;
  }

  /// {@return one that runs, and answers 404 where there is no page}
  ///
  /// @param pages by their paths, query included
  static Pages of(Map<String, String> pages) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var server = new Pages(HttpServer.create(address, CLIENTS_THAT_COME_AT_ONCE), pages);
    server.server.createContext("/", server::answer);
    server.server.start();
    return server;
  }

  private void answer(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().toString();
    asked.add(path);
    var page = pages.get(path);
    var body = (page == null ? "" : page).getBytes(UTF_8);
    exchange.sendResponseHeaders(page == null ? 404 : 200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /// {@return the address of a page}
  ///
  /// @param path its path
  String url(String path) {
    return "http://localhost:" + server.getAddress().getPort() + path;
  }

  /// {@return the paths that were asked for until now}
  Queue<String> asked() {
    return asked;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
