package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A request's line and header fields: where they stand among the bytes that came, checked as they
/// come.
///
/// Lines are taken one by one, whatever the pieces they arrive in. Nothing is copied: names, values
/// and the target are made into strings when somebody asks for them. A connection has one, for one
/// request after the other.
///
/// Strict: a line ends in CR LF, there is one space between the parts of the first, none before a
/// colon, no folding, no control characters, one `Host`, one plain length or one `chunked`.
///
/// Source: RFC 9112 sections 2, 3, 5 and 6; RFC 9110 sections 5 and 7.2.
final class Head {

  static final long CHUNKED = -1;

  private static final boolean[] TOKEN = new boolean[256];

  static {
    for (var c = '0'; c <= '9'; c++) {
      TOKEN[c] = true;
    }
    for (var c = 'a'; c <= 'z'; c++) {
      TOKEN[c] = true;
      TOKEN[c - 'a' + 'A'] = true;
    }
    for (var c : "!#$%&'*+-.^_`|~".toCharArray()) {
      TOKEN[c] = true;
    }
  }

  private final ServerLimits limits;
  private byte[] bytes = new byte[0];
  private int begin; // of this request
  private int line; // where the next one begins
  private int scan; // how far it has been looked at
  private boolean started; // the request line is there
  private boolean blank; // an empty line came before it
  private int methodEnd;
  private int targetEnd;
  private int minor; // of the version
  private int[] spans = new int[4 * 16]; // of each field: name, its end, value, its end
  private int fields;

  // what the fields say
  private int host; // index of the field; -1 for none
  private long length; // of the body, or CHUNKED
  private boolean hasLength;
  private boolean close;
  private boolean keepAlive;
  private boolean upgrade;
  private boolean expects;

  Head(ServerLimits limits) {
    this.limits = limits;
  }

  /// Begins anew.
  ///
  /// @param from where the next request begins
  void reset(int from) {
    begin = from;
    line = from;
    scan = from;
    started = false;
    blank = false;
    fields = 0;
    host = -1;
    length = 0;
    hasLength = false;
    close = false;
    keepAlive = false;
    upgrade = false;
    expects = false;
  }

  /// Lets go of the bytes: no request follows.
  void forget() {
    bytes = new byte[0];
    fields = 0;
    spans = new int[0];
  }

  /// Looks at what came.
  ///
  /// @param from an array that begins as the one before did
  /// @param end of what came
  /// @return where the head ends, behind the empty line; -1 if it has not come yet
  /// @throws BadRequest if it is none, or too long
  int parse(byte[] from, int end) throws BadRequest {
    bytes = from;
    while (true) {
      while (scan < end && bytes[scan] != '\n') {
        scan++;
      }
      checkSizes();
      if (scan == end) {
        return -1;
      }
      if (scan == line || bytes[scan - 1] != '\r') {
        throw bad("a line ends in LF without CR");
      }
      var lineEnd = scan - 1;
      var from0 = line;
      scan++;
      line = scan;
      if (lineEnd == from0) {
        if (started) {
          finish();
          return scan;
        }
        if (blank) {
          throw bad("empty lines instead of a request");
        }
        blank = true;
        begin = scan;
      } else if (started) {
        field(from0, lineEnd);
      } else {
        requestLine(from0, lineEnd);
      }
    }
  }

  private void checkSizes() throws BadRequest {
    var size = scan - line;
    if (!started && size > limits.requestLineBytes() + 1) {
      throw new BadRequest(414, "the request line is longer than " + limits.requestLineBytes());
    }
    if (started && size > limits.fieldBytes() + 1) {
      throw new BadRequest(431, "a header field is longer than " + limits.fieldBytes());
    }
    if (scan - begin >= limits.headBytes()) {
      throw new BadRequest(431, "the header is longer than " + limits.headBytes());
    }
  }

  private static BadRequest bad(String why) {
    return new BadRequest(400, why);
  }

  // -------------------------------------------------------------------------------- the first line

  private void requestLine(int from, int end) throws BadRequest {
    begin = from;
    var at = from;
    while (at < end && TOKEN[bytes[at] & 0xff]) {
      at++;
    }
    if (at == from || at == end || bytes[at] != ' ') {
      throw bad("the request line does not begin with a method and a space");
    }
    methodEnd = at;
    at++;
    var target = at;
    while (at < end && bytes[at] > ' ' && bytes[at] < 0x7f) {
      if (bytes[at] == '#') {
        throw bad("a target has no fragment");
      }
      if (bytes[at] == '%' && (at + 2 >= end || hex(bytes[at + 1]) < 0 || hex(bytes[at + 2]) < 0)) {
        throw bad("a % in the target is not followed by two hexadecimal digits");
      }
      at++;
    }
    if (at == target || at == end || bytes[at] != ' ') {
      throw bad("the request line has no target of visible characters with a space behind it");
    }
    targetEnd = at;
    version(at + 1, end);
    started = true;
    checkTarget(target);
  }

