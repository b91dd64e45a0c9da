package net.eventlet.patcher;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The redirects that are in force, by what they redirect.
final class Redirects {

  private static final Redirect.Kind[] KINDS = Redirect.Kind.values();

  private final Map<Member, Redirect> byMember = new HashMap<>();
  private final Map<Signature, List<Redirect>> ofObjects = new HashMap<>(); // for subclasses
  private final Set<String> constructed = new HashSet<>();
  private final byte[][][] names; // by length

  /// The redirects of some modules.
  ///
  /// @param modules those switched on
  Redirects(Set<Module> modules) {
    var notable = new HashSet<String>();
    for (var redirect : Redirect.ALL) {
      if (modules.contains(redirect.module())) {
        add(redirect);
        notable.add(
            redirect.kind() == Redirect.Kind.CONSTRUCTOR
                ? internalName(redirect.owner())
                : redirect.name());
      }
    }
    var longest = notable.stream().mapToInt(String::length).max().orElse(0);
    names = new byte[longest + 1][][];
    for (var length = 0; length < names.length; length++) {
      var exactly = length;
      names[length] =
          notable.stream()
              .filter(name -> name.length() == exactly)
              .map(name -> name.getBytes(US_ASCII))
              .toArray(byte[][]::new);
    }
  }

  private void add(Redirect redirect) {
    var descriptor = redirect.descriptor();
    byMember.put(
        new Member(redirect.kind(), internalName(redirect.owner()), redirect.name(), descriptor),
        redirect);
    if (redirect.kind() == Redirect.Kind.CONSTRUCTOR) {
      constructed.add(internalName(redirect.owner()));
    }
    if (redirect.kind().forSubclasses()) {
      ofObjects
          .computeIfAbsent(
              new Signature(redirect.kind(), redirect.name(), descriptor), _ -> new ArrayList<>())
          .add(redirect);
    }
  }

  /// {@return whether something is redirected, or the owner of something, that has this name}
  ///
  /// @param bytes hold the name
  /// @param from where it begins
  /// @param length in bytes
  boolean isNotable(byte[] bytes, int from, int length) {
    if (length >= names.length) {
      return false;
    }
    for (var name : names[length]) {
      if (Arrays.equals(name, 0, length, bytes, from, from + length)) {
        return true;
      }
    }
    return false;
  }

  /// {@return where calls of a member go; null if they stay as they are}
  ///
  /// @param kind how it is called
  /// @param owner such as `java/lang/Thread`
  /// @param name of a method
  /// @param descriptor of it
  /// @param hierarchy knows the owner's superclasses
  @Nullable Redirect of(
      Redirect.Kind kind, String owner, String name, String descriptor, Hierarchy hierarchy) {
    var exact = byMember.get(new Member(kind, owner, name, descriptor));
    if (exact != null || Scope.isJdk(owner)) {
      return exact;
    }
    for (var redirect : ofObjects.getOrDefault(new Signature(kind, name, descriptor), List.of())) {
      if (hierarchy.isSubclass(owner, internalName(redirect.owner()))) {
        return redirect;
      }
    }
    return null;
  }

  /// {@return whether calls of a member go elsewhere, if they are made in a certain way}
  ///
  /// @param owner such as `java/lang/Thread`
  /// @param name of a method
  /// @param descriptor of it
  /// @param hierarchy knows the owner's superclasses
  boolean includes(String owner, String name, String descriptor, Hierarchy hierarchy) {
    for (var kind : KINDS) {
      if (of(kind, owner, name, descriptor, hierarchy) != null) {
        return true;
      }
    }
    return false;
  }

  /// {@return whether a constructor of a class is redirected}
  ///
  /// @param owner such as `java/lang/Thread`
  boolean constructs(String owner) {
    return constructed.contains(owner);
  }

  static String internalName(ClassDesc type) {
    var descriptor = type.descriptorString();
    return descriptor.substring(1, descriptor.length() - 1);
  }

  private record Member(Redirect.Kind kind, String owner, String name, String descriptor) {}

  private record Signature(Redirect.Kind kind, String name, String descriptor) {}
}
