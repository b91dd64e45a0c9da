package net.eventlet.wsgi;

import java.io.IOException;
import java.net.URLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.stream.Collectors;
import net.eventlet.TPool;

/// Serves the files of a folder: with `ETag` and `Last-Modified`, which a client may ask again
/// with; with ranges, which it may go on with; and with a page for a folder that has no
/// `index.html`.
///
/// ```java
/// Server.start(address, new FileServer(Path.of("public")));
/// ```
///
/// Nothing outside the folder is served, through `..` or a symbolic link; nor is what begins with a
/// dot. The kernel sends what it has in memory; the rest is read by [TPool], so that the disk holds
/// up nobody.
///
/// Source: Python's `SimpleHTTPServer`, which has no ranges; RFC 9110 sections 13 and 14.
public final class FileServer implements Application {

  private final Path root;

  /// Creates a server of a folder.
  ///
  /// @param root the folder
  /// @throws IOException if it is none
  public FileServer(Path root) throws IOException {
    this.root = root.toRealPath();
    if (!Files.isDirectory(this.root)) {
      throw new IOException(root + " is not a folder");
    }
  }

  @Override
  public Response handle(Request request) throws Exception {
    var method = request.method();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return Response.of(405).with("allow", "GET, HEAD");
    }
    var asked = request.path();
    var answer = OpenFile.open(() -> find(asked));
    return switch (answer) {
      case Missing() -> Response.text("Not Found\n").withStatus(404);
      case Listed(var page) -> Response.html(page);
      case Elsewhere() ->
          Response.of(301).with("location", request.target().replaceFirst("(\\?.*)?$", "/$1"));
      case Found(var file) -> send(request, file);
    };
  }

  /// What a path leads to.
  private sealed interface Answer extends AutoCloseable {
    @Override
    default void close() throws IOException {}
  }

  private record Missing() implements Answer {}

  private record Elsewhere() implements Answer {}

  private record Listed(String page) implements Answer {}

  private record Found(OpenFile file) implements Answer {
    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private Answer find(String asked) throws IOException {
    try {
      if (asked.indexOf('\0') >= 0 || asked.contains("/.")) {
        return new Missing();
      }
      var path = root.resolve(asked.replaceFirst("^/+", ""));
      if (Files.isDirectory(path)) {
        if (!path.toRealPath().startsWith(root)) {
          return new Missing();
        }
        if (!asked.endsWith("/")) {
          return new Elsewhere();
        }
        var index = path.resolve("index.html");
        return Files.isRegularFile(index) ? found(index) : new Listed(page(path, asked));
      }
      return asked.endsWith("/") || !Files.isRegularFile(path) ? new Missing() : found(path);
    } catch (NoSuchFileException | AccessDeniedException | InvalidPathException e) {
      return new Missing();
    }
  }

  /// Opens a file, and looks where it is only then: what its name means may change meanwhile.
  private Answer found(Path path) throws IOException {
    var file = OpenFile.openHere(path);
    if (file.realPath().startsWith(root)) {
      return new Found(file);
    }
    file.close();
    return new Missing();
  }

  private static String page(Path folder, String asked) throws IOException {
    try (var inside = Files.list(folder)) {
      return inside
          .map(path -> path.getFileName() + (Files.isDirectory(path) ? "/" : ""))
          .filter(name -> !name.startsWith("."))
          .sorted()
          .map(name -> "<li><a href=\"./%s\">%s</a></li>".formatted(encoded(name), escaped(name)))
          .collect(
              Collectors.joining(
                  "\n",
                  "<!doctype html><meta charset=\"utf-8\"><title>%1$s</title><h1>%1$s</h1>\n<ul>\n"
                      .formatted(escaped(asked)),
                  "\n</ul>\n"));
    }
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  // -------------------------------------------------------------------------------------- sending

  /// {@return an answer with one file, whole or the part that the client asks for, or 304 if it has
  /// it already}
  ///
  /// @param request asks for it
  /// @param file regular, and readable
  /// @throws IOException if it is not
  public static Response send(Request request, Path file) throws IOException {
    return send(request, OpenFile.open(file));
  }

  private static Response send(Request request, OpenFile file) throws IOException {
    var tag = "\"%x-%x\"".formatted(file.size(), file.modified().toEpochMilli());
    var modified = file.modified().truncatedTo(ChronoUnit.SECONDS);
    var conditions = new Conditions(request, tag, modified);
    if (conditions.failed()) {
      file.close();
      return Response.of(412);
    }
    if (conditions.unchanged()) {
      file.close();
      return described(Response.of(304), tag, modified);
    }
    var type =
        Objects.requireNonNullElse(
            URLConnection.guessContentTypeFromName(file.file().getFileName().toString()),
            "application/octet-stream");
    return switch (conditions.range(file.size())) {
      case Range.Whole() -> described(Response.file(type, file, 0, file.size()), tag, modified);
      case Range.Part(var begin, var end) ->
          described(Response.file(type, file, begin, end - begin), tag, modified)
              .withStatus(206)
              .with("content-range", "bytes %d-%d/%d".formatted(begin, end - 1, file.size()));
      case Range.None() -> {
        file.close();
        yield Response.of(416).with("content-range", "bytes */" + file.size());
      }
    };
  }

  private static Response described(Response response, String tag, Instant modified) {
    return response
        .with("etag", tag)
        .with("last-modified", HttpDate.text(modified))
        .with("accept-ranges", "bytes");
  }
}
