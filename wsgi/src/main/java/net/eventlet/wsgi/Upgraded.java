package net.eventlet.wsgi;

import java.io.InputStream;
import java.io.OutputStream;
import net.eventlet.GreenSocket;

/// What a connection speaks once it has left HTTP.
@FunctionalInterface
public interface Upgraded {

  /// Speaks it, on the connection's own green thread; the connection is closed afterwards.
  ///
  /// @param input what the client sends, from the first byte behind its request on
  /// @param output to the client
  /// @param socket under both, for its limits and addresses
  /// @throws Exception if it fails: it is logged
  void run(InputStream input, OutputStream output, GreenSocket socket) throws Exception;

  /// Is told that the server closes, by whoever closes it: to say goodbye, if there is a way to.
  /// What it starts has the server's grace; it must not wait itself. Usually nothing.
  default void ending() {}
}
