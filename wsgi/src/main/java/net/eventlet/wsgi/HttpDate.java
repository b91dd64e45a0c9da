package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

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
    var text = "date: " + FORM.format(Instant.ofEpochSecond(second)) + "\r\n";
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
}
