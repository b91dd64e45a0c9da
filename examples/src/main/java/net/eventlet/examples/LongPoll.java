package net.eventlet.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;
import static net.eventlet.Eventlet.*;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import net.eventlet.Event;
import net.eventlet.GreenSocket;

/// Answers `GET /N` with the update number N, as soon as there is one: at once, or up to a minute
/// later, and with 204 if there was none, so that the client asks again. `POST /TEXT` is an update.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/LongPoll.java [PORT]`, then
/// `curl localhost:8090/0`, and elsewhere `curl -X POST localhost:8090/hello`.
///
/// Source: the slides, where whoever waits looks for an update every three seconds.
public final class LongPoll {

  private final List<Event<String>> updates = new ArrayList<>(List.of(new Event<>())); // last: next

  public static void main(String[] arguments) throws IOException {
    var port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8090;
    try (var listener = listen(new InetSocketAddress(port))) {
      IO.println("listening on port " + listener.getLocalPort());
      serve(listener, new LongPoll()::answer);
    }
  }

  private void answer(GreenSocket client) throws Exception {
    var request = requireNonNullElse(client.readLine(), "").split(" /?", -1);
    while (!requireNonNullElse(client.readLine(), "").isEmpty()) {
      // a header, of which none matters here
    }
    if (request.length != 3) {
      reply(client, "400 Bad Request", "");
    } else if (request[0].equals("POST")) {
      var update = updates.getLast();
      updates.add(new Event<>());
      update.send(request[1]); // wakes all who wait for it
      reply(client, "200 OK", "");
    } else if (!request[1].matches("\\d{1,9}") || Integer.parseInt(request[1]) >= updates.size()) {
      reply(client, "404 Not Found", "");
    } else {
      try {
        var update = updates.get(Integer.parseInt(request[1])).await(Duration.ofMinutes(1));
        reply(client, "200 OK", update + "\n");
      } catch (TimeoutException nothingNew) {
        reply(client, "204 No Content", "");
      }
    }
  }

  private static void reply(GreenSocket client, String status, String body) throws IOException {
    client.write(UTF_8.encode("HTTP/1.0 " + status + "\r\n\r\n" + body));
  }
}
