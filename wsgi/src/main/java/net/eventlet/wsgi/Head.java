package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

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

  private final HeadLimits limits;
  private final long bodyBytesMax;
  private final Fields fields = new Fields();
  private byte[] bytes = new byte[0];
  private int begin; // of this request
  private int line; // where the next one begins
  private int scan; // how far it has been looked at
  private boolean started; // the request line is there
  private boolean blank; // an empty line came before it
  private int methodEnd;
  private int targetEnd;
  private int minor; // of the version

  // what the fields say
  private int host; // index of the field; -1 for none
  private long length; // of the body, or CHUNKED
  private boolean hasLength;
  private boolean close;
  private boolean keepAlive;
  private boolean upgrade;
  private boolean expects;

  Head(ServerLimits limits) {
    this.limits = limits.head();
    bodyBytesMax = limits.body().bytes();
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
    methodEnd = from;
    targetEnd = from;
    minor = 1;
    fields.reset();
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
    started = false;
    fields.forget();
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
    if (scan - begin >= limits.bytes()) {
      throw new BadRequest(431, "the header is longer than " + limits.bytes());
    }
  }

  private static BadRequest bad(String why) {
    return new BadRequest(400, why);
  }

  // -------------------------------------------------------------------------------- the first line

  private void requestLine(int from, int end) throws BadRequest {
    begin = from;
    var at = from;
    while (at < end && Grammar.isToken(bytes[at])) {
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
      if (bytes[at] == '%'
          && (at + 2 >= end || Grammar.hex(bytes[at + 1]) < 0 || Grammar.hex(bytes[at + 2]) < 0)) {
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
        || !Grammar.is(bytes, at, "HTTP/")
        || !Grammar.isDigit(bytes[at + 5])
        || bytes[at + 6] != '.'
        || !Grammar.isDigit(bytes[at + 7])) {
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
      if (targetEnd - target > scheme.length() && Grammar.isIgnoringCase(bytes, target, scheme)) {
        return target + scheme.length();
      }
    }
    return -1;
  }

  // -------------------------------------------------------------------------------------- the
  // fields

  private void field(int from, int end) throws BadRequest {
    var field = fields.count();
    if (field == limits.fields()) {
      throw new BadRequest(431, "there are more than " + limits.fields() + " header fields");
    }
    fields.add(bytes, from, end);
    switch (fields.nameLength(field)) {
      case 4 -> {
        if (fields.nameIs(field, "host")) {
          host(field);
        }
      }
      case 6 -> {
        if (fields.nameIs(field, "expect")) {
          if (!fields.valueIs(field, "100-continue")) {
            throw new BadRequest(417, "the only expectation that can be met is 100-continue");
          }
          expects = minor == 1;
        }
      }
      case 10 -> {
        if (fields.nameIs(field, "connection")) {
          close |= fields.lists(field, "close");
          keepAlive |= fields.lists(field, "keep-alive");
          upgrade |= fields.lists(field, "upgrade");
        }
      }
      case 14 -> {
        if (fields.nameIs(field, "content-length")) {
          contentLength(field);
        }
      }
      case 17 -> {
        if (fields.nameIs(field, "transfer-encoding")) {
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
    if (!Grammar.isAuthority(bytes, fields.valueBegin(field), fields.valueEnd(field))) {
      throw bad("the Host field is no host");
    }
  }

  private void contentLength(int field) throws BadRequest {
    if (hasLength) {
      throw bad("there are two Content-Length fields");
    }
    hasLength = true;
    var from = fields.valueBegin(field);
    var end = fields.valueEnd(field);
    if (from == end || end - from > 18) {
      throw bad("the Content-Length is no number of bytes");
    }
    var number = 0L;
    for (var at = from; at < end; at++) {
      if (!Grammar.isDigit(bytes[at])) {
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
    if (!fields.valueIs(field, "chunked")) {
      var codings = List.of(fields.value(field).toLowerCase(Locale.ROOT).split(", ?", -1));
      if (codings.indexOf("chunked") == codings.size() - 1
          && codings.stream().allMatch(coding -> coding.matches("[a-z]+"))) {
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
    if (length > bodyBytesMax) {
      throw new BadRequest(413, "the body is longer than " + bodyBytesMax);
    }
  }

  private void checkAuthority(int from) throws BadRequest {
    var end = from;
    while (end < targetEnd && bytes[end] != '/' && bytes[end] != '?') {
      end++;
    }
    if (end == from || !Grammar.isAuthority(bytes, from, end)) {
      throw bad("the target has no host, or something beside it and a port");
    }
    if (host >= 0 && !fields.valueIs(host, string(from, end))) {
      throw bad("the Host field and the target name different hosts");
    }
  }

  // --------------------------------------------------------------------------------- what it says

  String method() {
    var end = methodEnd - begin;
    if (end == 3 && Grammar.is(bytes, begin, "GET")) {
      return "GET";
    }
    if (end == 4 && Grammar.is(bytes, begin, "POST")) {
      return "POST";
    }
    return string(begin, methodEnd);
  }

  boolean methodIs(String method) {
    return methodEnd - begin == method.length() && Grammar.is(bytes, begin, method);
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
    return !started ? "" : string(begin, targetEnd) + " HTTP/1." + minor;
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

  /// {@return whether it asks for another protocol, which HTTP/1.0 cannot}
  boolean upgrades() {
    return upgrade && minor == 1;
  }

  Fields fields() {
    return fields;
  }

  /// {@return the host that it is for; null if it does not say, which HTTP/1.0 may}
  @Nullable String host() {
    var from = authorityOf(methodEnd + 1);
    if (from < 0) {
      return host < 0 ? null : fields.value(host);
    }
    var end = from;
    while (end < targetEnd && bytes[end] != '/' && bytes[end] != '?') {
      end++;
    }
    return string(from, end);
  }

  private String string(int from, int end) {
    return new String(bytes, from, end - from, ISO_8859_1);
  }
}
