package stranger;

import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Makes pools whose arguments branch, and have pools among them, as compilers seldom see it.
public final class Makes implements Callable<String> {

  private final boolean first;
  private final boolean second;

  public Makes(boolean first, boolean second) {
    this.first = first;
    this.second = second;
  }

  @Override
  public String call() {
    var inner = new int[1];
    var pool =
        new ThreadPoolExecutor(
            first ? 1 : 2,
            second
                ? keep(new ScheduledThreadPoolExecutor(first ? 5 : 6), inner) + 3
                : keep(new ScheduledThreadPoolExecutor(first ? 5 : 6), inner) + 4,
            first || second ? 1 : 2,
            second ? TimeUnit.SECONDS : TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(first ? 1 : 2));
    pool.shutdown();
    new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>()).shutdown();
    return "pools of %d and %d, an inner one of %d"
        .formatted(pool.getCorePoolSize(), pool.getMaximumPoolSize(), inner[0]);
  }

  private static int keep(ScheduledThreadPoolExecutor pool, int[] size) {
    size[0] = pool.getCorePoolSize();
    pool.shutdown();
    return 0;
  }
}
