package net.eventlet.wsgi;

/// What may stand where in a request: bytes in, true or false out.
///
/// Source: RFC 9110 section 5.6; RFC 3986 section 3.2.
final class Grammar {

  private static final boolean[] TOKEN = table("!#$%&'*+-.^_`|~");
  private static final boolean[] HOST = table("-._~!$&'()*+;=");

  private Grammar() {}

  private static boolean[] table(String others) {
    var table = new boolean[256];
    for (var c = '0'; c <= '9'; c++) {
      table[c] = true;
    }
    for (var c = 'a'; c <= 'z'; c++) {
      table[c] = true;
      table[c - 'a' + 'A'] = true;
    }
    others.chars().forEach(c -> table[c] = true);
    return table;
  }

  static boolean isToken(byte c) {
    return TOKEN[c & 0xff];
  }

  static boolean isToken(String text) {
    for (var i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xff || !TOKEN[text.charAt(i)]) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /// {@return whether a text may be a field's value: no control characters, nothing beyond ISO
  /// 8859-1}
  static boolean isFieldValue(String text) {
    for (var i = 0; i < text.length(); i++) {
      if (isControl(text.charAt(i)) || text.charAt(i) > 0xff) {
        return false;
      }
    }
    return true;
  }

  static boolean isBlank(byte c) {
    return c == ' ' || c == '\t';
  }

  /// {@return whether it has no place in a field's value}
  static boolean isControl(int c) {
    return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f;
  }

  static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }

  /// {@return what a hexadecimal digit means; -1 if it is none}
  static int hex(int c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    var small = c | 0x20;
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
  }

  /// {@return whether bytes are a host, with or without a port; so are none}
  static boolean isAuthority(byte[] bytes, int from, int end) {
    var at = from;
    if (at < end && bytes[at] == '[') {
      at++;
      while (at < end && (hex(bytes[at]) >= 0 || bytes[at] == ':' || bytes[at] == '.')) {
        at++;
      }
      if (at == end || bytes[at] != ']' || at == from + 1) {
        return false;
      }
      at++;
    } else {
      while (at < end && HOST[bytes[at] & 0xff]) {
        at++;
      }
    }
    return at == end || (bytes[at] == ':' && at > from && isPort(bytes, at + 1, end));
  }

  private static boolean isPort(byte[] bytes, int from, int end) {
    var port = 0;
    for (var at = from; at < end; at++) {
      if (!isDigit(bytes[at])) {
        return false;
      }
      port = 10 * port + bytes[at] - '0';
      if (port > 0xffff) {
        return false;
      }
    }
    return true;
  }

  static boolean is(byte[] bytes, int at, String text) {
    for (var i = 0; i < text.length(); i++) {
      if (bytes[at + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  static boolean isIgnoringCase(byte[] bytes, int at, String text) {
    for (var i = 0; i < text.length(); i++) {
      if (lower(bytes[at + i]) != lower((byte) text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static int lower(byte c) {
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
  }
}
