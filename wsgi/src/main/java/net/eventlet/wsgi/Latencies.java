package net.eventlet.wsgi;

import java.time.Duration;
import java.util.List;

/// How long answers took: how many of them took up to so long.
///
/// @param count of answers
/// @param total of all together
/// @param buckets shortest first, each counting what took longer than the one before allows
public record Latencies(long count, Duration total, List<Bucket> buckets) {

  /// Some answers.
  ///
  /// @param upTo the longest that is among them; a quarter more than that of the bucket before, or
  ///   less
  /// @param count of answers
  public record Bucket(Duration upTo, long count) {}

  /// {@return how long all but the slowest took: the upper bound of a bucket, so up to a quarter
  /// more than the truth; zero if there were none}
  ///
  /// @param share of all answers, such as 0.99
  /// @throws IllegalArgumentException if it is not from 0 to 1
  public Duration quantile(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a share is from 0 to 1: " + share);
    }
    var left = (long) Math.ceil(share * count);
    for (var bucket : buckets) {
      left -= bucket.count;
      if (left <= 0) {
        return bucket.upTo;
      }
    }
    return Duration.ZERO;
  }
}
