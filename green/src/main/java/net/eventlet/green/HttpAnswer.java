package net.eventlet.green;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a server answered to [GreenHttp], read to its end.
public final class HttpAnswer {

  private static final Pattern CHARSET =
      Pattern.compile(";\\s*charset=\"?([^\\s;\"]+)", Pattern.CASE_INSENSITIVE);

  private final URI uri;
  private final int status;
  private final Map<String, List<String>> headers;
  private final byte[] body;

  HttpAnswer(URI uri, int status, Map<String, List<String>> headers, byte[] body) {
    this.uri = uri;
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /// {@return who answered, after all redirects}
  public URI uri() {
    return uri;
  }

  /// {@return three digits, such as 200; a 404 is an answer too}
  public int status() {
    return status;
  }

  /// {@return values by name as sent, looked up in any case, in the order received}
  public Map<String, List<String>> headers() {
    return headers;
  }

  /// {@return the first value of a header}
  ///
  /// @param name in any case
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name)).map(List::getFirst);
  }

  /// {@return the body, as it was sent}
  public byte[] body() {
    return body.clone();
  }

  /// {@return the body as text, in the charset of its `content-type`, or UTF-8 if it names none}
  ///
  /// @throws java.nio.charset.UnsupportedCharsetException if the JDK does not have that charset
  public String text() {
    var charset =
        header("content-type")
            .map(CHARSET::matcher)
            .filter(Matcher::find)
            .map(found -> Charset.forName(Objects.requireNonNull(found.group(1))))
            .orElse(UTF_8);
    return new String(body, charset);
  }

  @Override
  public String toString() {
    return status
        + " "
        + uri
        + " "
        + headers
        + ", "
        + body.length
        + " bytes: "
        + new String(Arrays.copyOf(body, Math.min(body.length, 100)), UTF_8);
  }
}
