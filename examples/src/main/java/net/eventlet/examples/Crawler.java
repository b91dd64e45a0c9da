package net.eventlet.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.eventlet.Eventlet.*;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.eventlet.GreenPool;
import net.eventlet.GreenSocket;
import net.eventlet.TPool;
import net.eventlet.Timeout;

/// Fetches pages, two hundred at once, and prints what came of each in the order of the addresses:
/// from the arguments, else from standard input. On a terminal a bar shows how far it is.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/Crawler.java < URLS`
///
/// Source: the slides; `examples/webcrawler.py`. Plain `http` only: for `https` see `FeedReader`.
public final class Crawler {

  /// Connections between two pages, by server. Green threads of one hub share it without a lock.
  private static final Map<String, Deque<GreenSocket>> RESTING = new HashMap<>();

  @SuppressWarnings("SystemConsoleNull") // it is null where there is no terminal
  public static void main(String[] arguments) throws Exception {
    var urls =
        arguments.length > 0
            ? List.of(arguments)
            : TPool.execute(() -> new InputStreamReader(System.in, UTF_8).readAllLines());
    var console = System.console();
    var bar = console != null && console.isTerminal();
    var done = 0;
    try (var pool = new GreenPool(200);
        var pages = pool.imap(Crawler::fetch, urls)) {
      for (var page : pages) {
        IO.println((bar ? "\r\033[K" : "") + page);
        done++;
        if (bar) {
          IO.print("#".repeat(50 * done / urls.size()) + " " + done + "/" + urls.size());
        }
      }
    }
    IO.println(bar ? "" : done + " pages");
  }

  /// {@return what came of a page: its status and its size, or why there is none}
  ///
  /// @param page its address
  public static String fetch(String page) {
    try (var _ = Timeout.after(Duration.ofSeconds(30))) {
      return page + " " + fetch(URI.create(page).toURL());
    } catch (IOException | IllegalArgumentException | Timeout failure) {
      return page + " " + failure.getMessage();
    }
  }

  private static String fetch(URL page) throws IOException {
    if (!page.getProtocol().equals("http")) {
      throw new IOException("is not plain http");
    }
    var resting = RESTING.computeIfAbsent(page.getAuthority(), _ -> new ArrayDeque<>());
    var server = resting.pollLast();
    if (server != null) {
      try {
        return fetch(page, server, resting);
      } catch (IOException closedByTheServer) {
        // as it may at any time: once more on a new one
      }
    }
    var port = page.getPort() < 0 ? page.getDefaultPort() : page.getPort();
    server = connect(InetSocketAddress.createUnresolved(page.getHost(), port));
    return fetch(page, server, resting);
  }

  private static String fetch(URL page, GreenSocket server, Deque<GreenSocket> resting)
      throws IOException {
    var keep = false;
    try {
      var path = page.getFile().replaceFirst("^/?", "/");
      server.write(
          UTF_8.encode(
              "GET %s HTTP/1.0\r\nHost: %s\r\nConnection: keep-alive\r\n\r\n"
                  .formatted(path, page.getAuthority())));
      var status = server.readLine();
      var length = -1;
      for (var line = field(server); !line.isEmpty(); line = field(server)) {
        if (line.startsWith("content-length:")) {
          length = Integer.parseInt(line.substring(15).strip());
        }
        keep |= line.equals("connection: keep-alive");
      }
      var input = server.getInputStream();
      var body = length < 0 ? input.readAllBytes() : input.readNBytes(length);
      keep &= body.length == length;
      return status + ", " + body.length + " bytes";
    } finally {
      if (keep) {
        resting.addLast(server);
      } else {
        server.close();
      }
    }
  }

  private static String field(GreenSocket server) throws IOException {
    var line = server.readLine();
    if (line == null) {
      throw new EOFException("the server closed the connection");
    }
    return line.toLowerCase(Locale.ROOT);
  }
}
