package net.eventlet.bench;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A limit that one contender should keep, by itself or as a multiple of another's figure.
///
/// @param text in tables
/// @param ours whose figure it is
/// @param peer whose figure it is divided by; empty for none
/// @param metric which figure
/// @param limit what it may be at most
record Goal(String text, String ours, Optional<String> peer, String metric, double limit) {

  /// A limit by itself.
  static Goal atMost(String text, String ours, String metric, double limit) {
    return new Goal(text, ours, Optional.empty(), metric, limit);
  }

  /// A limit as a multiple of a peer's figure.
  static Goal ratio(String text, String ours, String peer, String metric, double limit) {
    return new Goal(text, ours, Optional.of(peer), metric, limit);
  }

  /// What came of a goal.
  ///
  /// @param goal it
  /// @param measured the figure or the ratio; empty if one of the two could not be measured
  record Verdict(Goal goal, Optional<Double> measured) {

    /// {@return met, missed or not measured}
    String word() {
      return measured.map(value -> value <= goal.limit ? "met" : "missed").orElse("not measured");
    }

    /// {@return what was measured, as text}
    String figure() {
      return measured
          .map(value ->
              goal.peer.isPresent()
                  ? String.format(Locale.ROOT, "%.2f ×", value)
                  : String.format(Locale.ROOT, "%,.1f", value))
          .orElse("–");
    }
  }

  /// {@return whether it was met}
  ///
  /// @param results of a row, by contender
  Verdict judge(Map<String, Result> results) {
    var own = figure(results, ours);
    if (peer.isEmpty()) {
      return new Verdict(this, own);
    }
    var other = figure(results, peer.get());
    return new Verdict(this, own.flatMap(value -> other.map(divisor -> value / divisor)));
  }

  private Optional<Double> figure(Map<String, Result> results, String name) {
    return Optional.ofNullable(results.get(name)).flatMap(result -> result.median(metric));
  }
}
