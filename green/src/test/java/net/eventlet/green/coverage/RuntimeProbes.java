package net.eventlet.green.coverage;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static net.eventlet.green.coverage.Behaviour.BLOCKS;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Waits below which there are frames that cannot be unmounted.
final class RuntimeProbes {

  private static final MethodHandle USLEEP =
      CLibrary.function("usleep", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle QSORT =
      CLibrary.function("qsort", FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS));

  static final List<Probe> ALL =
      List.of(
          new Probe(
              "native frames",
              "a downcall to usleep",
              BLOCKS,
              wait -> {
                wait.begin();
                usleep();
              }),
          new Probe(
              "native frames",
              "Thread.sleep in an upcall",
              BLOCKS,
              wait -> {
                wait.begin();
                sortWhileSleeping();
              }),
          new Probe(
              "classes",
              "Thread.sleep in a static initialiser",
              BLOCKS,
              wait -> {
                wait.begin();
                SleepsAtFirst.touch();
              }),
          new Probe(
              "classes",
              "a class that another thread initialises",
              BLOCKS,
              wait -> {
                Thread.ofPlatform().daemon().start(SlowClass::touch);
                Gate.BEGUN.await();
                wait.begin(Gate.OVER::countDown);
                SlowClass.touch();
              }));

  private RuntimeProbes() {}

  /// Its static initialiser waits for [Probe#TIME].
  private static final class SleepsAtFirst {

    static {
      Probe.uninterrupted(() -> Thread.sleep(Probe.TIME));
    }

    static void touch() {}
  }

  /// Its static initialiser waits until it is let go on.
  private static final class SlowClass {

    static {
      Gate.BEGUN.countDown();
      Probe.await(Gate.OVER);
    }

    static void touch() {}
  }

  private static final class Gate {
    static final CountDownLatch BEGUN = new CountDownLatch(1);
    static final CountDownLatch OVER = new CountDownLatch(1);
  }

  private static int sleepAndCompare(MemorySegment one, MemorySegment other) {
    Probe.uninterrupted(() -> Thread.sleep(Probe.TIME));
    return 0;
  }

  @SuppressWarnings("restricted")
  private static void sortWhileSleeping() throws Exception {
    try (var arena = Arena.ofConfined()) {
      var compare =
          MethodHandles.lookup()
              .findStatic(
                  RuntimeProbes.class,
                  "sleepAndCompare",
                  MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class));
      var upcall =
          Linker.nativeLinker()
              .upcallStub(compare, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS), arena);
      call(() -> QSORT.invoke(arena.allocate(2), 2L, 1L, upcall));
    }
  }

  private static void usleep() {
    call(() -> USLEEP.invoke((int) TimeUnit.MILLISECONDS.toMicros(Probe.TIME.toMillis())));
  }

  private interface Call {
    Object run() throws Throwable;
  }

  private static void call(Call call) {
    try {
      call.run();
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
