package net.eventlet.bench;

import java.util.List;
import java.util.Optional;

/// A program that takes part in a row.
sealed interface Contender {

  /// {@return what it is called in tables}
  String name();

  /// {@return why it cannot run here, and what to do about that; empty if it can}
  Optional<String> obstacle();

  /// A program that measures itself and prints lines of JSON.
  ///
  /// @param name in tables
  /// @param obstacle why it cannot run
  /// @param command to run
  /// @param line which of its lines counts
  /// @param cpus that it may run on
  record Micro(
      String name, Optional<String> obstacle, List<String> command, String line, List<Integer> cpus)
      implements Contender {}

  /// A client of a server that is not measured; it is told the server's port and prints lines of
  /// JSON.
  ///
  /// @param name in tables
  /// @param obstacle why it cannot run
  /// @param command to run; the server's port and the number of requests are added
  /// @param line which of its lines counts
  /// @param server to run meanwhile, on the load's CPU; the seconds until it ends of itself are
  ///   added, and it prints its port first
  record Client(
      String name,
      Optional<String> obstacle,
      List<String> command,
      String line,
      List<String> server)
      implements Contender {}

  /// A server, measured from outside; it prints its port first.
  ///
  /// @param name in tables
  /// @param obstacle why it cannot run
  /// @param command to run; the seconds until it ends of itself are added
  /// @param warms whether it gets faster while it runs
  /// @param load what `load.c` is told besides port, process and time
  /// @param cpus that it may run on
  record Server(
      String name,
      Optional<String> obstacle,
      List<String> command,
      boolean warms,
      List<String> load,
      List<Integer> cpus)
      implements Contender {}

  /// What is done to `bin/spawn` while it is measured.
  enum Signal {
    /// `SIGHUP` to the controller, once.
    REPLACE,
    /// `SIGKILL` to a child, every second.
    KILL
  }

  /// A server whose processes get signals while it is measured, a second after counting begins.
  ///
  /// @param server `bin/spawn`
  /// @param signal which
  record Signalled(Server server, Signal signal) implements Contender {

    @Override
    public String name() {
      return server.name();
    }

    @Override
    public Optional<String> obstacle() {
      return server.obstacle();
    }
  }

  /// A server whose memory is looked at while many connections rest; it prints its port first.
  ///
  /// @param server it; its load is what warms it
  /// @param connections that rest
  record Resting(Server server, int connections) implements Contender {

    @Override
    public String name() {
      return server.name();
    }

    @Override
    public Optional<String> obstacle() {
      return server.obstacle();
    }
  }
}
