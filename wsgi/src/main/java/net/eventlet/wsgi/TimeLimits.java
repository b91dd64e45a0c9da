package net.eventlet.wsgi;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/// How long a client may take.
///
/// @param firstByte of a new connection; then it is closed
/// @param head from a request's first byte to the end of its fields; then it gets a 408
/// @param read between two reads of a body; then it gets a 408, or is closed if it has an answer
/// @param write between two steps of an answer that it takes slowly; then it is closed
/// @param idle between two requests; then it is closed
/// @param bytesPerSecond lowest rate of a body and of an answer; 0 for none. Counts the time spent
///   waiting for the client alone, over one request, and ends as `read` and `write` do
/// @param slack how long a client may be waited for before the rate counts
/// @param application until it has an answer, the request's body included; then its wait ends by a
///   [net.eventlet.Timeout], and the client gets a 503, or is cut off if some of an answer has
///   gone. What is done while an answer is sent, as `Response.written` does, is not counted; and
///   what never waits cannot be ended
public record TimeLimits(
    Duration firstByte,
    Duration head,
    Duration read,
    Duration write,
    Duration idle,
    int bytesPerSecond,
    Duration slack,
    Duration application) {

  /// What is never over.
  public static final Duration FOR_EVER = ChronoUnit.FOREVER.getDuration();

  /// 10 seconds for the first byte and for a head, 30 between two reads or writes, 15 between two
  /// requests; a KiB a second, after 10 seconds; as long as it likes for the application.
  public static final TimeLimits DEFAULT =
      new TimeLimits(
          seconds(10),
          seconds(10),
          seconds(30),
          seconds(30),
          seconds(15),
          1024,
          seconds(10),
          FOR_EVER);

  /// Checks the limits.
  ///
  /// @throws IllegalArgumentException if a time is not positive, or the rate negative
  public TimeLimits {
    if (!firstByte.isPositive()
        || !head.isPositive()
        || !read.isPositive()
        || !write.isPositive()
        || !idle.isPositive()
        || !slack.isPositive()
        || !application.isPositive()
        || bytesPerSecond < 0) {
      throw new IllegalArgumentException(
          "times must be positive and the rate not negative: firstByte=%s head=%s read=%s write=%s idle=%s bytesPerSecond=%d slack=%s application=%s"
              .formatted(firstByte, head, read, write, idle, bytesPerSecond, slack, application));
    }
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  /// {@return these limits with another one on new connections}
  ///
  /// @param firstByte until it comes
  public TimeLimits withFirstByte(Duration firstByte) {
    return new TimeLimits(firstByte, head, read, write, idle, bytesPerSecond, slack, application);
  }

  /// {@return these limits with another one on heads}
  ///
  /// @param head from its first byte to its end
  public TimeLimits withHead(Duration head) {
    return new TimeLimits(firstByte, head, read, write, idle, bytesPerSecond, slack, application);
  }

  /// {@return these limits with another one on bodies}
  ///
  /// @param read between two reads
  public TimeLimits withRead(Duration read) {
    return new TimeLimits(firstByte, head, read, write, idle, bytesPerSecond, slack, application);
  }

  /// {@return these limits with another one on answers}
  ///
  /// @param write between two steps
  public TimeLimits withWrite(Duration write) {
    return new TimeLimits(firstByte, head, read, write, idle, bytesPerSecond, slack, application);
  }

  /// {@return these limits with another one on connections that rest}
  ///
  /// @param idle between two requests
  public TimeLimits withIdle(Duration idle) {
    return new TimeLimits(firstByte, head, read, write, idle, bytesPerSecond, slack, application);
  }

  /// {@return these limits with another lowest rate}
  ///
  /// @param bytesPerSecond of a body and of an answer; 0 for none
  /// @param slack how long a client may be waited for before it counts
  public TimeLimits withRate(int bytesPerSecond, Duration slack) {
    return new TimeLimits(firstByte, head, read, write, idle, bytesPerSecond, slack, application);
  }

  /// {@return these limits with another one on the application}
  ///
  /// @param application until it has an answer
  public TimeLimits withApplication(Duration application) {
    return new TimeLimits(firstByte, head, read, write, idle, bytesPerSecond, slack, application);
  }
}
