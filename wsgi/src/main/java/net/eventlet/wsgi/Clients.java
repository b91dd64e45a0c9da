package net.eventlet.wsgi;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Clients in the order in which they came. Each is in one such list at the most, and holds the
/// links itself, so that to come and to go costs nothing.
final class Clients {

  private @Nullable Client first;
  private @Nullable Client last;

  @Nullable Client first() {
    return first;
  }

  /// Adds one at the end.
  ///
  /// @param client in no list
  void add(Client client) {
    if (client.list != null) {
      throw new AssertionError(client + " is in two lists; please report this");
    }
    client.list = this;
    client.previous = last;
    if (last == null) {
      first = client;
    } else {
      last.next = client;
    }
    last = client;
  }

  /// Takes one out of whatever list it is in.
  static void remove(Client client) {
    var list = client.list;
    if (list == null) {
      return;
    }
    if (client.previous == null) {
      list.first = client.next;
    } else {
      client.previous.next = client.next;
    }
    if (client.next == null) {
      list.last = client.previous;
    } else {
      client.next.previous = client.previous;
    }
    client.list = null;
    client.previous = null;
    client.next = null;
  }

  /// {@return those that are here now}
  List<Client> copy() {
    var copy = new ArrayList<Client>();
    for (var client = first; client != null; client = client.next) {
      copy.add(client);
    }
    return copy;
  }
}
