package net.eventlet.wsgi;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLConnection;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.eventlet.TPool;
import org.jspecify.annotations.Nullable;

/// Serves the files of a folder: with `ETag` and `Last-Modified`, which a client may ask again
/// with; with ranges, which it may go on with; and with a page for a folder that has no
/// `index.html`.
///
/// ```java
/// Server.start(address, new FileServer(Path.of("public")));
/// ```
///
/// Nothing outside the folder is served, through `..` or a symbolic link; nor is what begins with a
/// dot. Files are read by [TPool], a quarter of a MiB at a time, so that the disk holds up nobody.
///
/// Source: Python's `SimpleHTTPServer`, which has no ranges; RFC 9110 sections 13 and 14.
public final class FileServer implements Application {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
  private static final int BLOCK_BYTES = 256 * 1024;

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
    var answer = TPool.execute(() -> find(asked));
    return switch (answer) {
      case Missing() -> Response.text("Not Found\n").withStatus(404);
      case Listed(var page) -> Response.html(page);
      case Elsewhere() ->
          Response.of(301).with("location", request.target().replaceFirst("(\\?.*)?$", "/$1"));
      case Found found -> send(request, found);
    };
  }

  private sealed interface Answer {}

  private record Missing() implements Answer {}

  private record Elsewhere() implements Answer {}

  private record Listed(String page) implements Answer {}

  private record Found(Path file, long size, Instant modified) implements Answer {

    String tag() {
      return "\"%x-%x\"".formatted(size, modified.toEpochMilli());
    }
  }

  private Answer find(String asked) throws IOException {
    try {
      if (asked.indexOf('\0') >= 0 || asked.contains("/.")) {
        return new Missing();
      }
      var path = root.resolve(asked.replaceFirst("^/+", "")).toRealPath();
      if (!path.startsWith(root)) {
        return new Missing();
      }
      if (Files.isDirectory(path)) {
        if (!asked.endsWith("/")) {
          return new Elsewhere();
        }
        var index = path.resolve("index.html");
        return Files.isRegularFile(index) ? found(index) : new Listed(page(path, asked));
      }
      return asked.endsWith("/") || !Files.isRegularFile(path) ? new Missing() : found(path);
    } catch (NoSuchFileException | InvalidPathException e) {
      return new Missing();
    }
  }

  private static Found found(Path file) throws IOException {
    var attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new Found(file, attributes.size(), attributes.lastModifiedTime().toInstant());
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

  private static Response send(Request request, Found found) throws Exception {
    if (isUnchanged(request, found)) {
      return described(Response.of(304), found);
    }
    var range = request.header("range").map(RANGE::matcher).filter(match -> match.matches());
    if (range.isEmpty() || !isSameAsBefore(request, found)) {
      return described(body(found, 0, found.size), found);
    }
    var from = range.get().group(1);
    var to = range.get().group(2);
    if (from.isEmpty() && to.isEmpty()) {
      return described(body(found, 0, found.size), found);
    }
    var begin =
        from.isEmpty() ? Math.max(0, found.size - Long.parseLong(to)) : Long.parseLong(from);
    var end =
        from.isEmpty() || to.isEmpty() ? found.size : Math.min(found.size, Long.parseLong(to) + 1);
    if (!from.isEmpty() && !to.isEmpty() && Long.parseLong(to) < begin) {
      return described(body(found, 0, found.size), found); // no range at all
    }
    if (begin >= found.size || begin >= end) {
      return Response.of(416).with("content-range", "bytes */" + found.size);
    }
    return described(body(found, begin, end), found)
        .withStatus(206)
        .with("content-range", "bytes %d-%d/%d".formatted(begin, end - 1, found.size));
  }

  private static boolean isUnchanged(Request request, Found found) {
    var tags = request.header("if-none-match");
    if (tags.isPresent()) {
      return tags.get().equals("*") || tags.get().contains(found.tag());
    }
    return request.header("if-modified-since").map(FileServer::parse).stream()
        .anyMatch(since -> !found.modified.truncatedTo(ChronoUnit.SECONDS).isAfter(since));
  }

  private static boolean isSameAsBefore(Request request, Found found) {
    var before = request.header("if-range");
    return before.isEmpty()
        || before.get().equals(found.tag())
        || found.modified.truncatedTo(ChronoUnit.SECONDS).equals(parse(before.get()));
  }

  private static @Nullable Instant parse(String date) {
    try {
      return Instant.from(DATE.parse(date));
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static Response described(Response response, Found found) {
    return response
        .with("etag", found.tag())
        .with("last-modified", DATE.format(found.modified))
        .with("accept-ranges", "bytes");
  }

  private static Response body(Found found, long begin, long end) throws Exception {
    var name = found.file.getFileName().toString();
    var type =
        Objects.requireNonNullElse(
            URLConnection.guessContentTypeFromName(name), "application/octet-stream");
    return Response.stream(type, new Blocks(found.file, begin), end - begin);
  }

  /// A file from some byte on, opened with the first read.
  private static final class Blocks extends InputStream {

    private final Path file;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES).limit(0);
    private long position;
    private @Nullable FileChannel channel; // null until it is read

    Blocks(Path file, long position) {
      this.file = file;
      this.position = position;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (!block.hasRemaining() && !refill()) {
        return -1;
      }
      var count = Math.min(length, block.remaining());
      block.get(bytes, offset, count);
      return count;
    }

    private boolean refill() throws IOException {
      block.clear();
      try {
        var count = TPool.execute(this::readBlock);
        block.flip();
        position += Math.max(0, count);
        return count > 0;
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
      }
    }

    private int readBlock() throws IOException {
      var open = channel;
      if (open == null) {
        open = FileChannel.open(file);
        channel = open;
      }
      return open.read(block, position);
    }

    @Override
    public void close() throws IOException {
      if (channel != null) {
        channel.close();
      }
    }
  }
}
