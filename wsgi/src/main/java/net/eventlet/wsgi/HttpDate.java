package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/// The `Date` field of now, made once a second.
///
/// Source: RFC 9110 sections 5.6.7 and 6.6.1.
///
/// @param second since 1970 that it is true for
/// @param line the whole field, with its end
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record HttpDate(long second, byte[] line) {

  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static volatile HttpDate latest = at(0);

  private static HttpDate at(long second) {
    var text = "date: " + text(Instant.ofEpochSecond(second)) + "\r\n";
    return new HttpDate(second, text.getBytes(US_ASCII));
  }

  /// {@return the field of now}
  static byte[] now() {
    var second = System.currentTimeMillis() / 1000;
    var date = latest;
    if (date.second != second) {
      date = at(second);
      latest = date;
    }
    return date.line;
  }

  /// {@return a time as HTTP writes it}
  static String text(Instant time) {
    return FORM.format(time);
  }

  /// {@return the time that a text means; empty if it is not what HTTP writes}
  static Optional<Instant> parse(String text) {
    try {
      return Optional.of(Instant.from(FORM.parse(text)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
