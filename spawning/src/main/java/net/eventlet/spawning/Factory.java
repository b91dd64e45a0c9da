package net.eventlet.spawning;

import java.util.List;
import net.eventlet.wsgi.Application;

/// Makes the application that a child serves: for `spawn --factory`.
///
/// A class that implements it has a public constructor without parameters.
///
/// Source: `spawning/wsgi_factory.py`, `config_factory`.
@FunctionalInterface
public interface Factory {

  /// Makes an application.
  ///
  /// @param names what stands on the command line: the application's, then that of each middleware,
  ///   the innermost first
  /// @return what answers requests
  /// @throws Exception if there is no such application: the child does not serve, and its
  ///   controller reports the message
  Application create(List<String> names) throws Exception;
}
