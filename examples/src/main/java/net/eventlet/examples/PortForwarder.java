package net.eventlet.examples;

import static net.eventlet.Eventlet.*;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import net.eventlet.GreenSocket;

/// Passes on every connection to another server, in both directions until both have ended.
///
/// When one side breaks, the other is closed.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/PortForwarder.java 7000
/// example.org 80`, then `curl -H 'Host: example.org' localhost:7000`.
///
/// Source: `examples/forwarder.py`.
public final class PortForwarder {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 3) {
      throw new IllegalArgumentException("needs a port, and the other server's host and port");
    }
    var port = Integer.parseInt(arguments[0]);
    var target = InetSocketAddress.createUnresolved(arguments[1], Integer.parseInt(arguments[2]));
    try (var listener = listen(new InetSocketAddress(port))) {
      IO.println("listening on port " + listener.getLocalPort());
      serve(listener, client -> forward(client, target));
    }
  }

  private static void forward(GreenSocket client, InetSocketAddress target) throws Exception {
    try (var server = connect(target, PATIENCE)) {
      var answers = spawn(() -> copy(server, client));
      copy(client, server);
      answers.await();
    }
  }

  private static void copy(GreenSocket from, GreenSocket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException broken) {
      from.close(); // wakes whoever copies the other way
      to.close();
    }
  }
}
