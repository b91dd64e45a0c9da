package net.eventlet.dbpool;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/// A connection that has been lent for longer than [PoolOptions#leakAfter()].
///
/// @param pool that lent it
/// @param thread that got it: a green thread, as its name says, or another
/// @param held how long it has been lent
/// @param place where it was got: the exception's stack, which was never thrown
public record Leak(ConnectionPool pool, Thread thread, Duration held, Throwable place) {

  private static final Set<String> OURS =
      Set.of(ConnectionPool.class.getName(), Keeper.class.getName());

  static final Consumer<Leak> TO_LOG =
      leak ->
          System.getLogger(ConnectionPool.class.getName())
              .log(Level.WARNING, leak.toString(), leak.place());

  @Override
  public String toString() {
    return "a connection of %s was got by %s %d ms ago and has not come back; it was got at %s"
        .formatted(pool, name(), held.toMillis(), frame());
  }

  private String name() {
    var name = thread.getName();
    return name.isEmpty() ? "green-" + thread.threadId() : name;
  }

  private String frame() {
    for (var frame : place.getStackTrace()) {
      if (!OURS.contains(frame.getClassName())) {
        return frame.toString();
      }
    }
    return "an unknown place";
  }
}
