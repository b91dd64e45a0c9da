package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Header fields of an answer, and their lines as they go out, made when first sent: answers of one
/// type share them.
final class FieldLines {

  static final FieldLines NONE = new FieldLines(List.of());

  private final List<Field> list;
  private final boolean dated;
  private byte @Nullable [] encoded; // null until it is sent

  /// A header field, checked.
  record Field(String name, String value) {}

  FieldLines(List<Field> list) {
    this.list = List.copyOf(list);
    dated = value("date") != null;
  }

  List<Field> list() {
    return list;
  }

  /// {@return whether there is a date among them}
  boolean dated() {
    return dated;
  }

  /// {@return the value of a field; null if there is none}
  @Nullable String value(String name) {
    for (var field : list) {
      if (field.name.equalsIgnoreCase(name)) {
        return field.value;
      }
    }
    return null;
  }

  /// {@return all lines, each with its end}
  byte[] encoded() {
    var bytes = encoded;
    if (bytes == null) {
      var text = new StringBuilder();
      for (var field : list) {
        text.append(field.name).append(": ").append(field.value).append("\r\n");
      }
      bytes = text.toString().getBytes(ISO_8859_1);
      encoded = bytes;
    }
    return bytes;
  }

  @Override
  public String toString() {
    return list.toString();
  }
}
