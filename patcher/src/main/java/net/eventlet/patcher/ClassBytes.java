package net.eventlet.patcher;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// A class file, found but not decoded: enough to see what a class refers to, and where its code
/// is.
///
/// Most classes refer to nothing that is rewritten, and each class that is loaded has to be asked.
/// So this makes no objects but two arrays, and decodes a name only where that is called for.
///
/// Source: JVMS 4.
final class ClassBytes {

  static final int UTF8 = 1;
  static final int CLASS = 7;
  static final int FIELD = 9;
  static final int METHOD = 10;
  static final int INTERFACE_METHOD = 11;
  static final int NAME_AND_TYPE = 12;
  static final int METHOD_HANDLE = 15;

  private static final int LONG = 5;
  private static final int DOUBLE = 6;

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
        case METHOD_HANDLE -> at += 3;
        case 3, 4, FIELD, METHOD, INTERFACE_METHOD, NAME_AND_TYPE, 17, 18 -> at += 4;
        default -> throw new IllegalArgumentException("a constant of kind " + tag);
      }
    }
    end = at;
  }

  /// {@return the class file, which is not to be changed}
  byte[] bytes() {
    return bytes;
  }

  /// {@return how many constants there are, and one more}
  int constants() {
    return offsets.length;
  }

  /// {@return where the constants end}
  int end() {
    return end;
  }

  /// {@return where a constant is, behind its tag; 0 if it has no such tag}
  ///
  /// @param index of a constant
  /// @param tag its kind
  int constant(int index, int tag) {
    var at = offsets[index];
    return at != 0 && bytes[at - 1] == tag ? at : 0;
  }

  /// {@return the superclass's name, such as `java/lang/Object`; null for `Object` and modules}
  @Nullable String superclass() {
    var index = u2(end + 4);
    return index == 0 ? null : className(index);
  }

  /// What is looked for.
  interface Wanted {

    /// {@return with which bytes names may begin, by their length: bits for the low six bits of
    /// such bytes}
    long[] firsts();

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

  /// {@return whether a class has a name that may be wanted}
  ///
  /// Every class is asked this, and most when the compiler has not come to it yet. So it makes
  /// nothing, and calls nothing but for names.
  ///
  /// @param bytes a class file
  /// @param wanted asked for names that begin as it says
  /// @throws IndexOutOfBoundsException if it is cut short
  static boolean hasName(byte[] bytes, Wanted wanted) {
    var firsts = wanted.firsts();
    var count = (bytes[8] & 0xff) << 8 | (bytes[9] & 0xff);
    var at = 10;
    for (var i = 1; i < count; i++) {
      switch (bytes[at]) {
        case UTF8 -> {
          var length = (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff);
          at += 3;
          if (length < firsts.length
              && (firsts[length] >>> bytes[at] & 1) != 0
              && wanted.name(bytes, at, length)) {
            return true;
          }
          at += length;
        }
        case CLASS, 8, 16, 19, 20 -> at += 3;
        case METHOD_HANDLE -> at += 4;
        case LONG, DOUBLE -> {
          at += 9;
          i++;
        }
        default -> at += 5;
      }
    }
    return false;
  }

  /// {@return which constants are fields or methods that are wanted, by their indices; null if none
  /// is}
  ///
  /// @param wanted asked for those of which a name may be wanted
  boolean @Nullable [] members(Wanted wanted) {
    boolean[] members = null;
    for (var i = 1; i < offsets.length; i++) {
      var at = offsets[i];
      if (at != 0 && bytes[at - 1] >= FIELD && bytes[at - 1] <= INTERFACE_METHOD) {
        var nameAndType = offsets[u2(at + 2)];
        if ((isWanted(wanted, u2(nameAndType)) || isWanted(wanted, u2(offsets[u2(at)])))
            && wanted.member(owner(i), name(i), descriptor(i))) {
          if (members == null) {
            members = new boolean[offsets.length];
          }
          members[i] = true;
        }
      }
    }
    return members;
  }

  private boolean isWanted(Wanted wanted, int name) {
    return wanted.name(bytes, offsets[name] + 2, u2(offsets[name]));
  }

  /// {@return the owner of a field or method, such as `java/lang/Thread`}
  ///
  /// @param index of the constant
  String owner(int index) {
    return className(u2(offsets[index]));
  }

  /// {@return the name of a field or method}
  ///
  /// @param index of the constant
  String name(int index) {
    return utf8(u2(offsets[u2(offsets[index] + 2)]));
  }

  /// {@return the descriptor of a field or method}
  ///
  /// @param index of the constant
  String descriptor(int index) {
    return utf8(u2(offsets[u2(offsets[index] + 2)] + 2));
  }

  /// {@return the name of a class, such as `java/lang/Thread`}
  ///
  /// @param index of the constant
  String className(int index) {
    return utf8(u2(offsets[index]));
  }

  /// {@return a name; other encodings do not matter, since all are compared with ASCII ones}
  ///
  /// @param index of the constant
  String utf8(int index) {
    var at = offsets[index];
    return new String(bytes, at + 2, u2(at), ISO_8859_1);
  }

  /// {@return whether the class has a method of its own}
  ///
  /// @param name of the method
  /// @param descriptor of it
  boolean declares(String name, String descriptor) {
    var at = methods();
    var count = u2(at);
    at += 2;
    for (var i = 0; i < count; i++) {
      if (utf8(u2(at + 2)).equals(name) && utf8(u2(at + 4)).equals(descriptor)) {
        return true;
      }
      at = attributes(at + 6, "", _ -> {});
    }
    return false;
  }

  /// Finds the code of each method that has some.
  ///
  /// @param found told where the contents of each `Code` attribute begin
  void codes(IntConsumer found) {
    var at = methods();
    var count = u2(at);
    at += 2;
    for (var i = 0; i < count; i++) {
      at = attributes(at + 6, "Code", found);
    }
  }

  private int methods() {
    var at = end + 8 + 2 * u2(end + 6); // behind the interfaces
    var fields = u2(at);
    at += 2;
    for (var i = 0; i < fields; i++) {
      at = attributes(at + 6, "", _ -> {});
    }
    return at;
  }

  /// Goes through attributes.
  ///
  /// @param from where their number is
  /// @param wanted the name of those that are wanted
  /// @param found told where the contents of each of them begin
  /// @return where the attributes end
  int attributes(int from, String wanted, IntConsumer found) {
    var count = u2(from);
    var at = from + 2;
    for (var i = 0; i < count; i++) {
      if (isUtf8(u2(at), wanted)) {
        found.accept(at + 6);
      }
      at += 6 + (u2(at + 2) << 16 | u2(at + 4));
    }
    return at;
  }

  private boolean isUtf8(int index, String text) {
    return u2(offsets[index]) == text.length() && utf8(index).equals(text);
  }

  /// {@return an unsigned number of two bytes}
  ///
  /// @param at where it is
  int u2(int at) {
    return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
  }
}
