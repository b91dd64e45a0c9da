package net.eventlet.patcher;

import java.util.ArrayList;
import java.util.List;

/// A call that is rewritten, and the static method that is called in its place.
///
/// Names of classes are as in class files, such as `java/lang/Thread`.
///
/// @param module that switches it on
/// @param kind how the call is made
/// @param owner declares what is called
/// @param name of what is called; `<init>` for a constructor
/// @param descriptor of what is called
/// @param green declares the method that is called instead
/// @param greenName of that method
/// @param greenDescriptor of that method
record Redirect(
    Module module,
    Kind kind,
    String owner,
    String name,
    String descriptor,
    String green,
    String greenName,
    String greenDescriptor) {

  private static final String THREADS = "net/eventlet/patcher/StartedThreads";
  private static final String PROCESSES = "net/eventlet/patcher/Processes";
  private static final String INPUT = "net/eventlet/patcher/StandardInput";
  private static final String POOLS = "net/eventlet/patcher/Pools";

  private static final String THREAD = "Ljava/lang/Thread;";
  private static final String BUILDER = "java/lang/Thread$Builder";
  private static final String RUNNABLE = "Ljava/lang/Runnable;";
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
  static final List<Redirect> ALL = all();

  private static List<Redirect> all() {
    var all = new ArrayList<Redirect>();
    threads(all);
    pools(all);
    processes(all);
    standardInput(all);
    return List.copyOf(all);
  }

  private static void threads(List<Redirect> all) {
    add(
        all,
        Module.THREAD,
        Kind.INSTANCE,
        "java/lang/Thread",
        THREADS,
        "start()V",
        "join()V",
        "join(J)V",
        "join(JI)V",
        "join(Ljava/time/Duration;)Z",
        "isAlive()Z",
        "interrupt()V",
        "isInterrupted()Z",
        "getState()Ljava/lang/Thread$State;",
        "setDaemon(Z)V");
    all.add(
        new Redirect(
            Module.THREAD,
            Kind.SUPER,
            "java/lang/Thread",
            "start",
            "()V",
            THREADS,
            "startAsThreadDoes",
            "(" + THREAD + ")V"));
    add(
        all,
        Module.THREAD,
        Kind.STATIC,
        "java/lang/Thread",
        THREADS,
        "ofPlatform()Ljava/lang/Thread$Builder$OfPlatform;");
    for (var builder : List.of(BUILDER, "java/lang/Thread$Builder$OfPlatform")) {
      builder(all, builder, "start", RUNNABLE, THREAD);
      builder(all, builder, "unstarted", RUNNABLE, THREAD);
      builder(all, builder, "factory", "", FACTORY);
    }
    add(
        all,
        Module.THREAD,
        Kind.STATIC,
        "java/util/concurrent/locks/LockSupport",
        THREADS,
        "unpark(" + THREAD + ")V");
  }

  private static void builder(
      List<Redirect> all, String owner, String name, String parameter, String result) {
    all.add(
        new Redirect(
            Module.THREAD,
            Kind.INSTANCE,
            owner,
            name,
            "(".concat(parameter).concat(")").concat(result),
            THREADS,
            name,
            ("(L" + BUILDER + ";").concat(parameter).concat(")").concat(result)));
  }

  private static void pools(List<Redirect> all) {
    constructors(
        all,
        "java/util/Timer",
        "net/eventlet/green/Threads",
        "newTimer",
        "",
        "Z",
        STRING,
        STRING + "Z");
    constructors(
        all,
        "java/util/concurrent/ThreadPoolExecutor",
        POOLS,
        "newThreadPoolExecutor",
        POOL,
        POOL + FACTORY,
        POOL + REJECTION,
        POOL + FACTORY + REJECTION);
    constructors(
        all,
        "java/util/concurrent/ScheduledThreadPoolExecutor",
        POOLS,
        "newScheduledThreadPoolExecutor",
        "I",
        "I" + FACTORY,
        "I" + REJECTION,
        "I" + FACTORY + REJECTION);
    add(
        all,
        Module.THREAD,
        Kind.STATIC,
        "java/util/concurrent/Executors",
        POOLS,
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
        "newSingleThreadScheduledExecutor(" + FACTORY + ")" + SCHEDULED);
  }

  private static void processes(List<Redirect> all) {
    add(
        all,
        Module.SUBPROCESS,
        Kind.INSTANCE,
        "java/lang/ProcessBuilder",
        PROCESSES,
        "start()" + PROCESS);
    add(
        all,
        Module.SUBPROCESS,
        Kind.INSTANCE,
        "java/lang/Runtime",
        PROCESSES,
        "exec(" + STRING + ")" + PROCESS,
        "exec(" + STRING + STRINGS + ")" + PROCESS,
        "exec(" + STRING + STRINGS + "Ljava/io/File;)" + PROCESS,
        "exec(" + STRINGS + ")" + PROCESS,
        "exec(" + STRINGS + STRINGS + ")" + PROCESS,
        "exec(" + STRINGS + STRINGS + "Ljava/io/File;)" + PROCESS);
  }

  private static void standardInput(List<Redirect> all) {
    add(
        all,
        Module.OS,
        Kind.STATIC,
        "java/lang/IO",
        INPUT,
        "readln()" + STRING,
        "readln(" + STRING + ")" + STRING);
    all.add(
        new Redirect(
            Module.OS,
            Kind.FIELD,
            "java/lang/System",
            "in",
            "Ljava/io/InputStream;",
            INPUT,
            "get",
            "()Ljava/io/InputStream;"));
  }

  /// How a call is made, which says what the method called instead takes and returns.
  enum Kind {
    /// A static method. The other takes and returns the same.
    STATIC,
    /// A method of an object, whose class may be a subclass of the owner. The other takes the
    /// object first.
    INSTANCE,
    /// A constructor in a `new` expression. The other takes the same, and returns the object.
    CONSTRUCTOR,
    /// A superclass's method, called by `super`, that no class in between overrides. The other
    /// takes the object.
    SUPER,
    /// A static field that is read, whose type is what the method returns.
    FIELD;

    /// {@return whether calls of subclasses of the owner are meant as well}
    boolean forSubclasses() {
      return this == INSTANCE || this == SUPER;
    }
  }

  /// {@return the index of the constant that is the method called instead}
  ///
  /// @param edit of the class that calls it
  int greenMethod(ClassEdit edit) {
    return edit.method(green, greenName, greenDescriptor);
  }

  private static void add(
      List<Redirect> all,
      Module module,
      Kind kind,
      String owner,
      String green,
      String... signatures) {
    for (var signature : signatures) {
      var name = signature.substring(0, signature.indexOf('('));
      var descriptor = signature.substring(name.length());
      var greenDescriptor =
          kind == Kind.INSTANCE
              ? "(L".concat(owner).concat(";").concat(descriptor.substring(1))
              : descriptor;
      all.add(new Redirect(module, kind, owner, name, descriptor, green, name, greenDescriptor));
    }
  }

  private static void constructors(
      List<Redirect> all, String owner, String green, String greenName, String... parameters) {
    for (var types : parameters) {
      all.add(
          new Redirect(
              Module.THREAD,
              Kind.CONSTRUCTOR,
              owner,
              "<init>",
              "(".concat(types).concat(")V"),
              green,
              greenName,
              "(".concat(types).concat(")L").concat(owner).concat(";")));
    }
  }
}
