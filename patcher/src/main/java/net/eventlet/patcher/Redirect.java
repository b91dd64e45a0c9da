package net.eventlet.patcher;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

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

  private static final String STRINGS = "[Ljava/lang/String;";
  private static final String PROCESS = "Ljava/lang/Process;";
  private static final String STRING = "Ljava/lang/String;";
  private static final String FACTORY = "Ljava/util/concurrent/ThreadFactory;";
  private static final String REJECTION = "Ljava/util/concurrent/RejectedExecutionHandler;";
  private static final String POOL =
      "IIJLjava/util/concurrent/TimeUnit;Ljava/util/concurrent/BlockingQueue;";
  private static final String SERVICE = "Ljava/util/concurrent/ExecutorService;";
  private static final String SCHEDULED = "Ljava/util/concurrent/ScheduledExecutorService;";

  /// Every call that the patcher rewrites.
  static final List<Redirect> ALL =
      Stream.of(
              methods(
                  Module.THREAD,
                  "java.lang.Thread",
                  "net.eventlet.patcher.StartedThreads",
                  "start()V",
                  "join()V",
                  "join(J)V",
                  "join(JI)V",
                  "join(Ljava/time/Duration;)Z",
                  "isAlive()Z",
                  "interrupt()V",
                  "isInterrupted()Z",
                  "getState()Ljava/lang/Thread$State;",
                  "setDaemon(Z)V"),
              Stream.of(
                  new Redirect(
                      Module.THREAD,
                      Kind.SUPER,
                      ClassDesc.of("java.lang.Thread"),
                      "start",
                      ConstantDescs.MTD_void,
                      ClassDesc.of("net.eventlet.patcher.StartedThreads"),
                      "standIn")),
              statics(
                  Module.THREAD,
                  "java.util.concurrent.locks.LockSupport",
                  "net.eventlet.patcher.StartedThreads",
                  "unpark(Ljava/lang/Thread;)V"),
              constructors(
                  Module.THREAD,
                  "java.util.Timer",
                  "net.eventlet.green.Threads",
                  "newTimer",
                  "",
                  "Z",
                  STRING,
                  STRING + "Z"),
              constructors(
                  Module.THREAD,
                  "java.util.concurrent.ThreadPoolExecutor",
                  "net.eventlet.patcher.Pools",
                  "newThreadPoolExecutor",
                  POOL,
                  POOL + FACTORY,
                  POOL + REJECTION,
                  POOL + FACTORY + REJECTION),
              constructors(
                  Module.THREAD,
                  "java.util.concurrent.ScheduledThreadPoolExecutor",
                  "net.eventlet.patcher.Pools",
                  "newScheduledThreadPoolExecutor",
                  "I",
                  "I" + FACTORY,
                  "I" + REJECTION,
                  "I" + FACTORY + REJECTION),
              statics(
                  Module.THREAD,
                  "java.util.concurrent.Executors",
                  "net.eventlet.patcher.Pools",
                  "newFixedThreadPool(I)" + SERVICE,
                  "newFixedThreadPool(I" + FACTORY + ")" + SERVICE,
                  "newSingleThreadExecutor()" + SERVICE,
                  "newSingleThreadExecutor(" + FACTORY + ")" + SERVICE,
                  "newCachedThreadPool()" + SERVICE,
                  "newCachedThreadPool(" + FACTORY + ")" + SERVICE,
                  "newThreadPerTaskExecutor(" + FACTORY + ")" + SERVICE,
                  "newScheduledThreadPool(I)" + SCHEDULED,
                  "newScheduledThreadPool(I" + FACTORY + ")" + SCHEDULED,
                  "newSingleThreadScheduledExecutor()" + SCHEDULED,
                  "newSingleThreadScheduledExecutor(" + FACTORY + ")" + SCHEDULED),
              methods(
                  Module.SUBPROCESS,
                  "java.lang.ProcessBuilder",
                  "net.eventlet.patcher.Processes",
                  "start()" + PROCESS),
              methods(
                  Module.SUBPROCESS,
                  "java.lang.Runtime",
                  "net.eventlet.patcher.Processes",
                  "exec(" + STRING + ")" + PROCESS,
                  "exec(" + STRING + STRINGS + ")" + PROCESS,
                  "exec(" + STRING + STRINGS + "Ljava/io/File;)" + PROCESS,
                  "exec(" + STRINGS + ")" + PROCESS,
                  "exec(" + STRINGS + STRINGS + ")" + PROCESS,
                  "exec(" + STRINGS + STRINGS + "Ljava/io/File;)" + PROCESS),
              statics(
                  Module.OS,
                  "java.lang.IO",
                  "net.eventlet.patcher.StandardInput",
                  "readln()" + STRING,
                  "readln(" + STRING + ")" + STRING),
              Stream.of(
                  new Redirect(
                      Module.OS,
                      Kind.FIELD,
                      ClassDesc.of("java.lang.System"),
                      "in",
                      MethodTypeDesc.of(ClassDesc.of("java.io.InputStream")),
                      ClassDesc.of("net.eventlet.patcher.StandardInput"),
                      "get")))
          .flatMap(redirects -> redirects)
          .toList();

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
    SUPER,
    /// A static field that is read, whose type is what the method returns.
    FIELD;

    /// {@return whether calls of subclasses of the owner are meant as well}
    boolean forSubclasses() {
      return this == INSTANCE || this == SUPER;
    }
  }

  /// {@return what a class file has as its type}
  String descriptor() {
    return kind == Kind.FIELD ? type.returnType().descriptorString() : type.descriptorString();
  }

  /// {@return the type of the method that is called instead}
  MethodTypeDesc greenType() {
    return switch (kind) {
      case STATIC, FIELD -> type;
      case INSTANCE -> type.insertParameterTypes(0, owner);
      case CONSTRUCTOR -> type.changeReturnType(owner);
      case SUPER -> MethodTypeDesc.of(ConstantDescs.CD_boolean, owner);
    };
  }

  private static Stream<Redirect> methods(
      Module module, String owner, String green, String... signatures) {
    return redirects(module, Kind.INSTANCE, owner, green, signatures);
  }

  private static Stream<Redirect> statics(
      Module module, String owner, String green, String... signatures) {
    return redirects(module, Kind.STATIC, owner, green, signatures);
  }

  private static Stream<Redirect> redirects(
      Module module, Kind kind, String owner, String green, String... signatures) {
    return Arrays.stream(signatures)
        .map(signature -> {
          var name = signature.substring(0, signature.indexOf('('));
          return new Redirect(
              module,
              kind,
              ClassDesc.of(owner),
              name,
              MethodTypeDesc.ofDescriptor(signature.substring(name.length())),
              ClassDesc.of(green),
              name);
        });
  }

  private static Stream<Redirect> constructors(
      Module module, String owner, String green, String greenName, String... parameters) {
    return Arrays.stream(parameters)
        .map(types ->
            new Redirect(
                module,
                Kind.CONSTRUCTOR,
                ClassDesc.of(owner),
                ConstantDescs.INIT_NAME,
                MethodTypeDesc.ofDescriptor("(" + types + ")V"),
                ClassDesc.of(green),
                greenName));
  }
}
