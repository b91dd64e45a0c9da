package net.eventlet.patcher;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A class file that is being changed: bytes in their places, constants at the end of the others,
/// and stretches that go. All else is copied as it is.
final class ClassEdit {

  private static final int MOST_CONSTANTS = 65_535;

  private final ClassBytes original;
  private final byte[] bytes; // changed in their places
  private final ByteArrayOutputStream added = new ByteArrayOutputStream(); // constants
  private final Map<String, Integer> indices = new HashMap<>(); // of those
  private final List<int[]> cuts = new ArrayList<>(); // from and to, in order
  private int constants;
  private boolean changed;

  /// Begins with the class file as it is.
  ///
  /// @param original which is left as it is
  ClassEdit(ClassBytes original) {
    this.original = original;
    bytes = original.bytes().clone();
    constants = original.constants();
  }

  boolean isChanged() {
    return changed;
  }

  /// Changes a byte.
  ///
  /// @param at where
  /// @param value of its low 8 bits
  void u1(int at, int value) {
    bytes[at] = (byte) value;
    changed = true;
  }

  /// Changes two bytes.
  ///
  /// @param at where the first is
  /// @param value of its low 16 bits
  void u2(int at, int value) {
    u1(at, value >> 8);
    u1(at + 1, value);
  }

  /// Makes a length of four bytes smaller.
  ///
  /// @param at where it is
  /// @param by how much
  void shorten(int at, int by) {
    var length = (original.u2(at) << 16 | original.u2(at + 2)) - by;
    u2(at, length >> 16);
    u2(at + 2, length);
  }

  /// Takes bytes out, behind all that were taken out before.
  ///
  /// @param from the first of them
  /// @param to the first that stays
  void cut(int from, int to) {
    cuts.add(new int[] {from, to});
    changed = true;
  }

  /// {@return the index of a constant that is a method of a class}
  ///
  /// @param owner such as `java/lang/Thread`
  /// @param name of the method
  /// @param descriptor of it
  int method(String owner, String name, String descriptor) {
    var key = owner.concat(name).concat(descriptor);
    var known = indices.get(key);
    if (known == null) {
      var type = two(ClassBytes.CLASS, utf8(owner));
      var nameAndType = four(ClassBytes.NAME_AND_TYPE, utf8(name), utf8(descriptor));
      known = four(ClassBytes.METHOD, type, nameAndType);
      indices.put(key, known);
    }
    return known;
  }

  private int utf8(String text) {
    var encoded = text.getBytes(US_ASCII);
    added.write(ClassBytes.UTF8);
    write2(encoded.length);
    added.writeBytes(encoded);
    return next();
  }

  private int two(int tag, int index) {
    added.write(tag);
    write2(index);
    return next();
  }

  private int four(int tag, int first, int second) {
    added.write(tag);
    write2(first);
    write2(second);
    return next();
  }

  private void write2(int value) {
    added.write(value >> 8);
    added.write(value);
  }

  private int next() {
    if (constants == MOST_CONSTANTS) {
      throw new IllegalArgumentException("it has no room for another constant");
    }
    return constants++;
  }

  /// {@return the class file as it has become}
  byte[] toBytes() {
    var result = new ByteArrayOutputStream(bytes.length + added.size());
    result.write(bytes, 0, 8);
    result.write(constants >> 8);
    result.write(constants);
    result.write(bytes, 10, original.end() - 10);
    result.writeBytes(added.toByteArray());
    var at = original.end();
    for (var cut : cuts) {
      result.write(bytes, at, cut[0] - at);
      at = cut[1];
    }
    result.write(bytes, at, bytes.length - at);
    return result.toByteArray();
  }
}
