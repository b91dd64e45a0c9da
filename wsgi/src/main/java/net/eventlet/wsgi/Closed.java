package net.eventlet.wsgi;

import java.util.List;

/// How a server ended.
///
/// @param finished connections that ended by themselves within the grace
/// @param unfinished what was cut off at its end, a line each: the request, from whom, for how long
public record Closed(int finished, List<String> unfinished) {

  /// {@return how many connections were cut off}
  public int cut() {
    return unfinished.size();
  }
}
