package net.eventlet.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.eventlet.Eventlet.*;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import net.eventlet.GreenSocket;

/// A chat: a guest's first line is its name, and what it says after that goes to all. Nobody waits
/// for a slow guest: 100 lines are kept for it, and one more shows it out.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/ChatServer.java [PORT]`,
/// then `nc localhost 3001`, twice. Source: `examples/chat_server.py`; there a slow guest stops
/// them all.
public final class ChatServer {

  private final LinkedHashMap<GreenSocket, ArrayDeque<String>> unsent = new LinkedHashMap<>();

  public static void main(String[] arguments) throws IOException {
    var port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3001;
    try (var listener = listen(new InetSocketAddress(port))) {
      IO.println("listening on port " + listener.getLocalPort());
      serve(listener, new ChatServer()::welcome);
    }
  }

  private void welcome(GreenSocket guest) throws IOException {
    var name = guest.readLine();
    if (name != null) {
      unsent.put(guest, new ArrayDeque<>());
      tellAll(name + " is here");
      try {
        for (var line = guest.readLine(); line != null; line = guest.readLine()) {
          tellAll(name + ": " + line);
        }
      } catch (IOException broken) {
        IO.println(name + ": " + broken.getMessage());
      } finally {
        unsent.remove(guest);
        tellAll(name + " has left");
      }
    }
  }

  private void tellAll(String line) {
    unsent.forEach((guest, lines) -> {
      if (lines.size() == 100) {
        guest.close(); // wakes it where it reads
      } else if (lines.add(line) && lines.size() == 1) {
        spawnN(() -> send(guest, lines));
      }
    });
  }

  private static void send(GreenSocket guest, ArrayDeque<String> lines) {
    try {
      for (; !lines.isEmpty(); lines.remove()) {
        guest.write(UTF_8.encode(lines.element() + "\n"));
      }
    } catch (IOException broken) {
      guest.close();
    }
  }
}
