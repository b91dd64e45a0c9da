package net.eventlet.wsgi;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import net.eventlet.Timeout;
import net.eventlet.green.Command;
import net.eventlet.green.Stdio;
import net.eventlet.green.Subprocess;

/// Answers requests by programs: `/name/more?query` runs the executable file `name` of a folder.
///
/// A program gets the request as CGI/1.1 has it, the body as its standard input, and a group of
/// processes of its own, which is ended with the answer: when the program has ended, when the
/// client is gone, or when its head does not come in time. What it says of errors goes to this
/// process's standard error.
///
/// Source: RFC 3875; Python's `CGIHTTPServer`. A `Location` is always the client's to follow, and a
/// program gets the server's `PATH` and none of its other variables.
public final class Cgi implements Application {

  private static final int HEAD_BYTES_MAX = 32 * 1024;
  private static final Duration HEAD_LIMIT = Duration.ofSeconds(30);

  private final Path folder;
  private final Duration limit;

  /// Creates one that gives a program thirty seconds to begin its answer.
  ///
  /// @param folder of the programs; what lies deeper is not served
  public Cgi(Path folder) {
    this(folder, HEAD_LIMIT);
  }

  /// Creates one.
  ///
  /// @param folder of the programs; what lies deeper is not served
  /// @param limit longest time until a program's head has come; then the client gets a 504
  /// @throws IllegalArgumentException if `limit` is not positive
  public Cgi(Path folder, Duration limit) {
    if (!limit.isPositive()) {
      throw new IllegalArgumentException("the limit must be positive: " + limit);
    }
    this.folder = Objects.requireNonNull(folder, "folder").toAbsolutePath();
    this.limit = limit;
  }

  @Override
  public Response handle(Request request) throws Exception {
    var path = request.path();
    var end = path.indexOf('/', 1);
    var name = path.substring(Math.min(1, path.length()), end < 0 ? path.length() : end);
    if (name.isEmpty() || name.startsWith(".") || !isProgram(name)) {
      return Response.text("there is no program " + name + "\n").withStatus(404);
    }
    var body = request.body().readAllBytes(); // the server's limits bound it
    var command =
        Command.of(folder.resolve(name).toString())
            .withOnlyVariables(variables(request, name, end < 0 ? "" : path.substring(end), body))
            .withDirectory(folder)
            .withInput(Stdio.bytes(body))
            .withError(Stdio.INHERIT);
    var program = Subprocess.popen(command);
    try {
      return Timeout.call(limit, () -> answer(program));
    } catch (Timeout late) {
      program.close();
      return Response.text(name + " did not answer within " + limit + "\n").withStatus(504);
    } catch (BadHead bad) {
      program.close();
      return Response.text(name + " gave no answer: " + bad.getMessage() + "\n").withStatus(502);
    } catch (Throwable failure) {
      program.close();
      throw failure;
    }
  }

  private boolean isProgram(String name) {
    var file = folder.resolve(name);
    return folder.equals(file.getParent())
        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && Files.isExecutable(file);
  }

  // ----------------------------------------------------------------------------- what it is told

  private static Map<String, String> variables(
      Request request, String name, String more, byte[] body) {
    var variables = new HashMap<String, String>();
    variables.put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
    variables.put("GATEWAY_INTERFACE", "CGI/1.1");
    variables.put("SERVER_SOFTWARE", "Eventlet");
    variables.put("SERVER_PROTOCOL", request.version());
    variables.put("REQUEST_METHOD", request.method());
    variables.put("SCRIPT_NAME", "/" + name);
    variables.put("PATH_INFO", more);
    variables.put("QUERY_STRING", request.query());
    variables.put("REMOTE_ADDR", request.client());
    variables.put("SERVER_NAME", request.host().replaceFirst(":\\d*$", ""));
    if (request.socket().getLocalSocketAddress() instanceof InetSocketAddress inet) {
      variables.put("SERVER_PORT", Integer.toString(inet.getPort()));
    }
    if (body.length > 0) {
      variables.put("CONTENT_LENGTH", Integer.toString(body.length));
    }
    request.header("content-type").ifPresent(type -> variables.put("CONTENT_TYPE", type));
    for (var field : request.headerNames()) {
      var lower = field.toLowerCase(Locale.ROOT);
      switch (lower) {
        case "content-type", "content-length", "transfer-encoding", "authorization", "proxy" -> {
          // said above; a secret of the server's; HTTP_PROXY would mean something else
        }
        default -> {
          if (lower.indexOf('_') < 0) { // it would be taken for one with a hyphen
            variables.put(
                "HTTP_" + lower.toUpperCase(Locale.ROOT).replace('-', '_'),
                String.join(", ", request.headers(field)));
          }
        }
      }
    }
    variables.values().removeIf(value -> value.indexOf('\0') >= 0);
    return variables;
  }

  // ---------------------------------------------------------------------------- what it answers

  private static final class BadHead extends IOException {
    private static final long serialVersionUID = 1;

    private BadHead(String message) {
      super(message);
    }
  }

  private static Response answer(Subprocess program) throws IOException {
    var output = new BufferedInputStream(program.getInputStream());
    var fields = fields(output);
    var type = fields.remove("content-type");
    var status = fields.remove("status");
    var location = fields.get("location");
    fields.remove("content-length"); // what it says need not be true
    if (type == null && location == null && status == null) {
      throw new BadHead("its head has no Content-Type, Location or Status");
    }
    try {
      var response =
          Response.stream(type == null ? "text/plain" : type, new Output(output, program))
              .withStatus(
                  status != null
                      ? Integer.parseInt(status.split(" ", 2)[0])
                      : location == null ? 200 : 302);
      for (var field : fields.entrySet()) {
        response = response.with(field.getKey(), field.getValue());
      }
      return response;
    } catch (IllegalArgumentException e) { // a status, a name or a value that cannot be sent
      throw new BadHead(String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, String> fields(InputStream output) throws IOException {
    var fields = new LinkedHashMap<String, String>();
    var left = HEAD_BYTES_MAX;
    while (true) {
      var line = new StringBuilder();
      for (var c = output.read(); c != '\n'; c = output.read()) {
        if (c < 0) {
          throw new BadHead("its output ends before the empty line behind its head");
        }
        if (--left < 0) {
          throw new BadHead("its head is longer than " + HEAD_BYTES_MAX);
        }
        line.append((char) c);
      }
      var text = line.toString().stripTrailing();
      if (text.isEmpty()) {
        return fields;
      }
      var colon = text.indexOf(':');
      if (colon < 1) {
        throw new BadHead("a line of its head has no name and colon");
      }
      fields.put(
          text.substring(0, colon).toLowerCase(Locale.ROOT), text.substring(colon + 1).strip());
    }
  }

  /// The rest of a program's output; whoever closes it ends the program.
  private static final class Output extends FilterInputStream {

    private final Subprocess program;

    private Output(InputStream output, Subprocess program) {
      super(output);
      this.program = program;
    }

    @Override
    public void close() throws IOException {
      try {
        super.close();
      } finally {
        program.close();
      }
    }

    @Override
    public String toString() {
      return program.toString();
    }
  }

  @Override
  public String toString() {
    return "Cgi[" + folder + "]";
  }
}
