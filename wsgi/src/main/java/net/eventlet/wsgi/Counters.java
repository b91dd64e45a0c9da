package net.eventlet.wsgi;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;

/// What one hub's connections count. Written on that hub alone, so without locked instructions;
/// read from anywhere.
///
/// Latencies fall into four buckets for each power of two, from a microsecond to an hour.
final class Counters {

  private static final int STATUSES = 600;
  private static final int BUCKETS_FROM = 10; // 2^10 ns
  private static final int BUCKETS = 4 * 32;

  private static final int ACCEPTED = 0;
  private static final int TURNED_AWAY = 1;
  private static final int REFUSED = 2;
  private static final int FAILED = 3;
  private static final int REQUESTS = 4;
  private static final int NANOS = 5;
  private static final int AT_WORK = 6;
  private static final int RECEIVED = 7;
  private static final int SENT = 8;
  private static final int UPGRADED = 9;

  private final AtomicLongArray counts = new AtomicLongArray(10);
  private final AtomicLongArray statuses = new AtomicLongArray(STATUSES);
  private final AtomicLongArray buckets = new AtomicLongArray(BUCKETS);

  private static void add(AtomicLongArray counters, int index, long count) {
    counters.setOpaque(index, counters.getPlain(index) + count);
  }

  void accepted() {
    add(counts, ACCEPTED, 1);
  }

  void turnedAway() {
    add(counts, TURNED_AWAY, 1);
  }

  void refused() {
    add(counts, REFUSED, 1);
  }

  void failed() {
    add(counts, FAILED, 1);
  }

  /// {@return how many requests are being answered, this one among them}
  long began() {
    add(counts, AT_WORK, 1);
    return counts.getPlain(AT_WORK);
  }

  void ended() {
    add(counts, AT_WORK, -1);
  }

  void upgraded(int change) {
    add(counts, UPGRADED, change);
  }

  void answered(int status, long nanos) {
    add(counts, REQUESTS, 1);
    add(counts, NANOS, nanos);
    add(statuses, status, 1);
    add(buckets, bucketOf(nanos), 1);
  }

  void bytes(long received, long sent) {
    add(counts, RECEIVED, received);
    add(counts, SENT, sent);
  }

  private static int bucketOf(long nanos) {
    var power = 63 - Long.numberOfLeadingZeros(nanos | 1);
    if (power < BUCKETS_FROM) {
      return 0;
    }
    var quarter = (int) (nanos >>> (power - 2)) & 3;
    return Math.min(BUCKETS - 1, 4 * (power - BUCKETS_FROM) + quarter);
  }

  private static Duration upTo(int bucket) {
    return Duration.ofNanos((5L + bucket % 4) << (BUCKETS_FROM - 2 + bucket / 4));
  }

  static Statistics statistics(List<Counters> all, int open) {
    var statuses = new TreeMap<Integer, Long>();
    for (var status = 0; status < STATUSES; status++) {
      var count = count(all, status);
      if (count > 0) {
        statuses.put(status, count);
      }
    }
    return new Statistics(
        open,
        (int) Math.max(0, open - sum(all, AT_WORK)),
        (int) (sum(all, AT_WORK) - sum(all, UPGRADED)),
        (int) sum(all, UPGRADED),
        sum(all, ACCEPTED),
        sum(all, TURNED_AWAY),
        sum(all, REQUESTS),
        sum(all, REFUSED),
        sum(all, FAILED),
        Collections.unmodifiableSortedMap(statuses),
        sum(all, RECEIVED),
        sum(all, SENT),
        latencies(all));
  }

  private static long count(List<Counters> all, int status) {
    return all.stream().mapToLong(counters -> counters.statuses.getOpaque(status)).sum();
  }

  private static long sum(List<Counters> all, int index) {
    return all.stream().mapToLong(counters -> counters.counts.getOpaque(index)).sum();
  }

  private static Latencies latencies(List<Counters> all) {
    var list = new ArrayList<Latencies.Bucket>();
    for (var bucket = 0; bucket < BUCKETS; bucket++) {
      var index = bucket;
      var count = all.stream().mapToLong(counters -> counters.buckets.getOpaque(index)).sum();
      if (count > 0) {
        list.add(new Latencies.Bucket(upTo(bucket), count));
      }
    }
    var count = list.stream().mapToLong(Latencies.Bucket::count).sum();
    return new Latencies(count, Duration.ofNanos(sum(all, NANOS)), List.copyOf(list));
  }
}
