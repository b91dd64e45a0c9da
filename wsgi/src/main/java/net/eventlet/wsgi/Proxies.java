package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Proxies in front of a server, and how they tell for whom they speak.
///
/// Each proxy adds whom it heard from at the end. So the client is the last one named that is no
/// proxy itself; what stands before is anybody's claim, and is not looked at. A field that is
/// malformed is not believed at all.
///
/// Source: RFC 7239.
public final class Proxies {

  private static final Pattern PAIR =
      Pattern.compile(
          "\\s*([a-zA-Z]+)=(?:([!#$%&'*+.^_`|~0-9a-zA-Z-]+)|\"([^\"\\\\]*)\")\\s*([;,]|$)");
  private static final Pattern NODE =
      Pattern.compile(
          "\\[([0-9a-fA-F:.]+)\\](?::\\d{1,5})?|([0-9.]+)(?::\\d{1,5})?|unknown|_[\\w.-]+");

  private final List<Network> networks;
  private final boolean unix; // whoever connects to a path is one
  private final boolean standard; // RFC 7239, rather than what came before

  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Network(byte[] address, int bits) {

    static Network of(String text) {
      var slash = text.indexOf('/');
      var address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash)).getAddress();
      var bits = slash < 0 ? 8 * address.length : Integer.parseInt(text.substring(slash + 1));
      if (bits < 0 || bits > 8 * address.length) {
        throw new IllegalArgumentException(
            "a network is an address, or one with a number of bits: " + text);
      }
      return new Network(address, bits);
    }

    boolean contains(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      var mismatch = Arrays.mismatch(address, other);
      if (mismatch < 0 || 8 * mismatch >= bits) {
        return true;
      }
      var differ = (address[mismatch] ^ other[mismatch]) & 0xff;
      return 8 * mismatch + Integer.numberOfLeadingZeros(differ) - 24 >= bits;
    }
  }

  private Proxies(List<String> networks, boolean standard) {
    this.networks =
        networks.stream().filter(text -> !text.equals("unix")).map(Network::of).toList();
    this.standard = standard;
    unix = networks.contains("unix");
  }

  /// {@return proxies that set `Forwarded`}
  ///
  /// @param networks where they are: `10.0.0.0/8`, `::1`, or `unix` for whoever connects to a path
  /// @throws IllegalArgumentException if one is malformed, or a name
  public static Proxies forwarded(String... networks) {
    return new Proxies(List.of(networks), true);
  }

  /// {@return proxies that set `X-Forwarded-For`, `X-Forwarded-Proto` and `X-Forwarded-Host`}
  ///
  /// @param networks where they are: `10.0.0.0/8`, `::1`, or `unix` for whoever connects to a path
  /// @throws IllegalArgumentException if one is malformed, or a name
  public static Proxies xForwarded(String... networks) {
    return new Proxies(List.of(networks), false);
  }

  private boolean contains(String client) {
    if (client.equals("unix")) {
      return unix;
    }
    try {
      var address = InetAddress.ofLiteral(client).getAddress();
      return networks.stream().anyMatch(network -> network.contains(address));
    } catch (IllegalArgumentException name) {
      return false;
    }
  }

  /// {@return where a request comes from, once the proxies were asked}
  Origin origin(Origin direct, Fields fields) {
    if (!contains(direct.client())) {
      return direct;
    }
    return standard ? standard(direct, fields) : older(direct, fields);
  }

  private Origin standard(Origin direct, Fields fields) {
    var hops = parse(String.join(",", fields.values("forwarded")));
    var origin = direct;
    for (var hop : hops.reversed()) {
      var client = nodeOf(hop.getOrDefault("for", ""));
      if (client == null) {
        break;
      }
      origin = origin.with(client, schemeOf(hop.get("proto")), hostOf(hop.get("host")));
      if (!contains(client)) {
        break;
      }
    }
    return origin;
  }

  private Origin older(Origin direct, Fields fields) {
    var names = String.join(",", fields.values("x-forwarded-for")).split(",", -1);
    var client = direct.client();
    for (var name : Arrays.asList(names).reversed()) {
      var node = nodeOf(name.strip());
      if (node == null) {
        break;
      }
      client = node;
      if (!contains(client)) {
        break;
      }
    }
    return direct.with(
        client,
        schemeOf(last(fields, "x-forwarded-proto")),
        hostOf(last(fields, "x-forwarded-host")));
  }

  private static @Nullable String last(Fields fields, String name) {
    var values = fields.values(name);
    if (values.isEmpty()) {
      return null;
    }
    var list = values.getLast();
    return list.substring(list.lastIndexOf(',') + 1).strip();
  }

  /// {@return the hops that a field names, nearest to the client first; none if it is malformed}
  private static List<Map<String, String>> parse(String field) {
    var hops = new ArrayList<Map<String, String>>();
    var hop = new HashMap<String, String>();
    var match = PAIR.matcher(field);
    for (var at = 0; at < field.length(); at = match.end()) {
      if (!match.region(at, field.length()).lookingAt()) { // find() would look on, for ever longer
        return List.of();
      }
      var value = match.group(2) != null ? match.group(2) : match.group(3);
      if (hop.put(match.group(1).toLowerCase(Locale.ROOT), value) != null) {
        return List.of();
      }
      if (!match.group(4).equals(";")) {
        hops.add(Map.copyOf(hop));
        hop.clear();
      }
    }
    return hop.isEmpty() ? hops : List.of();
  }

  /// {@return an address without its port; null if it is malformed}
  private static @Nullable String nodeOf(String node) {
    if (node.indexOf(':') >= 0 && node.indexOf('[') < 0 && node.indexOf('.') < 0) {
      return nodeOf("[" + node + "]"); // as the older fields have it
    }
    var match = NODE.matcher(node);
    if (!match.matches()) {
      return null;
    }
    var address = match.group(1) != null ? match.group(1) : match.group(2);
    if (address == null) {
      return node;
    }
    try {
      return InetAddress.ofLiteral(address).getHostAddress();
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }

  private static @Nullable String schemeOf(@Nullable String text) {
    return text == null || !text.matches("(?i)https?") ? null : text.toLowerCase(Locale.ROOT);
  }

  private static @Nullable String hostOf(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    var bytes = text.getBytes(ISO_8859_1);
    return Grammar.isAuthority(bytes, 0, bytes.length) ? text : null;
  }
}
