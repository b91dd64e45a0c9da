package net.eventlet.wsgi.websocket;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `permessage-deflate` as the two ends agreed on it.
///
/// Source: RFC 7692 section 7.1; RFC 6455 section 9.1.
///
/// @param serverKeepsContext whether the server's messages may refer to those before them
/// @param clientKeepsContext whether the client's may
/// @param serverBits how far back the server's may refer: two to that power
record Extension(boolean serverKeepsContext, boolean clientKeepsContext, int serverBits) {

  static final int BITS_MAX = 15;

  private static final int BITS_MIN = 8;
  private static final String NAME = "permessage-deflate";
  private static final String SERVER_FORGETS = "server_no_context_takeover";
  private static final String CLIENT_FORGETS = "client_no_context_takeover";
  private static final String SERVER_BITS = "server_max_window_bits";
  private static final String CLIENT_BITS = "client_max_window_bits";

  /// A name with parameters; the value of one that has none is empty.
  private record Element(String name, Map<String, String> parameters) {

    boolean isFlagOrAbsent(String parameter) {
      return parameters.getOrDefault(parameter, "").isEmpty();
    }

    /// {@return how many bits; 0 if that is malformed}
    int bits(String parameter) {
      var value = parameters.getOrDefault(parameter, "");
      if (!value.matches("[89]|1[0-5]")) {
        return 0;
      }
      return Integer.parseInt(value);
    }
  }

  /// {@return what a client offers}
  static String offer(Compression compression) {
    return compression.keepsContext()
        ? NAME
        : "%s; %s; %s".formatted(NAME, SERVER_FORGETS, CLIENT_FORGETS);
  }

  /// {@return the first of a client's offers that a server can keep; null if there is none}
  ///
  /// @param offers values of the field
  /// @throws IllegalArgumentException if they are malformed
  static @Nullable Extension choose(List<String> offers, Compression compression) {
    for (var offer : parse(offers)) {
      if (compression.offered() && offer.name.equals(NAME) && isOffer(offer)) {
        var bits = offer.parameters.containsKey(SERVER_BITS) ? offer.bits(SERVER_BITS) : BITS_MAX;
        var keeps = compression.keepsContext();
        return new Extension(
            keeps && bits == BITS_MAX && !offer.parameters.containsKey(SERVER_FORGETS),
            keeps && !offer.parameters.containsKey(CLIENT_FORGETS),
            bits);
      }
    }
    return null;
  }

  private static boolean isOffer(Element offer) {
    return isKnown(offer)
        && (offer.isFlagOrAbsent(CLIENT_BITS) || offer.bits(CLIENT_BITS) >= BITS_MIN);
  }

  private static boolean isKnown(Element element) {
    return element.parameters.keySet().stream()
            .allMatch(name ->
                switch (name) {
                  case SERVER_FORGETS, CLIENT_FORGETS, SERVER_BITS, CLIENT_BITS -> true;
                  default -> false;
                })
        && element.isFlagOrAbsent(SERVER_FORGETS)
        && element.isFlagOrAbsent(CLIENT_FORGETS)
        && (!element.parameters.containsKey(SERVER_BITS) || element.bits(SERVER_BITS) >= BITS_MIN);
  }

  /// {@return what a server answers}
  String answer() {
    return NAME
        + (serverKeepsContext ? "" : "; " + SERVER_FORGETS)
        + (clientKeepsContext ? "" : "; " + CLIENT_FORGETS)
        + (serverBits == BITS_MAX ? "" : "; " + SERVER_BITS + "=" + serverBits);
  }

  /// {@return what a server agreed to; null if to nothing}
  ///
  /// @param answers values of the field
  /// @throws IllegalArgumentException if that is malformed, or was not offered
  static @Nullable Extension agreed(List<String> answers, Compression compression) {
    var elements = parse(answers);
    if (elements.isEmpty()) {
      return null;
    }
    var answer = elements.getFirst();
    if (elements.size() > 1
        || !compression.offered()
        || !answer.name.equals(NAME)
        || !isKnown(answer)
        || answer.parameters.containsKey(CLIENT_BITS)
        || (!compression.keepsContext() && !answer.parameters.containsKey(SERVER_FORGETS))) {
      throw new IllegalArgumentException("the server chose what was not offered: " + answers);
    }
    return new Extension(
        !answer.parameters.containsKey(SERVER_FORGETS),
        compression.keepsContext() && !answer.parameters.containsKey(CLIENT_FORGETS),
        BITS_MAX);
  }

  private static List<Element> parse(List<String> values) {
    var elements = new ArrayList<Element>();
    for (var element : Tokens.split(values)) { // no value of these has a comma
      var parts = element.split(";", -1);
      var parameters = new LinkedHashMap<String, String>();
      for (var i = 1; i < parts.length; i++) {
        var parameter = parts[i].strip();
        var equals = parameter.indexOf('=');
        var name = (equals < 0 ? parameter : parameter.substring(0, equals)).strip();
        var value = equals < 0 ? "" : unquoted(parameter.substring(equals + 1).strip());
        if (!Tokens.isToken(name)
            || (equals >= 0 && !Tokens.isToken(value))
            || parameters.put(name.toLowerCase(Locale.ROOT), value) != null) {
          throw malformed(values);
        }
      }
      if (!Tokens.isToken(parts[0].strip())) {
        throw malformed(values);
      }
      elements.add(new Element(parts[0].strip().toLowerCase(Locale.ROOT), parameters));
    }
    return elements;
  }

  private static String unquoted(String value) {
    return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1)
        : value;
  }

  private static IllegalArgumentException malformed(List<String> values) {
    return new IllegalArgumentException("Sec-WebSocket-Extensions is malformed: " + values);
  }
}
