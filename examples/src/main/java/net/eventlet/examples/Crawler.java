package net.eventlet.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;
import static net.eventlet.Eventlet.*;

import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.List;
import net.eventlet.GreenPool;
import net.eventlet.TPool;
import net.eventlet.Timeout;

/// Fetches pages, two hundred at once, and prints what came of each in the order of the addresses:
/// from the arguments, else from standard input. On a terminal a bar shows how far it is.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/Crawler.java < URLS`
///
/// Source: the slides; `examples/webcrawler.py`. Plain `http` only: for `https` see `FeedReader`.
public final class Crawler {

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

  private static String fetch(String page) {
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
    var port = page.getPort() < 0 ? page.getDefaultPort() : page.getPort();
    try (var server = connect(InetSocketAddress.createUnresolved(page.getHost(), port))) {
      var path = page.getFile().replaceFirst("^/?", "/");
      server.write(
          UTF_8.encode("GET " + path + " HTTP/1.0\r\nHost: " + page.getAuthority() + "\r\n\r\n"));
      var status = server.readLine();
      while (!requireNonNullElse(server.readLine(), "").isEmpty()) {
        // a header, of which none matters here
      }
      return status + ", " + server.getInputStream().readAllBytes().length + " bytes";
    }
  }
}
