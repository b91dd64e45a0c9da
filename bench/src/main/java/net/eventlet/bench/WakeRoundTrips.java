package net.eventlet.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;

/// How long does it take to wake a thread on another carrier, and to be woken back?
///
/// What `wake.c` measures of the kernel alone. Where a plain thread takes part, it is woken by a
/// futex, as the JVM does it.
///
/// Run: through [EventletWake] and [StockThreadsWake].
final class WakeRoundTrips {

  private static final int ROUNDS = 20_000;

  private WakeRoundTrips() {}

  /// Measures round trips between two threads, each pinned to a CPU with what carries it.
  ///
  /// @param row what it is
  /// @param leaders makes the thread that measures
  /// @param leaderCpu where it runs
  /// @param followers makes the other
  /// @param followerCpu where that runs
  /// @throws InterruptedException if interrupted
  static void measure(
      String row, ThreadFactory leaders, int leaderCpu, ThreadFactory followers, int followerCpu)
      throws InterruptedException {
    var done = new CountDownLatch(1);
    var leader =
        leaders.newThread(() -> {
          try {
            pin(leaderCpu);
            Measure.report(row, ROUNDS, n -> roundTrips(n, followers, followerCpu));
          } catch (Exception e) {
            throw new IllegalStateException(row + " cannot be measured", e);
          } finally {
            done.countDown();
          }
        });
    leader.start();
    done.await();
  }

  private static void roundTrips(int count, ThreadFactory followers, int followerCpu)
      throws InterruptedException {
    var turns = new Turns();
    var follower =
        followers.newThread(() -> {
          pin(followerCpu);
          turns.follow(count);
        });
    turns.follower(follower);
    follower.start();
    turns.lead(count);
    follower.join();
  }

  /// Pins the calling thread, or the carrier that it is on, to a CPU.
  @SuppressWarnings("restricted")
  private static void pin(int cpu) {
    var linker = Linker.nativeLinker();
    var setAffinity =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("sched_setaffinity"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS));
    try (var arena = Arena.ofConfined()) {
      var mask = arena.allocate(128);
      mask.setAtIndex(ValueLayout.JAVA_LONG, cpu / 64, 1L << (cpu % 64));
      if ((int) setAffinity.invokeExact(0, mask.byteSize(), mask) != 0) {
        throw new IllegalArgumentException("cannot pin a thread to CPU " + cpu);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("sched_setaffinity cannot be called", e);
    }
  }
}
