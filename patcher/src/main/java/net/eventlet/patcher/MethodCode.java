package net.eventlet.patcher;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/// The code of one method, whose calls are redirected in their places.
///
/// A call is three bytes, whichever kind it is, and five through an interface. A `new` expression
/// is two instructions that make room for the object, its arguments, and the constructor's call;
/// they nest as brackets do. Where that call is redirected the first two become four that do
/// nothing, and the frames in between lose what these put on the stack.
///
/// Source: JVMS 4.7.3.
final class MethodCode {

  private static final int NEW_LENGTH = 3;

  private final ClassBytes original;
  private final ClassEdit edit;
  private final boolean[] members; // that may be redirected
  private final int attribute; // where its contents begin
  private final Rewriter rewriter;

  private final int code; // where it begins
  private final int end;
  private final ArrayDeque<Integer> making = new ArrayDeque<>(); // `new` instructions
  private final Set<Integer> gone = new HashSet<>(); // where those were, counted from the code's

  /// The code of one method.
  ///
  /// @param original the class
  /// @param edit told what to change
  /// @param members which constants may be redirected
  /// @param attribute where the contents of the `Code` attribute begin
  /// @param rewriter knows the redirects
  MethodCode(
      ClassBytes original, ClassEdit edit, boolean[] members, int attribute, Rewriter rewriter) {
    this.original = original;
    this.edit = edit;
    this.members = members;
    this.attribute = attribute;
    this.rewriter = rewriter;
    code = attribute + 8;
    end = code + (original.u2(attribute + 4) << 16 | original.u2(attribute + 6));
  }

  /// Redirects the calls.
  ///
  /// @throws IllegalArgumentException if it has what no compiler makes
  void redirect() {
    for (var at = code; at < end; at += Instructions.length(original.bytes(), code, at)) {
      instruction(at);
    }
    if (!gone.isEmpty()) {
      var frames = new Frames(original, edit, gone);
      var handlers = original.u2(end);
      original.attributes(
          end + 2 + 8 * handlers,
          "StackMapTable",
          table -> edit.shorten(attribute - 4, frames.drop(table)));
    }
  }

  private void instruction(int at) {
    switch (original.bytes()[at] & 0xff) {
      case Instructions.NEW -> {
        if (rewriter.constructs(original.className(original.u2(at + 1)))) {
          making.push(at);
        }
      }
      case Instructions.GETSTATIC -> redirect(at, Redirect.Kind.FIELD);
      case Instructions.INVOKESTATIC -> redirect(at, Redirect.Kind.STATIC);
      case Instructions.INVOKEVIRTUAL -> redirect(at, Redirect.Kind.INSTANCE);
      case Instructions.INVOKEINTERFACE -> {
        if (redirect(at, Redirect.Kind.INSTANCE)) {
          edit.u1(at + 3, Instructions.NOP);
          edit.u1(at + 4, Instructions.NOP);
        }
      }
      case Instructions.INVOKESPECIAL -> special(at);
      default -> {}
    }
  }

  private boolean redirect(int at, Redirect.Kind kind) {
    var member = original.u2(at + 1);
    var redirect = members[member] ? rewriter.redirectOf(original, kind, member) : null;
    if (redirect == null) {
      return false;
    }
    edit.u1(at, Instructions.INVOKESTATIC);
    edit.u2(at + 1, redirect.greenMethod(edit));
    return true;
  }

  private void special(int at) {
    var member = original.u2(at + 1);
    if (!original.name(member).equals("<init>")) {
      redirect(at, Redirect.Kind.SUPER);
      return;
    }
    var made = making.peek();
    if (made == null || !typeOf(made).equals(original.owner(member))) {
      return; // another class's, or the superclass's
    }
    making.pop();
    if (original.bytes()[made + NEW_LENGTH] != Instructions.DUP) {
      return; // nobody wants the object
    }
    if (!redirect(at, Redirect.Kind.CONSTRUCTOR)) {
      throw new IllegalArgumentException(
          "a constructor that is not known: " + typeOf(made) + original.descriptor(member));
    }
    for (var i = 0; i <= NEW_LENGTH; i++) {
      edit.u1(made + i, Instructions.NOP);
    }
    gone.add(made - code);
  }

  private String typeOf(int made) {
    return original.className(original.u2(made + 1));
  }
}
