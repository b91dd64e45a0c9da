package net.eventlet.models;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Those who wait for the same thing in the model, first come first served.
///
/// @param <T> what each of them brings
final class ModelLine<T> {

  private final List<Place<T>> places = new ArrayList<>();

  /// One who waits.
  ///
  /// @param turn how it waits
  /// @param brought what it brings
  record Place<T>(ModelWait turn, T brought) {}

  void join(ModelWait turn, T brought) {
    places.add(new Place<>(turn, brought));
  }

  /// {@return the first who waits, taken out; null if nobody does}
  @Nullable Place<T> take() {
    leaveThoseWhoseWaitIsOver();
    return places.isEmpty() ? null : places.removeFirst();
  }

  /// Serves the first who waits. Answers whether there was one.
  boolean serveOne(String with) {
    var first = take();
    if (first == null) {
      return false;
    }
    first.turn().serve(with);
    return true;
  }

  void serveAll(String with) {
    while (serveOne(with)) {}
  }

  int length() {
    leaveThoseWhoseWaitIsOver();
    return places.size();
  }

  boolean isEmpty() {
    return length() == 0;
  }

  private void leaveThoseWhoseWaitIsOver() {
    places.removeIf(place -> place.turn().isOver());
  }
}
