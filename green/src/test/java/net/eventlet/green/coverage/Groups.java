package net.eventlet.green.coverage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Calls sorted into groups by a file.
///
/// ```
/// # a comment
/// [name of a group]
/// java.net.ServerSocket                       every method that is in no other line
/// java.net.Socket: new connect                these methods, and of these names all
/// java.util.concurrent.*                      every class of a package that is in no other line
/// ```
final class Groups {

  private static final String ALL = "*";

  private final Map<String, Map<String, String>> groups = new TreeMap<>(); // by class, by method
  private final Map<String, String> packages = new TreeMap<>();
  private final Set<String> names = new LinkedHashSet<>();

  /// Reads a file.
  ///
  /// @param resource its name, beside this class
  Groups(String resource) {
    var group = "";
    for (var line : lines(resource)) {
      if (line.startsWith("[")) {
        group = line.substring(1, line.length() - 1);
        if (!names.add(group)) {
          throw new IllegalArgumentException(resource + " has a second [" + group + "]");
        }
      } else if (!line.isBlank() && !line.startsWith("#")) {
        var parts = line.split(":", 2);
        for (var method :
            parts.length == 1 ? List.of(ALL) : List.of(parts[1].strip().split(" +"))) {
          var before = put(parts[0].strip(), method, group);
          if (before != null) {
            throw new IllegalArgumentException(
                "%s has %s %s in [%s] and [%s]"
                    .formatted(resource, parts[0], method, before, group));
          }
        }
      }
    }
  }

  private String put(String type, String method, String group) {
    return type.endsWith(".*")
        ? packages.put(type.substring(0, type.length() - 2), group)
        : groups.computeIfAbsent(type, _ -> new TreeMap<>()).put(method, group);
  }

  /// {@return the names of the groups, as they come in the file}
  Set<String> names() {
    return names;
  }

  /// {@return the group of a method; empty if no line is about it}
  Optional<String> of(JdkMethods.Method method) {
    var ofClass = groups.getOrDefault(method.owner(), Map.of());
    var exact = ofClass.get(method.name());
    if (exact != null) {
      return Optional.of(exact);
    }
    var rest = ofClass.get(ALL);
    return Optional.ofNullable(rest != null ? rest : packages.get(packageOf(method.owner())));
  }

  /// {@return the lines, in the form `class.method`, that none of some methods is about}
  List<String> idle(Collection<JdkMethods.Method> methods) {
    var used = new TreeSet<String>();
    for (var method : methods) {
      var ofClass = groups.getOrDefault(method.owner(), Map.of());
      if (ofClass.containsKey(method.name())) {
        used.add(method.call());
      } else if (ofClass.containsKey(ALL)) {
        used.add(method.owner() + "." + ALL);
      } else {
        used.add(packageOf(method.owner()) + "." + ALL);
      }
    }
    var idle = new ArrayList<String>();
    groups.forEach((type, ofClass) ->
        ofClass.keySet().stream().map(name -> type + "." + name).forEach(idle::add));
    packages.keySet().forEach(name -> idle.add(name + "." + ALL));
    idle.removeAll(used);
    return idle;
  }

  private static String packageOf(String type) {
    return type.substring(0, type.lastIndexOf('.'));
  }

  private static List<String> lines(String resource) {
    try (var stream = Groups.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalArgumentException("no resource " + resource);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
