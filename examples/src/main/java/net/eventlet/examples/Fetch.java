package net.eventlet.examples;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import net.eventlet.GreenPool;
import net.eventlet.green.GreenHttp;

/// Asks for many pages at once, and says how each was answered.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/Fetch.java URI...`
public final class Fetch {

  public static void main(String[] uris) {
    var http = GreenHttp.DEFAULT.withLimit(Duration.ofSeconds(10));
    var pool = new GreenPool(20);
    var answers = pool.imap(uri -> uri + " " + status(http, uri), List.of(uris));
    answers.forEach(IO::println);
  }

  private static String status(GreenHttp http, String uri) {
    try {
      var answer = http.get(uri);
      return answer.status() + ", " + answer.body().length + " bytes";
    } catch (IOException failure) {
      return failure.toString();
    }
  }
}
