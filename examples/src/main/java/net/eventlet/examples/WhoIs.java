package net.eventlet.examples;

import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import net.eventlet.GreenPool;
import net.eventlet.green.Names;

/// Looks many names up at once, fifty at the most.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/WhoIs.java NAME...`
public final class WhoIs {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  public static void main(String[] names) {
    var pool = new GreenPool(50);
    var answers = pool.imap(WhoIs::address, List.of(names));
    answers.forEach(IO::println);
  }

  private static String address(String name) {
    try {
      return name + " " + Names.addresses(name, PATIENCE)[0].getHostAddress();
    } catch (UnknownHostException e) {
      return name + " unknown";
    }
  }
}
