package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Header fields, or trailers: where their names and values stand among bytes.
///
/// Nothing is copied; names and values are made into strings when somebody asks for them.
///
/// Source: RFC 9110 section 5; RFC 9112 section 5.
final class Fields {

  private byte[] bytes = new byte[0];
  private int[] spans = new int[4 * 16]; // of each: name, its end, value, its end
  private int count;

  /// Forgets all.
  void reset() {
    count = 0;
  }

  /// Forgets all, and lets go of the bytes.
  void forget() {
    count = 0;
    bytes = new byte[0];
    spans = new int[0];
  }

  /// Takes the lines of fields, each checked and without its end, as they come.
  ///
  /// @param from that begins as the array before did
  /// @param begin of the line
  /// @param end of the line
  /// @throws BadRequest if it is no field
  void add(byte[] from, int begin, int end) throws BadRequest {
    bytes = from;
    var at = begin;
    while (at < end && Grammar.isToken(from[at])) {
      at++;
    }
    if (at == begin || at == end || from[at] != ':') {
      throw new BadRequest(400, "a field does not begin with a name and a colon");
    }
    var name = at;
    var value = at + 1;
    for (at = value; at < end; at++) {
      if (Grammar.isControl(from[at])) {
        throw new BadRequest(400, "there is a control character in a field");
      }
    }
    var valueEnd = end;
    while (value < valueEnd && Grammar.isBlank(from[value])) {
      value++;
    }
    while (valueEnd > value && Grammar.isBlank(from[valueEnd - 1])) {
      valueEnd--;
    }
    if (spans.length < 4 * count + 4) {
      spans = Arrays.copyOf(spans, 2 * spans.length);
    }
    spans[4 * count] = begin;
    spans[4 * count + 1] = name;
    spans[4 * count + 2] = value;
    spans[4 * count + 3] = valueEnd;
    count++;
  }

  int count() {
    return count;
  }

  int nameLength(int field) {
    return spans[4 * field + 1] - spans[4 * field];
  }

  int valueBegin(int field) {
    return spans[4 * field + 2];
  }

  int valueEnd(int field) {
    return spans[4 * field + 3];
  }

  String name(int field) {
    return string(spans[4 * field], spans[4 * field + 1]);
  }

  String value(int field) {
    return string(spans[4 * field + 2], spans[4 * field + 3]);
  }

  /// {@return the first value of a name; null if there is none}
  @Nullable String value(String name) {
    for (var field = 0; field < count; field++) {
      if (nameIs(field, name)) {
        return value(field);
      }
    }
    return null;
  }

  List<String> values(String name) {
    var values = new ArrayList<String>();
    for (var field = 0; field < count; field++) {
      if (nameIs(field, name)) {
        values.add(value(field));
      }
    }
    return values;
  }

  boolean nameIs(int field, String name) {
    return nameLength(field) == name.length()
        && Grammar.isIgnoringCase(bytes, spans[4 * field], name);
  }

  boolean valueIs(int field, String value) {
    var from = spans[4 * field + 2];
    return spans[4 * field + 3] - from == value.length()
        && Grammar.isIgnoringCase(bytes, from, value);
  }

  /// {@return whether a value, a list with commas, has a member}
  boolean lists(int field, String member) {
    var end = spans[4 * field + 3];
    for (var at = spans[4 * field + 2]; at < end; at++) {
      var from = at;
      while (at < end && bytes[at] != ',') {
        at++;
      }
      var to = at;
      while (from < to && Grammar.isBlank(bytes[from])) {
        from++;
      }
      while (to > from && Grammar.isBlank(bytes[to - 1])) {
        to--;
      }
      if (to - from == member.length() && Grammar.isIgnoringCase(bytes, from, member)) {
        return true;
      }
    }
    return false;
  }

  private String string(int from, int end) {
    return new String(bytes, from, end - from, ISO_8859_1);
  }
}
