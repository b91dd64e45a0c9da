package net.eventlet.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import net.eventlet.Action;
import net.eventlet.Eventlet;
import net.eventlet.GreenPool;

/// Has many do the same over and over, and tells what each time costs this process.
final class Repeated {

  private static final int LONGER = 10; // than round trips are counted: it varies more
  private static final int WARM_UPS = 2; // times as many as are counted
  private static final Duration LOOK = Duration.ofMillis(10);

  private final String row;
  private final long counted;
  private final Action action;
  private final AtomicLong done = new AtomicLong();
  private volatile boolean over;

  /// @param row what the line is called that it prints
  /// @param tenth of how many to count
  /// @param action done over and over
  Repeated(String row, long tenth, Action action) {
    this.row = row;
    this.counted = LONGER * tenth;
    this.action = action;
  }

  /// Measures green threads.
  ///
  /// @param tasks how many
  /// @throws Exception what `action` threw
  void green(int tasks) throws Exception {
    Eventlet.run(() -> {
      var workers = new GreenPool(tasks);
      for (var i = 0; i < tasks; i++) {
        workers.spawnN(this::work);
      }
      measure(() -> Eventlet.sleep(LOOK));
      over = true;
      workers.waitAll();
    });
  }

  /// Measures threads.
  ///
  /// @param workers has them, and is closed
  /// @param tasks how many
  /// @throws Exception if interrupted
  void threads(ExecutorService workers, int tasks) throws Exception {
    try (workers) {
      for (var i = 0; i < tasks; i++) {
        workers.execute(this::workOrFail);
      }
      measure(() -> Thread.sleep(LOOK));
      over = true;
    }
  }

  private void workOrFail() {
    try {
      work();
    } catch (Exception failure) {
      throw new IllegalStateException(failure); // and the time runs out
    }
  }

  private void work() throws Exception {
    while (!over) {
      action.run();
      done.incrementAndGet();
    }
  }

  private void measure(Action pause) throws Exception {
    while (done.get() < WARM_UPS * counted) {
      pause.run();
    }
    var cpu = cpuNanos();
    var begin = System.nanoTime();
    var before = done.get();
    while (done.get() < before + counted) {
      pause.run();
    }
    var times = done.get() - before;
    var seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "{\"row\":\"%s\",\"cpu_us\":%.3f,\"rate\":%.0f}%n",
        row,
        (cpuNanos() - cpu) / 1e3 / times,
        times / seconds);
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