  private void version(int at, int end) throws BadRequest {
    if (end - at != 8
        || !is(at, "HTTP/")
        || !isDigit(bytes[at + 5])
        || bytes[at + 6] != '.'
        || !isDigit(bytes[at + 7])) {
      throw bad("the request line does not end in a version such as HTTP/1.1");
    }
    minor = bytes[at + 7] - '0';
    if (bytes[at + 5] != '1' || minor > 1) {
      throw new BadRequest(505, "this server speaks HTTP/1.1 and HTTP/1.0");
    }
  }

  private void checkTarget(int target) throws BadRequest {
    switch (bytes[target]) {
      case '/' -> {
        if (methodIs("CONNECT")) {
          throw bad("CONNECT wants a host and a port");
        }
      }
      case '*' -> {
        if (targetEnd != target + 1 || !methodIs("OPTIONS")) {
          throw bad("the target * is for OPTIONS alone");
        }
      }
      default -> {
        if (methodIs("CONNECT")) {
          throw new BadRequest(501, "this server is no proxy");
        }
        if (authorityOf(target) < 0) {
          throw bad("a target begins with / or http://");
        }
      }
    }
  }

  /// {@return where the authority of an absolute form begins; -1 if it is none}
  private int authorityOf(int target) {
    for (var scheme : List.of("http://", "https://")) {
      if (targetEnd - target > scheme.length() && isIgnoringCase(target, scheme)) {
        return target + scheme.length();
      }
    }
    return -1;
  }

  // -------------------------------------------------------------------------------------- the
  // fields

  private void field(int from, int end) throws BadRequest {
    if (fields == limits.fields()) {
      throw new BadRequest(431, "there are more than " + limits.fields() + " header fields");
    }
    var at = from;
    while (at < end && TOKEN[bytes[at] & 0xff]) {
      at++;
    }
    if (at == from || at == end || bytes[at] != ':') {
      throw bad("a header field does not begin with a name and a colon");
    }
    var name = at;
    var value = at + 1;
    for (at = value; at < end; at++) {
      if ((bytes[at] >= 0 && bytes[at] < ' ' && bytes[at] != '\t') || bytes[at] == 0x7f) {
        throw bad("there is a control character in a header field");
      }
    }
    while (value < end && isBlank(bytes[value])) {
      value++;
    }
    while (end > value && isBlank(bytes[end - 1])) {
      end--;
    }
    add(from, name, value, end);
    understand(fields - 1);
  }

  private void add(int name, int nameEnd, int value, int valueEnd) {
    if (spans.length < 4 * fields + 4) {
      spans = Arrays.copyOf(spans, 2 * spans.length);
    }
    spans[4 * fields] = name;
    spans[4 * fields + 1] = nameEnd;
    spans[4 * fields + 2] = value;
    spans[4 * fields + 3] = valueEnd;
    fields++;
  }

  private void understand(int field) throws BadRequest {
    switch (spans[4 * field + 1] - spans[4 * field]) {
      case 4 -> {
        if (nameIs(field, "host")) {
          host(field);
        }
      }
      case 6 -> {
        if (nameIs(field, "expect")) {
          if (!valueIs(field, "100-continue")) {
            throw new BadRequest(417, "the only expectation that can be met is 100-continue");
          }
          expects = minor == 1;
        }
      }
      case 10 -> {
        if (nameIs(field, "connection")) {
          connection(value(field));
        }
      }
      case 14 -> {
        if (nameIs(field, "content-length")) {
          contentLength(field);
        }
      }
      case 17 -> {
        if (nameIs(field, "transfer-encoding")) {
          transferEncoding(field);
        }
      }
      default -> {}
    }
  }

  private void host(int field) throws BadRequest {
    if (host >= 0) {
      throw bad("there are two Host fields");
    }
    host = field;
    for (var at = spans[4 * field + 2]; at < spans[4 * field + 3]; at++) {
      var c = (char) (bytes[at] & 0xff);
      if (c <= ' ' || c >= 0x7f || "/?#@\\<>\"^`{|},".indexOf(c) >= 0) {
        throw bad("the Host field is no host");
      }
    }
  }

  private void connection(String value) {
    for (var option : value.toLowerCase(Locale.ROOT).split(",", -1)) {
      switch (option.strip()) {
        case "close" -> close = true;
        case "keep-alive" -> keepAlive = true;
        case "upgrade" -> upgrade = true;
        default -> {}
      }
    }
  }

  private void contentLength(int field) throws BadRequest {
    if (hasLength) {
      throw bad("there are two Content-Length fields");
    }
    hasLength = true;
    var from = spans[4 * field + 2];
    var end = spans[4 * field + 3];
    if (from == end || end - from > 18) {
      throw bad("the Content-Length is no number of bytes");
    }
    var number = 0L;
    for (var at = from; at < end; at++) {
      if (!isDigit(bytes[at])) {
        throw bad("the Content-Length is no number of bytes");
      }
      number = 10 * number + bytes[at] - '0';
    }
    if (length != CHUNKED) {
      length = number;
    }
  }

