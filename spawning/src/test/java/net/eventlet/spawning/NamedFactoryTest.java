package net.eventlet.spawning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.Stream;
import net.eventlet.wsgi.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Which names stand for applications, and what is said of those that do not.
class NamedFactoryTest {

  private static final String HERE = TestApplications.class.getName();

  private final NamedFactory factory = new NamedFactory(getClass().getClassLoader());

  @ParameterizedTest
  @CsvSource({"::FIELD, field", "::made, made", "::handler, handler /x"})
  void aMemberThatHoldsOneMakesOneOrIsOneServes(String member, String text) throws Exception {
    assertEquals(text, ask(List.of(HERE + member)).body());
  }

  @Test
  void aClassServes() throws Exception {
    assertTrue(ask(List.of(HERE + "$Echo")).body().endsWith(" /x "));
  }

  @Test
  void middlewareWrapsInTheOrderOfItsNames() throws Exception {
    var answer =
        ask(List.of(HERE + "::made", HERE + "::shout", HERE + "::WHISPER", HERE + "$Stamp"));

    assertEquals("made", answer.body());
    for (var field : List.of("x-shout", "x-whisper", "x-stamp")) {
      assertEquals("yes", answer.headers().firstValue(field).orElse("no"), field);
    }
  }

  /// A name that stands for nothing, and what is said of it.
  static Stream<List<String>> wrongNames() {
    return Stream.of(
        List.of("com.example.Nothing", "there is no class com.example.Nothing"),
        List.of(HERE + "::TEXT", "is not an Application but java.lang.String"),
        List.of(HERE + "::gone", "it has: FIELD, TEXT, WHISPER, handler, made, shout, threadName"),
        List.of(HERE, "is not an Application: implement it, or name a member with ::"));
  }

  @ParameterizedTest
  @MethodSource("wrongNames")
  void aWrongNameIsSaidWithWhatIsThere(List<String> name) {
    var failure =
        assertThrows(
            IllegalArgumentException.class, () -> factory.create(List.of(name.getFirst())));

    assertTrue(failure.getMessage().contains(name.getLast()), failure.getMessage());
  }

  @Test
  void whatAConstructorThrowsComesOutAsItIs() {
    var failure =
        assertThrows(IllegalStateException.class, () -> factory.create(List.of(HERE + "$Broken")));

    assertEquals("no database here", failure.getMessage());
  }

  private HttpResponse<String> ask(List<String> names) throws Exception {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (var server = Server.start(address, factory.create(names));
        var client = HttpClient.newHttpClient()) {
      var uri = URI.create("http://127.0.0.1:" + server.port() + "/x");
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
  }
}
