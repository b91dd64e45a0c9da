package net.eventlet.dbpool;

import java.time.Duration;

/// A server that tests talk to: a real one, started by them.
interface Database {

  /// {@return where to connect}
  ///
  /// @param port the server's own, or that of something before it
  Credentials at(int port);

  /// {@return whom the server does not know}
  Credentials unknownUser();

  int port();

  /// {@return SQL that keeps the server busy for a while and then returns a row}
  String sleepQuery(Duration time);

  /// {@return SQL that counts the server's sessions, but those of the server itself and those that
  /// sleep on for a client that is gone}
  String countSessions();

  /// Stops the server and starts it again, on the same port.
  void restart() throws Exception;

  default Credentials credentials() {
    return at(port());
  }
}