  private void transferEncoding(int field) throws BadRequest {
    if (length == CHUNKED) {
      throw bad("there are two Transfer-Encoding fields");
    }
    if (minor == 0) {
      throw bad("HTTP/1.0 has no Transfer-Encoding");
    }
    if (!valueIs(field, "chunked")) {
      if (value(field).matches("(?i)(?:[a-z]+, ?)+chunked")
          && !value(field).matches("(?i).*chunked,.*")) {
        throw new BadRequest(501, "the only transfer coding that is understood is chunked");
      }
      throw bad("the transfer coding is not chunked at its end, and there alone");
    }
    length = CHUNKED;
  }

  private void finish() throws BadRequest {
    if (hasLength && length == CHUNKED) {
      throw bad("there are both a Content-Length and a Transfer-Encoding");
    }
    if (host < 0 && minor == 1) {
      throw bad("there is no Host field");
    }
    var authority = authorityOf(methodEnd + 1);
    if (authority >= 0) {
      checkAuthority(authority);
    }
    if (length > limits.bodyBytes()) {
      throw new BadRequest(413, "the body is longer than " + limits.bodyBytes());
    }
  }

  private void checkAuthority(int from) throws BadRequest {
    var end = from;
    while (end < targetEnd && bytes[end] != '/' && bytes[end] != '?') {
      end++;
    }
    var authority = string(from, end);
    if (authority.isEmpty() || authority.indexOf('@') >= 0) {
      throw bad("the target has no host, or a user");
    }
    if (host >= 0 && !value(host).equalsIgnoreCase(authority)) {
      throw bad("the Host field and the target name different hosts");
    }
  }

  // --------------------------------------------------------------------------------- what it says

  String method() {
    var end = methodEnd - begin;
    if (end == 3 && is(begin, "GET")) {
      return "GET";
    }
    if (end == 4 && is(begin, "POST")) {
      return "POST";
    }
    return string(begin, methodEnd);
  }

  boolean methodIs(String method) {
    return methodEnd - begin == method.length() && is(begin, method);
  }

  String target() {
    return string(methodEnd + 1, targetEnd);
  }

  /// {@return the target without scheme and host, as it came}
  String originForm() {
    var authority = authorityOf(methodEnd + 1);
    if (authority < 0) {
      return target();
    }
    var at = authority;
    while (at < targetEnd && bytes[at] != '/' && bytes[at] != '?') {
      at++;
    }
    var rest = string(at, targetEnd);
    return rest.startsWith("/") ? rest : "/" + rest;
  }

  String requestLine() {
    return begin == 0 && !started ? "" : string(begin, targetEnd) + " HTTP/1." + minor;
  }

  boolean started() {
    return started;
  }

  /// {@return whether anything of a request has come}
  boolean begun(int end) {
    return end > begin;
  }

  int minor() {
    return minor;
  }

  /// {@return bytes of the body, or [#CHUNKED]}
  long length() {
    return length;
  }

  boolean keepsAlive() {
    return !close && (minor == 1 || keepAlive);
  }

  boolean expects() {
    return expects;
  }

  boolean upgrades() {
    return upgrade;
  }

  int fields() {
    return fields;
  }

  String name(int field) {
    return string(spans[4 * field], spans[4 * field + 1]);
  }

  String value(int field) {
    return string(spans[4 * field + 2], spans[4 * field + 3]);
  }

  /// {@return the first value of a name; null if there is none}
  @Nullable String value(String name) {
    for (var field = 0; field < fields; field++) {
      if (nameIs(field, name)) {
        return value(field);
      }
    }
    return null;
  }

  List<String> values(String name) {
    var values = new ArrayList<String>();
    for (var field = 0; field < fields; field++) {
      if (nameIs(field, name)) {
        values.add(value(field));
      }
    }
    return values;
  }

  // ---------------------------------------------------------------------------------------- bytes

  private boolean nameIs(int field, String name) {
    var from = spans[4 * field];
    return spans[4 * field + 1] - from == name.length() && isIgnoringCase(from, name);
  }

  private boolean valueIs(int field, String value) {
    var from = spans[4 * field + 2];
    return spans[4 * field + 3] - from == value.length() && isIgnoringCase(from, value);
  }

  private boolean is(int at, String text) {
    for (var i = 0; i < text.length(); i++) {
      if (bytes[at + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private boolean isIgnoringCase(int at, String text) {
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

  private static boolean isBlank(byte c) {
    return c == ' ' || c == '\t';
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

  static boolean isToken(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c < 256 && TOKEN[c]);
  }

  private String string(int from, int end) {
    return new String(bytes, from, end - from, ISO_8859_1);
  }
}
