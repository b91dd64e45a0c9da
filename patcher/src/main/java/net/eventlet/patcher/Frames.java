package net.eventlet.patcher;

import java.util.Set;

/// The stack map frames of one method, from which objects go that the code no longer makes room
/// for.
///
/// Source: JVMS 4.7.4.
final class Frames {

  private static final int OBJECT = 7;
  private static final int UNINITIALIZED = 8;
  private static final int ONE_STACK_ITEM = 64;
  private static final int RESERVED = 128;
  private static final int ONE_STACK_ITEM_EXTENDED = 247;
  private static final int EXTENDED = 251;
  private static final int FULL = 255;

  private final ClassBytes original;
  private final ClassEdit edit;
  private final Set<Integer> gone; // where the `new` instructions were in the code
  private int cut; // bytes

  /// The frames of one method.
  ///
  /// @param original the class file
  /// @param edit told what to change
  /// @param gone where the `new` instructions were in the code
  Frames(ClassBytes original, ClassEdit edit, Set<Integer> gone) {
    this.original = original;
    this.edit = edit;
    this.gone = gone;
  }

  /// Takes the objects out.
  ///
  /// @param table where the contents of the `StackMapTable` attribute begin
  /// @return how many bytes go
  /// @throws IllegalArgumentException if one of the objects is anywhere but on a stack of several
  int drop(int table) {
    var count = original.u2(table);
    var at = table + 2;
    for (var i = 0; i < count; i++) {
      at = frame(at);
    }
    if (cut > 0) {
      edit.shorten(table - 4, cut);
    }
    return cut;
  }

  private int frame(int at) {
    var kind = original.bytes()[at] & 0xff;
    if (kind == FULL) {
      return full(at);
    }
    if (kind < ONE_STACK_ITEM) {
      return at + 1;
    }
    if (kind < RESERVED) {
      return kept(at + 1, 1);
    }
    if (kind == ONE_STACK_ITEM_EXTENDED) {
      return kept(at + 3, 1);
    }
    return kept(at + 3, Math.max(0, kind - EXTENDED));
  }

  private int full(int from) {
    var at = kept(from + 5, original.u2(from + 3));
    var items = original.u2(at);
    var left = items;
    var item = at + 2;
    for (var i = 0; i < items; i++) {
      var next = next(item);
      if (isGone(item)) {
        edit.cut(item, next);
        cut += next - item;
        left--;
      }
      item = next;
    }
    if (left < items) {
      edit.u2(at, left);
    }
    return item;
  }

  private int kept(int from, int count) {
    var at = from;
    for (var i = 0; i < count; i++) {
      if (isGone(at)) {
        throw new IllegalArgumentException("it keeps an object before its constructor is called");
      }
      at = next(at);
    }
    return at;
  }

  private boolean isGone(int type) {
    return original.bytes()[type] == UNINITIALIZED && gone.contains(original.u2(type + 1));
  }

  private int next(int type) {
    var tag = original.bytes()[type];
    return tag == OBJECT || tag == UNINITIALIZED ? type + 3 : type + 1;
  }
}
