package net.eventlet.wsgi;

import java.util.ArrayDeque;
import java.util.List;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// The green threads that serve clients who have sent something. Those who come together are served
/// by one, in turn, until it has to wait; then the next one takes over.
///
/// So a client that rests holds no stack, and one that is answered without a wait costs no switch
/// of its own. At most one runner is called at a time: by who arrives, and by the hub, after a turn
/// in which a runner left somebody waiting.
final class Crew {

  private static final int IDLE_MAX = 64;

  private final Worker worker;
  private final Hub hub;
  private final ClassLoader loader; // of who started the server
  private final ArrayDeque<Client> waiting = new ArrayDeque<>();
  private final ArrayDeque<Runner> idle = new ArrayDeque<>();
  private @Nullable Runner called; // null unless one is on its way
  private boolean dismissed;

  Crew(Worker worker) {
    this.worker = worker;
    hub = worker.hub();
    var here = Thread.currentThread().getContextClassLoader();
    loader = here == null ? ClassLoader.getSystemClassLoader() : here;
  }

  Worker worker() {
    return worker;
  }

  ClassLoader loader() {
    return loader;
  }

  /// A client waits to be served.
  void arrived(Client client) {
    waiting.addLast(client);
    passOn();
  }

  /// Calls a runner, if there is somebody to serve and none is on its way.
  void passOn() {
    if (called != null || waiting.isEmpty()) {
      return;
    }
    var runner = idle.pollLast();
    if (runner == null) {
      runner = new Runner(this, hub);
      runner.start(); // if it cannot be, who arrives next tries again
      called = runner;
    } else {
      called = runner;
      runner.call();
    }
  }

  /// A runner that was called has come.
  void came(Runner runner) {
    if (called == runner) {
      called = null;
    }
  }

  /// {@return who has waited longest, to be served now; null if nobody waits}
  @Nullable Client next() {
    return waiting.pollFirst();
  }

  /// A runner has nothing to do. Answers whether it may stay, to be called.
  boolean mayStay(Runner runner) {
    if (dismissed || idle.size() == IDLE_MAX) {
      return false;
    }
    idle.addLast(runner);
    return true;
  }

  /// A runner has ended.
  void left(Runner runner) {
    came(runner);
    idle.remove(runner);
  }

  /// Its hub closes, or the grace is over: nobody is served any more.
  ///
  /// @return who waited to be
  List<Client> abandon() {
    dismiss();
    var left = List.copyOf(waiting);
    waiting.clear();
    return left;
  }

  /// Lets runners end when they have nothing to do.
  void dismiss() {
    dismissed = true;
    for (var runner = idle.pollLast(); runner != null; runner = idle.pollLast()) {
      runner.call();
    }
  }
}
