package net.eventlet.examples;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import net.eventlet.TPool;
import net.eventlet.wsgi.Application;
import net.eventlet.wsgi.ConnectionLimits;
import net.eventlet.wsgi.FileServer;
import net.eventlet.wsgi.LogFormat;
import net.eventlet.wsgi.Server;
import net.eventlet.wsgi.ServerLimits;
import net.eventlet.wsgi.ServerOptions;

/// Shares the files of a folder, with a log of who took what, and ends gracefully.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/FileSharing.java FOLDER
/// [PORT]`, then `curl -C - -O localhost:8090/FILE`; ends when Enter is pressed.
public final class FileSharing {

  public static void main(String[] arguments) throws Exception {
    var port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8090;
    var application = new FileServer(Path.of(arguments[0])).within(FileSharing::withoutScripts);
    var options =
        ServerOptions.DEFAULT
            .withAccessLog(LogFormat.COMBINED, IO::println)
            .withLimits(
                ServerLimits.DEFAULT.withConnections(ConnectionLimits.DEFAULT.withPerAddress(20)));

    var server = Server.start(new InetSocketAddress(port), application, options);
    IO.println("listening on port " + server.port());
    TPool.execute(System.in::read);

    var closed = server.close(Duration.ofSeconds(30));
    IO.println(closed.finished() + " finished, cut off: " + closed.unfinished());
  }

  /// Middleware: tells browsers to run nothing that lies in the folder.
  private static Application withoutScripts(Application inner) {
    return request ->
        inner
            .handle(request)
            .with("content-security-policy", "default-src 'self'; script-src 'none'");
  }
}
