package net.eventlet.patcher;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;

/// A call that is rewritten, and the static method that is called in its place.
///
/// @param module that switches it on
/// @param kind how the call is made
/// @param owner declares what is called
/// @param name of what is called; `<init>` for a constructor
/// @param type of what is called
/// @param green declares the method that is called instead
/// @param greenName of that method
record Redirect(
    Module module,
    Kind kind,
    ClassDesc owner,
    String name,
    MethodTypeDesc type,
    ClassDesc green,
    String greenName) {

  private static final ClassDesc THREAD = ClassDesc.of("java.lang.Thread");
  private static final ClassDesc STARTED = ClassDesc.of("net.eventlet.patcher.StartedThreads");

  /// Every call that the patcher rewrites.
  static final List<Redirect> ALL =
      List.of(
          onThread("start", "()V"),
          new Redirect(
              Module.THREAD,
              Kind.SUPER,
              THREAD,
              "start",
              ConstantDescs.MTD_void,
              STARTED,
              "standIn"),
          onThread("join", "()V"),
          onThread("join", "(J)V"),
          onThread("join", "(JI)V"),
          onThread("join", "(Ljava/time/Duration;)Z"),
          onThread("isAlive", "()Z"),
          onThread("interrupt", "()V"),
          onThread("isInterrupted", "()Z"),
          onThread("getState", "()Ljava/lang/Thread$State;"));

  /// How a call is made, which says what the method called instead takes and returns.
  enum Kind {
    /// A static method. The other takes and returns the same.
    STATIC,
    /// A method of an object, whose class may be a subclass of the owner. The other takes the
    /// object first.
    INSTANCE,
    /// A constructor in a `new` expression. The other takes the same, and returns the object.
    CONSTRUCTOR,
    /// A superclass's method, called by `super`. The other takes the object, and returns whether
    /// the call is done with.
    SUPER;

    /// {@return whether calls of subclasses of the owner are meant as well}
    boolean forSubclasses() {
      return this == INSTANCE || this == SUPER;
    }
  }

  /// {@return the type of the method that is called instead}
  MethodTypeDesc greenType() {
    return switch (kind) {
      case STATIC -> type;
      case INSTANCE -> type.insertParameterTypes(0, owner);
      case CONSTRUCTOR -> type.changeReturnType(owner);
      case SUPER -> MethodTypeDesc.of(ConstantDescs.CD_boolean, owner);
    };
  }

  private static Redirect onThread(String name, String descriptor) {
    return new Redirect(
        Module.THREAD,
        Kind.INSTANCE,
        THREAD,
        name,
        MethodTypeDesc.ofDescriptor(descriptor),
        STARTED,
        name);
  }
}
