package net.eventlet.patcher;

import static java.nio.charset.StandardCharsets.US_ASCII;

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

  private final Map<String, Redirect> byMember = new HashMap<>();
  private final Map<String, List<Redirect>> ofObjects = new HashMap<>(); // for subclasses
  private final Set<String> constructed = new HashSet<>();
  private final byte[][][] names; // by length
  private final long[] firsts; // bytes of those, by length

  /// The redirects of some modules.
  ///
  /// @param modules those switched on
  Redirects(Set<Module> modules) {
    var notable = new HashSet<String>();
    for (var redirect : Redirect.ALL) {
      if (modules.contains(redirect.module())) {
        add(redirect);
        notable.add(
            redirect.kind() == Redirect.Kind.CONSTRUCTOR ? redirect.owner() : redirect.name());
      }
    }
    var longest = 0;
    for (var name : notable) {
      longest = Math.max(longest, name.length());
    }
    names = new byte[longest + 1][0][];
    firsts = new long[longest + 1];
    for (var name : notable) {
      var same = names[name.length()];
      names[name.length()] = Arrays.copyOf(same, same.length + 1);
      names[name.length()][same.length] = name.getBytes(US_ASCII);
      firsts[name.length()] |= 1L << name.charAt(0);
    }
  }

  private void add(Redirect redirect) {
    var descriptor = redirect.descriptor();
    byMember.put(member(redirect.kind(), redirect.owner(), redirect.name(), descriptor), redirect);
    if (redirect.kind() == Redirect.Kind.CONSTRUCTOR) {
      constructed.add(redirect.owner());
    }
    if (redirect.kind().forSubclasses()) {
      var key = member(redirect.kind(), "", redirect.name(), descriptor);
      var others = ofObjects.getOrDefault(key, List.of());
      var all = new ArrayList<>(others);
      all.add(redirect);
      ofObjects.put(key, all);
    }
  }

  /// {@return with which bytes names begin that are notable, by their length: bits for the low six
  /// bits of such bytes}
  long[] firsts() {
    return firsts;
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
    var exact = byMember.get(member(kind, owner, name, descriptor));
    if (exact != null || Scope.isJdk(owner)) {
      return exact;
    }
    for (var redirect : ofObjects.getOrDefault(member(kind, "", name, descriptor), List.of())) {
      if (hierarchy.isSubclass(owner, redirect.owner())
          && (kind != Redirect.Kind.SUPER
              || !hierarchy.overrides(owner, redirect.owner(), name, descriptor))) {
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

  /// A key; a record's first use would take longer than all the table does.
  private static String member(Redirect.Kind kind, String owner, String name, String descriptor) {
    return kind.name().concat(owner).concat(name).concat(descriptor);
  }
}
