package net.eventlet.jdk;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.nio.channels.Channel;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntBinaryOperator;

/// Puts ourselves in the place of the JDK's pollers, which unpark virtual threads whose sockets are
/// ready.
///
/// The JDK keeps its pollers in two arrays and a field. Each is replaced by an instance of a class
/// that is generated into the JDK's own package, since their methods are not public, and that asks
/// [SocketWaits] first. A thread that is not ours goes on to the poller that was there before:
///
/// - its descriptor goes into that poller's map of parked threads too, so that the poller finds whom
///   to unpark;
/// - closing a socket asynchronously unparks through the map of ours, which the JDK fills itself.
///
/// Source: `sun.nio.ch.Poller` of JDK 25.
final class JdkSockets {

  private static final ClassDesc POLLER = ClassDesc.of("sun.nio.ch.Poller");
  private static final ClassDesc OURS = ClassDesc.of("sun.nio.ch.EventletPoller");
  private static final ClassDesc OPERATOR = ClassDesc.of(IntBinaryOperator.class.getName());

  private static final Set<String> GENERATED = Set.of("implRegister", "implDeregister", "poll");

  private static final int REGISTER = 0;
  private static final int DEREGISTER = 1;

  private final SocketWaits waits;
  private final MethodHandle register; // (Object original, int fd)
  private final MethodHandle deregister; // (Object original, int fd, boolean polled)
  private final MethodHandle map; // (Object original)
  private final MethodHandle create; // (IntBinaryOperator)

  private JdkSockets(SocketWaits waits) throws ReflectiveOperationException {
    this.waits = waits;
    var poller = Inside.type("sun.nio.ch.Poller");
    requireKnown(poller);
    var inside = MethodHandles.privateLookupIn(poller, MethodHandles.lookup());
    register =
        inside
            .findVirtual(
                poller, "implRegister", MethodType.methodType(void.class, int.class))
            .asType(MethodType.methodType(void.class, Object.class, int.class));
    deregister =
        inside
            .findVirtual(
                poller,
                "implDeregister",
                MethodType.methodType(void.class, int.class, boolean.class))
            .asType(MethodType.methodType(void.class, Object.class, int.class, boolean.class));
    map =
        inside
            .findGetter(poller, "map", Map.class)
            .asType(MethodType.methodType(Map.class, Object.class));
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
      var number = Inside.type("sun.nio.ch.SelChImpl").getMethod("getFDVal");
      number.setAccessible(true);
      return OptionalInt.of((int) number.invoke(channel));
    } catch (ReflectiveOperationException | InaccessibleObjectException | LinkageError e) {
      return OptionalInt.empty();
    }
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
    try {
      @SuppressWarnings("unchecked")
      var parked = (Map<Integer, Thread>) (Map<?, ?>) map.invokeExact(original);
      IntBinaryOperator hook =
          (operation, fd) -> {
            if (operation == REGISTER) {
              begin(original, parked, fd, write);
            } else {
              end(original, parked, fd, write);
            }
            return 0;
          };
      return create.invokeExact(hook);
    } catch (Throwable e) {
      throw JdkSockets.<RuntimeException>sneak(e);
    }
  }

  private void begin(Object original, Map<Integer, Thread> parked, int fd, boolean write) {
    try {
      if (!waits.begin(fd, write)) {
        parked.put(fd, Thread.currentThread());
        register.invokeExact(original, fd);
      }
    } catch (IOException e) {
      throw JdkSockets.<RuntimeException>sneak(e); // the JDK's caller declares it
    } catch (Throwable e) {
      parked.remove(fd);
      throw JdkSockets.<RuntimeException>sneak(e);
    }
  }

  private void end(Object original, Map<Integer, Thread> parked, int fd, boolean write) {
    if (waits.end(fd, write)) {
      return;
    }
    var polled = parked.remove(fd) == null;
    try {
      deregister.invokeExact(original, fd, polled);
    } catch (Throwable e) {
      throw JdkSockets.<RuntimeException>sneak(e);
    }
  }

  /*
   * final class EventletPoller extends Poller {
   *   private final IntBinaryOperator hook;
   *   EventletPoller(IntBinaryOperator hook) { this.hook = hook; }
   *   void implRegister(int fd) { hook.applyAsInt(REGISTER, fd); }
   *   void implDeregister(int fd, boolean polled) { hook.applyAsInt(DEREGISTER, fd); }
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

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> E sneak(Throwable cause) throws E {
    throw (E) cause;
  }
}
