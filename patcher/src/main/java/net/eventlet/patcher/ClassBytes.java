package net.eventlet.patcher;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/// The constant pool of a class file, found but not decoded: enough to see what a class refers to.
///
/// Most classes refer to nothing that is rewritten, and each class that is loaded has to be asked.
/// So this makes no objects but two arrays, and decodes a name only where that is called for.
///
/// Source: JVMS 4.1 and 4.4.
final class ClassBytes {

  private static final int UTF8 = 1;
  private static final int LONG = 5;
  private static final int DOUBLE = 6;
  private static final int CLASS = 7;
  private static final int FIELD = 9;
  private static final int METHOD = 10;
  private static final int INTERFACE_METHOD = 11;

  private final byte[] bytes;
  private final int[] offsets; // of what follows the tag, by index; 0 where there is nothing
  private final int end; // of the constant pool: where the access flags are

  /// Finds the constants.
  ///
  /// @param bytes a class file
  /// @throws IndexOutOfBoundsException if it is cut short
  /// @throws IllegalArgumentException if it has constants of an unknown kind
  ClassBytes(byte[] bytes) {
    this.bytes = bytes;
    offsets = new int[u2(8)];
    var at = 10;
    for (var i = 1; i < offsets.length; i++) {
      var tag = bytes[at++];
      offsets[i] = at;
      switch (tag) {
        case UTF8 -> at += 2 + u2(at);
        case LONG, DOUBLE -> {
          at += 8;
          i++;
        }
        case CLASS, 8, 16, 19, 20 -> at += 2;
        case 15 -> at += 3;
        case 3, 4, FIELD, METHOD, INTERFACE_METHOD, 12, 17, 18 -> at += 4;
        default -> throw new IllegalArgumentException("a constant of kind " + tag);
      }
    }
    end = at;
  }

  /// {@return the superclass's name, such as `java/lang/Object`; null for `Object` and modules}
  @Nullable String superclass() {
    var index = u2(end + 4);
    return index == 0 ? null : className(index);
  }

  boolean isInterface() {
    return (u2(end) & 0x200) != 0;
  }

  /// What [#refersTo(Wanted)] looks for.
  interface Wanted {

    /// {@return whether this may be the name of a member that is wanted, or of the owner of one}
    ///
    /// @param bytes hold the name, in modified UTF-8
    /// @param from where it begins
    /// @param length in bytes
    boolean name(byte[] bytes, int from, int length);

    /// {@return whether a member is wanted}
    ///
    /// @param owner such as `java/lang/Thread`
    /// @param name of a field or method
    /// @param descriptor of it
    boolean member(String owner, String name, String descriptor);
  }

  /// {@return whether the class refers to a field or method that is wanted}
  ///
  /// @param wanted asked for each name once, and for members of which a name may be wanted
  boolean refersTo(Wanted wanted) {
    boolean[] names = null;
    for (var i = 1; i < offsets.length; i++) {
      var at = offsets[i];
      if (at != 0 && bytes[at - 1] == UTF8 && wanted.name(bytes, at + 2, u2(at))) {
        if (names == null) {
          names = new boolean[offsets.length];
        }
        names[i] = true;
      }
    }
    return names != null && refersTo(wanted, names);
  }

  private boolean refersTo(Wanted wanted, boolean[] names) {
    for (var i = 1; i < offsets.length; i++) {
      var at = offsets[i];
      if (at != 0 && bytes[at - 1] >= FIELD && bytes[at - 1] <= INTERFACE_METHOD) {
        var owner = u2(offsets[u2(at)]);
        var nameAndType = offsets[u2(at + 2)];
        var name = u2(nameAndType);
        if ((names[name] || names[owner])
            && wanted.member(utf8(owner), utf8(name), utf8(u2(nameAndType + 2)))) {
          return true;
        }
      }
    }
    return false;
  }

  private String className(int index) {
    return utf8(u2(offsets[index]));
  }

  /// Names are compared with ASCII ones only, so that other encodings do not matter.
  private String utf8(int index) {
    var at = offsets[index];
    return new String(bytes, at + 2, u2(at), ISO_8859_1);
  }

  private int u2(int at) {
    return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
  }
}
