package net.eventlet.jdk;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.nio.channels.Channel;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntBinaryOperator;

/// Puts ourselves in the place of the JDK's pollers, which unpark virtual threads whose sockets are
/// ready.
///
/// The JDK keeps its pollers in two arrays and a field. Each is replaced by an instance of a class
/// that is generated into the JDK's own package, since their methods are not public, and that asks
/// [SocketWaits] first. A thread that is not ours goes on to the poller that was there before. Both
/// share one map of parked threads, so that a poller finds whom to unpark, and closing a socket
/// finds who waits on it, whichever of the two it was that parked the thread.
///
/// Source: `sun.nio.ch.Poller` of JDK 25.
final class JdkSockets {

  private static final ClassDesc POLLER = ClassDesc.of("sun.nio.ch.Poller");
  private static final ClassDesc OURS = ClassDesc.of("sun.nio.ch.EventletPoller");
  private static final ClassDesc OPERATOR = ClassDesc.of(IntBinaryOperator.class.getName());

  private static final Set<String> GENERATED = Set.of("implRegister", "implDeregister", "poll");

  private static final int REGISTER = 0;
  private static final int DEREGISTER = 1;
  private static final int DEREGISTER_POLLED = 2;

  private final SocketWaits waits;
  private final MethodHandle register; // (Object original, int fd)
  private final MethodHandle deregister; // (Object original, int fd, boolean polled)
  private final Field map;
  private final MethodHandle create; // (IntBinaryOperator)

  private JdkSockets(SocketWaits waits) throws ReflectiveOperationException {
    this.waits = waits;
    var poller = Inside.type("sun.nio.ch.Poller");
    requireKnown(poller);
    var inside = MethodHandles.privateLookupIn(poller, MethodHandles.lookup());
    register =
        inside
            .findVirtual(poller, "implRegister", MethodType.methodType(void.class, int.class))
            .asType(MethodType.methodType(void.class, Object.class, int.class));
    deregister =
        inside
            .findVirtual(
                poller,
                "implDeregister",
                MethodType.methodType(void.class, int.class, boolean.class))
            .asType(MethodType.methodType(void.class, Object.class, int.class, boolean.class));
    map = poller.getDeclaredField("map");
    map.setAccessible(true);
    create =
        inside
            .findConstructor(
                inside.defineClass(pollerClass()),
                MethodType.methodType(void.class, IntBinaryOperator.class))
            .asType(MethodType.methodType(Object.class, IntBinaryOperator.class));
  }

  private static void requireKnown(Class<?> poller) throws NoSuchMethodException {
    for (var method : poller.getDeclaredMethods()) {
      if (Modifier.isAbstract(method.getModifiers()) && !GENERATED.contains(method.getName())) {
        throw new NoSuchMethodException("no body for " + method);
      }
    }
  }

  /// Takes over, once and for this whole process.
  ///
  /// @param waits asked from then on
  /// @return why that could not be done, after which the JDK's own pollers go on
  static Optional<String> redirect(SocketWaits waits) {
    try {
      var pollers = Inside.type("sun.nio.ch.Poller").getDeclaredField("POLLERS");
      pollers.setAccessible(true);
      var all = pollers.get(null);
      var sockets = new JdkSockets(waits);
      var readers = arrayOf(all, "readPollers");
      var writers = arrayOf(all, "writePollers");
      sockets.replace(readers, false);
      sockets.replace(writers, true);
      var master = all.getClass().getDeclaredField("masterPoller");
      master.setAccessible(true);
      var before = master.get(all);
      if (before != null) {
        master.set(all, sockets.instead(before, false));
      }
      return Optional.empty();
    } catch (ReflectiveOperationException
        | InaccessibleObjectException
        | LinkageError
        | ClassCastException e) {
      return Optional.of(e.toString());
    }
  }

  /// {@return the descriptor's number of a channel; empty if it cannot be known}
  ///
  /// @param channel for sockets
  static OptionalInt descriptorOf(Channel channel) {
    try {
      var type = Inside.type("sun.nio.ch.SelChImpl");
      var number = type.getMethod("getFDVal");
      number.setAccessible(true);
      return type.isInstance(channel)
          ? OptionalInt.of((int) number.invoke(channel))
          : OptionalInt.empty();
    } catch (ReflectiveOperationException | InaccessibleObjectException | LinkageError e) {
      return OptionalInt.empty();
    }
  }

