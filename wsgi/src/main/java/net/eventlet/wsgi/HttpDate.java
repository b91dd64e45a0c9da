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
/// @param until when the second ends, as [System#nanoTime()] has it
/// @param line the whole field, with its end
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record HttpDate(long until, byte[] line) {

  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static volatile HttpDate latest = at(System.nanoTime());

  private static HttpDate at(long nanos) {
    var millis = System.currentTimeMillis();
    var left = 1000 - Math.floorMod(millis, 1000);
    var text = "date: " + text(Instant.ofEpochMilli(millis)) + "\r\n";
    return new HttpDate(nanos + left * 1_000_000L, text.getBytes(US_ASCII));
  }

  /// {@return the field of now}
  ///
  /// @param nanos what [System#nanoTime()] says now
  static byte[] now(long nanos) {
    var date = latest;
    if (nanos - date.until >= 0) {
      date = at(nanos);
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
