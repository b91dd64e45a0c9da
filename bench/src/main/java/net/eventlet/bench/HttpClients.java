package net.eventlet.bench;

import java.net.URI;
import java.util.concurrent.Executors;
import net.eventlet.green.GreenHttp;

/// What does a library that knows nothing of hubs cost on one: two hundred at once ask a web server
/// by the JDK's `HttpURLConnection`, or by `GreenHttp`, which is made of it.
///
/// Run: `make bench ARGS=clients`; the arguments are a contender, the server's port, and a tenth of
/// how many requests to count.
final class HttpClients {

  private static final int TASKS = 200;

  private HttpClients() {}

  /// Measures.
  ///
  /// @param arguments the contender, the server's port, a tenth of how many to count
  /// @throws Exception if the server fails
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(300);
    System.setProperty("http.maxConnections", Integer.toString(TASKS)); // kept alive
    var uri = "http://127.0.0.1:" + arguments[1] + "/";
    var url = URI.create(uri).toURL();
    var tenth = Long.parseLong(arguments[2]);
    var stock =
        new Repeated(
            "clients",
            tenth,
            () -> {
              try (var body = url.openStream()) {
                body.readAllBytes();
              }
            });
    switch (arguments[0]) {
      case "green" -> stock.green(TASKS);
      case "green-http" ->
          new Repeated("clients", tenth, () -> GreenHttp.DEFAULT.get(uri)).green(TASKS);
      case "virtual" -> stock.threads(Executors.newVirtualThreadPerTaskExecutor(), TASKS);
      default -> throw new IllegalArgumentException("no such contender: " + arguments[0]);
    }
  }
}