  /// {@return whether a thread is one of the JDK's pollers}
  ///
  /// @param thread any
  static boolean isPoller(Thread thread) {
    var name = thread.getName();
    return thread.isVirtual()
        ? name.startsWith("SubPoller-")
        : name.equals("MasterPoller") || name.equals("Read-Poller") || name.equals("Write-Poller");
  }

  private static Object arrayOf(Object pollers, String name) throws ReflectiveOperationException {
    var field = pollers.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(pollers);
  }

  private void replace(Object pollers, boolean write) {
    for (var i = 0; i < Array.getLength(pollers); i++) {
      Array.set(pollers, i, instead(Array.get(pollers, i), write));
    }
  }

  private Object instead(Object original, boolean write) {
    IntBinaryOperator hook =
        (operation, fd) -> {
          try {
            if (operation == REGISTER) {
              begin(original, fd, write);
            } else {
              end(original, fd, write, operation == DEREGISTER_POLLED);
            }
          } catch (Throwable e) {
            throw JdkSockets.<RuntimeException>sneak(e); // an IOException, which the JDK expects
          }
          return 0;
        };
    try {
      var ours = create.invokeExact(hook);
      map.set(ours, map.get(original));
      return ours;
    } catch (Throwable e) {
      throw JdkSockets.<RuntimeException>sneak(e);
    }
  }

  private void begin(Object original, int fd, boolean write) throws Throwable {
    if (!waits.begin(fd, write)) {
      register.invokeExact(original, fd);
    }
  }

  private void end(Object original, int fd, boolean write, boolean polled) throws Throwable {
    if (!waits.end(fd, write)) {
      deregister.invokeExact(original, fd, polled);
    }
  }

  /*
   * final class EventletPoller extends Poller {
   *   private final IntBinaryOperator hook;
   *   EventletPoller(IntBinaryOperator hook) { this.hook = hook; }
   *   void implRegister(int fd) { hook.applyAsInt(REGISTER, fd); }
   *   void implDeregister(int fd, boolean polled) { hook.applyAsInt(DEREGISTER + polled, fd); }
   *   int poll(int timeout) { return 0; } // never called: no thread polls this one
   * }
   */
  private static byte[] pollerClass() {
    var hook = "hook";
    var apply = MethodTypeDesc.of(CD_int, CD_int, CD_int);
    return ClassFile.of()
        .build(
            OURS,
            type -> {
              type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
              type.withSuperclass(POLLER);
              type.withField(hook, OPERATOR, ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL);
              type.withMethodBody(
                  INIT_NAME,
                  MethodTypeDesc.of(CD_void, OPERATOR),
                  0,
                  code ->
                      code.aload(0)
                          .invokespecial(POLLER, INIT_NAME, MethodTypeDesc.of(CD_void))
                          .aload(0)
                          .aload(1)
                          .putfield(OURS, hook, OPERATOR)
                          .return_());
              type.withMethodBody(
                  "implRegister",
                  MethodTypeDesc.of(CD_void, CD_int),
                  0,
                  code ->
                      code.aload(0)
                          .getfield(OURS, hook, OPERATOR)
                          .loadConstant(REGISTER)
                          .iload(1)
                          .invokeinterface(OPERATOR, "applyAsInt", apply)
                          .pop()
                          .return_());
              type.withMethodBody(
                  "implDeregister",
                  MethodTypeDesc.of(CD_void, CD_int, CD_boolean),
                  0,
                  code ->
                      code.aload(0)
                          .getfield(OURS, hook, OPERATOR)
                          .loadConstant(DEREGISTER)
                          .iload(2)
                          .iadd()
                          .iload(1)
                          .invokeinterface(OPERATOR, "applyAsInt", apply)
                          .pop()
                          .return_());
              type.withMethodBody(
                  "poll",
                  MethodTypeDesc.of(CD_int, CD_int),
                  0,
                  code -> code.loadConstant(0).ireturn());
            });
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> E sneak(Throwable cause) throws E {
    throw (E) cause;
  }
}
