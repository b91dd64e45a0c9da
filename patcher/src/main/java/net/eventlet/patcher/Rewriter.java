package net.eventlet.patcher;

import org.jspecify.annotations.Nullable;

/// Rewrites classes: a call that is redirected becomes one of a static method.
///
/// Every instruction keeps its place and its length, so that nothing else of a class has to be
/// understood, or made anew: a class takes microseconds.
///
/// Belongs to one class loader. May be used by any number of threads at once.
final class Rewriter {

  private static final int VIRTUAL_HANDLE = 5; // JVMS 5.4.3.5
  private static final int STATIC_HANDLE = 6;
  private static final int CONSTRUCTOR_HANDLE = 8;
  private static final int INTERFACE_HANDLE = 9;

  private final Redirects redirects;
  private final Hierarchy hierarchy;
  private final Wanted wanted = new Wanted();

  /// A rewriter for the classes of one loader.
  ///
  /// @param redirects what is rewritten
  /// @param hierarchy of that loader
  Rewriter(Redirects redirects, Hierarchy hierarchy) {
    this.redirects = redirects;
    this.hierarchy = hierarchy;
  }

  /// {@return a class file with its calls redirected; null if none of them is}
  ///
  /// @param name such as `com/example/Feed`
  /// @param bytes a class file; left as it is
  /// @throws IllegalArgumentException if it is not well-formed
  byte @Nullable [] rewrite(String name, byte[] bytes) {
    if (!ClassBytes.hasName(bytes, wanted)) {
      return null;
    }
    var original = new ClassBytes(bytes);
    hierarchy.learn(name, original);
    var members = original.members(wanted);
    if (members == null) {
      return null;
    }
    var edit = new ClassEdit(original);
    redirectHandles(original, members, edit);
    original.codes(code -> new MethodCode(original, edit, members, code, this).redirect());
    return edit.isChanged() ? edit.toBytes() : null;
  }

  /// {@return whether a class that is loaded may have calls that are redirected}
  ///
  /// @param name such as `com/example/Feed`
  /// @param loader of the class
  boolean wants(String name, ClassLoader loader) {
    var bytes = Hierarchy.bytes(name, loader);
    return bytes == null
        || (ClassBytes.hasName(bytes, wanted) && new ClassBytes(bytes).members(wanted) != null);
  }

  /// Redirects method handles, such as that of `Thread::start`.
  private void redirectHandles(ClassBytes original, boolean[] members, ClassEdit edit) {
    for (var i = 1; i < original.constants(); i++) {
      var at = original.constant(i, ClassBytes.METHOD_HANDLE);
      if (at != 0) {
        var member = original.u2(at + 1);
        var kind = kind(original.bytes()[at]);
        var redirect = kind == null || !members[member] ? null : redirectOf(original, kind, member);
        if (redirect != null) {
          edit.u1(at, STATIC_HANDLE);
          edit.u2(at + 1, redirect.greenMethod(edit));
        }
      }
    }
  }

  private static Redirect.@Nullable Kind kind(int handle) {
    return switch (handle) {
      case STATIC_HANDLE -> Redirect.Kind.STATIC;
      case VIRTUAL_HANDLE, INTERFACE_HANDLE -> Redirect.Kind.INSTANCE;
      case CONSTRUCTOR_HANDLE -> Redirect.Kind.CONSTRUCTOR;
      default -> null;
    };
  }

  /// {@return where calls of a member go; null if they stay as they are}
  ///
  /// @param original the class that calls
  /// @param kind how it calls
  /// @param member which constant it calls
  @Nullable Redirect redirectOf(ClassBytes original, Redirect.Kind kind, int member) {
    return redirects.of(
        kind,
        original.owner(member),
        original.name(member),
        original.descriptor(member),
        hierarchy);
  }

  /// {@return whether a constructor of a class is redirected}
  ///
  /// @param type such as `java/lang/Thread`
  boolean constructs(String type) {
    return redirects.constructs(type);
  }

  /// What a class must refer to if it is to be looked at more closely.
  private final class Wanted implements ClassBytes.Wanted {

    @Override
    public long[] firsts() {
      return redirects.firsts();
    }

    @Override
    public boolean name(byte[] bytes, int from, int length) {
      return redirects.isNotable(bytes, from, length);
    }

    @Override
    public boolean member(String owner, String name, String descriptor) {
      return redirects.includes(owner, name, descriptor, hierarchy);
    }
  }
}
