package net.eventlet.wsgi;

/// How many connections and requests there may be.
///
/// @param open connections at once; one more gets a 503
/// @param perAddress of them from one address; one more gets a 503. What comes through a proxy, or
///   over a path of the file system, has one address
/// @param atWork requests being answered at once, which connections that rest are not; one more
///   gets a 503
/// @param requests on one connection, which is closed after the last
public record ConnectionLimits(int open, int perAddress, int atWork, long requests) {

  /// 10,000 connections, as many from one address and at work, and any number of requests.
  public static final ConnectionLimits DEFAULT =
      new ConnectionLimits(10_000, 10_000, 10_000, Long.MAX_VALUE);

  /// Checks the limits.
  ///
  /// @throws IllegalArgumentException if one is not positive
  public ConnectionLimits {
    if (open <= 0 || perAddress <= 0 || atWork <= 0 || requests <= 0) {
      throw new IllegalArgumentException(
          "limits must be positive: open=%d perAddress=%d atWork=%d requests=%d"
              .formatted(open, perAddress, atWork, requests));
    }
  }

  /// {@return these limits with another bound on connections}
  ///
  /// @param open at once
  public ConnectionLimits withOpen(int open) {
    return new ConnectionLimits(open, perAddress, atWork, requests);
  }

  /// {@return these limits with another bound on connections from one address}
  ///
  /// @param perAddress at once
  public ConnectionLimits withPerAddress(int perAddress) {
    return new ConnectionLimits(open, perAddress, atWork, requests);
  }

  /// {@return these limits with another bound on requests being answered}
  ///
  /// @param atWork at once
  public ConnectionLimits withAtWork(int atWork) {
    return new ConnectionLimits(open, perAddress, atWork, requests);
  }

  /// {@return these limits with another number of requests on one connection}
  ///
  /// @param requests after which it is closed
  public ConnectionLimits withRequests(long requests) {
    return new ConnectionLimits(open, perAddress, atWork, requests);
  }
}
