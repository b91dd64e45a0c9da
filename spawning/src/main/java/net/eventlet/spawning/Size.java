package net.eventlet.spawning;

import java.util.Locale;
import java.util.regex.Pattern;

/// An amount of memory or of a file.
///
/// @param bytes never negative
record Size(long bytes) {

  private static final Pattern FORM = Pattern.compile("(\\d{1,12})([KMGkmg]?)[Bb]?");
  private static final String UNITS = "KMG";

  /// {@return what a text such as `512M` says}
  ///
  /// @throws IllegalArgumentException if it is no such text
  static Size parse(String text) {
    var match = FORM.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a size: a number with K, M or G behind it, as in 512M");
    }
    var unit = UNITS.indexOf(match.group(2).toUpperCase(Locale.ROOT)) + 1;
    return new Size(Long.parseLong(match.group(1)) << (match.group(2).isEmpty() ? 0 : 10 * unit));
  }

  @Override
  public String toString() {
    return bytes % (1 << 20) == 0 ? (bytes >> 20) + "M" : Long.toString(bytes);
  }
}
