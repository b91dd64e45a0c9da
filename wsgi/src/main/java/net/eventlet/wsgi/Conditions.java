package net.eventlet.wsgi;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// On what a client has a file sent to it, and which part.
///
/// Several ranges at once are answered with the whole, which RFC 9110 allows.
///
/// Source: RFC 9110 sections 13.2.2 and 14.2.
///
/// @param request says so
/// @param tag of the file as it is, a strong one
/// @param modified to the second
record Conditions(Request request, String tag, Instant modified) {

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  /// {@return whether the client does not want the file as it is}
  boolean failed() {
    var match = request.headers("if-match");
    if (!match.isEmpty()) {
      return match.stream().noneMatch(tags -> names(tags, false));
    }
    return date("if-unmodified-since").filter(modified::isAfter).isPresent();
  }

  /// {@return whether the client has it already}
  boolean unchanged() {
    var match = request.headers("if-none-match");
    if (!match.isEmpty()) {
      return match.stream().anyMatch(tags -> names(tags, true));
    }
    return date("if-modified-since").filter(since -> !modified.isAfter(since)).isPresent();
  }

  private boolean names(String tags, boolean weakly) {
    return tags.equals("*")
        || List.of(tags.split(",", -1)).stream()
            .map(String::strip)
            .anyMatch(one -> one.equals(tag) || (weakly && one.equals("W/" + tag)));
  }

  private Optional<Instant> date(String name) {
    return request.header(name).flatMap(HttpDate::parse);
  }

  /// {@return which part of so many bytes it asks for}
  Range range(long size) {
    var ranges = request.headers("range");
    if (ranges.size() != 1 || !request.method().equals("GET") || !sameAsBefore()) {
      return new Range.Whole();
    }
    var range = RANGE.matcher(ranges.getFirst());
    if (!range.matches()) {
      return new Range.Whole();
    }
    var from = range.group(1);
    var to = range.group(2);
    if (from.isEmpty()) {
      return to.isEmpty() ? new Range.Whole() : last(Long.parseLong(to), size);
    }
    var begin = Long.parseLong(from);
    if (!to.isEmpty() && Long.parseLong(to) < begin) {
      return new Range.Whole(); // no range at all
    }
    var end = to.isEmpty() ? size : Math.min(size, Long.parseLong(to) + 1);
    return begin < size ? new Range.Part(begin, end) : new Range.None();
  }

  private static Range last(long count, long size) {
    return count == 0 || size == 0
        ? new Range.None()
        : new Range.Part(Math.max(0, size - count), size);
  }

  private boolean sameAsBefore() {
    return request
        .header("if-range")
        .map(before -> before.equals(tag) || HttpDate.parse(before).equals(Optional.of(modified)))
        .orElse(true);
  }
}
