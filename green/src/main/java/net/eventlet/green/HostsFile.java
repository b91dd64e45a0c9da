package net.eventlet.green;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.eventlet.TPool;

/// Names and addresses from a file such as `/etc/hosts`, read again when it has changed.
///
/// Of two lines for one address the first says its name. Lines that are not understood are skipped.
///
/// Source: `hosts(5)`; `eventlet/support/greendns.py`, class `HostsResolver`.
final class HostsFile {

  private final Path file;
  private volatile Content content = Content.EMPTY;

  /// Creates one that is read at the first look-up.
  ///
  /// @param file may not be there, which is as good as empty
  HostsFile(Path file) {
    this.file = file;
  }

  /// {@return the file that `jdk.net.hosts.file` names, else the system's}
  static HostsFile ofSystem() {
    return new HostsFile(Path.of(System.getProperty("jdk.net.hosts.file", "/etc/hosts")));
  }

  /// {@return a name's addresses, in the order of the policy; empty if the file has none}
  ///
  /// @param host in any case
  /// @param policy which ones are wanted
  /// @throws UnknownHostException if the file cannot be read
  List<InetAddress> addresses(String host, LookupPolicy policy) throws UnknownHostException {
    var found = content().addresses().get(host.toLowerCase(Locale.ROOT));
    return found == null ? List.of() : chosen(found, policy);
  }

  /// {@return an address's name; empty if the file has none}
  ///
  /// @param address any
  /// @throws UnknownHostException if the file cannot be read
  String name(InetAddress address) throws UnknownHostException {
    return requireNonNullElse(content().names().get(address), "");
  }

  private Content content() throws UnknownHostException {
    var known = content;
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      var stamp =
          attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
      if (!known.stamp().equals(stamp)) {
        known = Content.of(stamp, TPool.execute(() -> Files.readAllLines(file, UTF_8)));
        content = known;
      }
      return known;
    } catch (NoSuchFileException e) {
      return Content.EMPTY;
    } catch (IOException | RuntimeException e) {
      throw unreadable(e);
    } catch (Exception e) {
      throw new AssertionError("reading a file declares no such exception", e);
    }
  }

  private UnknownHostException unreadable(Exception cause) {
    var failure = new UnknownHostException("the hosts file " + file + " cannot be read");
    failure.initCause(cause);
    return failure;
  }

  private static List<InetAddress> chosen(List<InetAddress> found, LookupPolicy policy) {
    var wanted = policy.characteristics();
    var chosen = new ArrayList<InetAddress>();
    for (var address : found) {
      var kind = address instanceof Inet4Address ? LookupPolicy.IPV4 : LookupPolicy.IPV6;
      if ((wanted & kind) != 0) {
        chosen.add(address);
      }
    }
    if ((wanted & LookupPolicy.IPV4_FIRST) != 0) {
      chosen.sort(Comparator.comparing(address -> !(address instanceof Inet4Address)));
    } else if ((wanted & LookupPolicy.IPV6_FIRST) != 0) {
      chosen.sort(Comparator.comparing(address -> address instanceof Inet4Address));
    }
    return chosen;
  }

  /// What was read.
  ///
  /// @param stamp tells one version of the file from another
  /// @param addresses by name in lower case, in the order of the file
  /// @param names by address
  private record Content(
      String stamp, Map<String, List<InetAddress>> addresses, Map<InetAddress, String> names) {

    static final Content EMPTY = new Content("", Map.of(), Map.of());

    static Content of(String stamp, List<String> lines) {
      var content = new Content(stamp, new HashMap<>(), new HashMap<>());
      for (var line : lines) {
        var words = line.replaceFirst("#.*", "").strip().split("\\s+");
        if (words.length > 1) {
          content.add(words);
        }
      }
      return content;
    }

    private void add(String[] words) {
      InetAddress literal;
      try {
        literal = InetAddress.ofLiteral(words[0]);
      } catch (IllegalArgumentException e) {
        return; // no address, or that of an interface that is not here
      }
      names.putIfAbsent(literal, words[1]);
      for (var i = 1; i < words.length; i++) {
        var name = words[i];
        addresses
            .computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
            .add(GreenResolver.named(name, literal));
      }
    }
  }
}
