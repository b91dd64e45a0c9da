package net.eventlet.wsgi.websocket;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Lists of tokens in header fields.
///
/// Source: RFC 9110 section 5.6.
final class Tokens {

  private static final String OTHERS = "!#$%&'*+-.^_`|~";

  private Tokens() {}

  static boolean isToken(String text) {
    return !text.isEmpty() && text.chars().allMatch(Tokens::isTokenCharacter);
  }

  static boolean isTokenCharacter(int c) {
    return (c >= '0' && c <= '9')
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || OTHERS.indexOf(c) >= 0;
  }

  /// {@return whether a token is in a list, in any case}
  ///
  /// @param values of a field that may stand several times
  /// @param token in lower case
  static boolean contain(List<String> values, String token) {
    return split(values).stream()
        .anyMatch(element -> element.toLowerCase(Locale.ROOT).equals(token));
  }

  /// {@return the elements of a list, without blanks around them and without empty ones}
  static List<String> split(List<String> values) {
    var elements = new ArrayList<String>();
    for (var value : values) {
      for (var element : value.split(",", -1)) {
        if (!element.isBlank()) {
          elements.add(element.strip());
        }
      }
    }
    return elements;
  }

  /// {@return a copy of a list of tokens}
  ///
  /// @throws IllegalArgumentException if one is none
  static List<String> checked(List<String> tokens) {
    for (var token : tokens) {
      if (!isToken(token)) {
        throw new IllegalArgumentException("'" + token + "' cannot be the name of a protocol");
      }
    }
    return List.copyOf(tokens);
  }
}
