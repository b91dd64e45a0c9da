package net.eventlet.bench;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What one contender's turns in a row came to.
///
/// @param contender who
/// @param samples one for each turn that succeeded: figures by name
/// @param trouble why there are none, or fewer than rounds; empty if nothing went wrong
record Result(String contender, List<Map<String, Double>> samples, Optional<String> trouble) {

  /// {@return the median of a figure over all turns; empty if it was never measured}
  ///
  /// @param metric name of the figure
  Optional<Double> median(String metric) {
    var values = sorted(metric);
    if (values.length == 0) {
      return Optional.empty();
    }
    var middle = values.length / 2;
    return Optional.of(
        values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2);
  }

  /// {@return the smallest of a figure; empty if it was never measured}
  ///
  /// @param metric name of the figure
  Optional<Double> least(String metric) {
    var values = sorted(metric);
    return values.length == 0 ? Optional.empty() : Optional.of(values[0]);
  }

  /// {@return the greatest of a figure; empty if it was never measured}
  ///
  /// @param metric name of the figure
  Optional<Double> most(String metric) {
    var values = sorted(metric);
    return values.length == 0 ? Optional.empty() : Optional.of(values[values.length - 1]);
  }

  private double[] sorted(String metric) {
    return samples.stream()
        .filter(sample -> sample.containsKey(metric))
        .mapToDouble(sample -> sample.get(metric))
        .sorted()
        .toArray();
  }
}
