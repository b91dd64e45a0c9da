package net.eventlet.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.eventlet.Eventlet.*;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import net.eventlet.GreenPool;

/// Sends a message to all members of a group at once, and ends when all have it or cannot have it.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/GroupMessage.java hello
/// HOST:PORT...`
///
/// Source: the slides, where the function that sends to one is named as the one that sends to all.
public final class GroupMessage {

  private int sent;

  public static void main(String... arguments) {
    var group = new GroupMessage();
    try (var pool = new GreenPool(100)) {
      for (var i = 1; i < arguments.length; i++) {
        var member = arguments[i];
        pool.spawnN(() -> group.send(arguments[0], member));
      }
      pool.waitAll();
    }
    IO.println("sent to " + group.sent + " of " + (arguments.length - 1));
  }

  private void send(String message, String member) {
    var colon = member.lastIndexOf(':');
    var port = Integer.parseInt(member.substring(colon + 1));
    var address = InetSocketAddress.createUnresolved(member.substring(0, colon), port);
    try (var connection = connect(address, Duration.ofSeconds(5))) {
      connection.write(UTF_8.encode(message + "\n"));
      sent++; // no lock: nothing runs between two waits
    } catch (IOException failure) {
      IO.println(member + " " + failure.getMessage());
    }
  }
}
