package net.eventlet.wsgi;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import net.eventlet.hubs.Durations;
import net.eventlet.hubs.Hub;

/// Where clients rest for a time, without a green thread: one timer is for all of them, since who
/// comes first has to leave first.
final class Lobby {

  private final Hub hub;
  private final long limitNanos;
  private final Consumer<Client> tooLong;
  private final Clients resting = new Clients();
  private boolean timed; // there is a timer

  /// @param limit how long one may rest here
  /// @param tooLong told who rested for longer, and is in here no more
  Lobby(Hub hub, Duration limit, Consumer<Client> tooLong) {
    this.hub = hub;
    limitNanos = Durations.nanos(limit);
    this.tooLong = tooLong;
  }

  /// Lets a client rest until it sends something or its time is up.
  ///
  /// @return whether it rests; if not, it has sent something already, or is gone
  /// @throws IOException if it is gone
  boolean rest(Client client) throws IOException {
    if (!client.socket().whenReadable(client)) {
      return false;
    }
    client.dueNanos = hub.clock().nanoTime() + limitNanos;
    resting.add(client);
    if (!timed) {
      lookAfter(limitNanos);
    }
    return true;
  }

  private void lookAfter(long nanos) {
    timed = true;
    var _ = hub.schedule(Duration.ofNanos(nanos), this::look);
  }

  private void look() {
    timed = false;
    var now = hub.clock().nanoTime();
    for (var client = resting.first(); client != null; client = resting.first()) {
      if (client.dueNanos - now > 0) {
        lookAfter(client.dueNanos - now);
        return;
      }
      Clients.remove(client);
      tooLong.accept(client);
    }
  }

  /// {@return who rests here now}
  List<Client> copy() {
    return resting.copy();
  }
}
