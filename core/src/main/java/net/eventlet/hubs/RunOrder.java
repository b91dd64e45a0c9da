package net.eventlet.hubs;

import java.util.List;

/// Whose turn it is.
@FunctionalInterface
public interface RunOrder {

  /// First in, first out: what every hub does that is not told otherwise.
  RunOrder FIRST_IN_FIRST_OUT = runnable -> 0;

  /// Picks the next green thread to run.
  ///
  /// @param runnable those that can run, longest waiting first; never empty, valid during the call
  /// @return an index into it
  int next(List<Fiber> runnable);
}
