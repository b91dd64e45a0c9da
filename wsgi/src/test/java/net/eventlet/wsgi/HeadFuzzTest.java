package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.regex.Pattern;

/// Any bytes for a head: read alike in whatever pieces, never accepted where a pattern that is
/// obviously right says no.
///
/// Run: `JAZZER_FUZZ=1 mvn test -pl wsgi -am -Djazzer.hooks=true -Dtest=HeadFuzzTest`. Without that
/// variable, what is in `HeadFuzzTestInputs` is tried again.
class HeadFuzzTest {

  private static final HeadLimits LIMITS = new HeadLimits(200, 200, 400, 8);

  /// What a head that is accepted looks like, whatever else is asked of it.
  private static final Pattern HEAD =
      Pattern.compile(
          "(\r\n)?[!#$%&'*+.^_`|~0-9A-Za-z-]+ [!\"$-~]+ HTTP/1\\.[01]\r\n"
              + "([!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~\u0080-\u00ff]*\r\n)*\r\n");

  /// What reading it came to.
  private record Outcome(int status, int end, String said) {

    static Outcome of(byte[] bytes, int step) {
      var head = new Head(ServerLimits.DEFAULT.withHead(LIMITS));
      head.reset(0);
      try {
        for (var end = Math.min(step, bytes.length); ; end = Math.min(end + step, bytes.length)) {
          var at = head.parse(Arrays.copyOf(bytes, end), end);
          if (at >= 0) {
            return new Outcome(200, at, describe(head));
          }
          if (end == bytes.length) {
            return new Outcome(0, -1, "");
          }
        }
      } catch (BadRequest refused) {
        return new Outcome(refused.status(), -1, "");
      }
    }

    private static String describe(Head head) {
      var text = new StringBuilder();
      text.append(head.method()).append(' ').append(head.target()).append(' ').append(head.minor());
      text.append(' ').append(head.originForm()).append(' ').append(head.host());
      text.append(' ').append(head.length()).append(' ').append(head.keepsAlive());
      for (var field = 0; field < head.fields().count(); field++) {
        text.append('\n').append(head.fields().name(field));
        text.append('=').append(head.fields().value(field));
      }
      return text.toString();
    }
  }

  @FuzzTest(maxDuration = "2m")
  void isReadAlikeInWhateverPieces(byte[] bytes) {
    var whole = Outcome.of(bytes, Math.max(1, bytes.length));

    assertEquals(whole, Outcome.of(bytes, 1));
    assertEquals(whole, Outcome.of(bytes, 7));
    assertTrue(
        whole.status == 0
            || whole.status == 200
            || whole.status / 100 == 4
            || whole.status == 501
            || whole.status == 505);
    if (whole.status == 200) {
      var text = new String(bytes, 0, whole.end, ISO_8859_1);
      assertTrue(HEAD.matcher(text).matches(), text);
    }
  }
}
