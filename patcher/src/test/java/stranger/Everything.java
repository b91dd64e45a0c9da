package stranger;

import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import net.eventlet.Eventlet;

/// Uses what is rewritten, other than threads: pools, timers, child processes, standard input.
final class Everything {

  private Everything() {}

  public static void main(String[] args) throws Exception {
    Eventlet.run(() -> {
      ThreadFactory daemons =
          task -> {
            var thread = new Thread(task, "housekeeping");
            thread.setDaemon(true);
            return thread;
          };
      Supplier<ExecutorService> single = Executors::newSingleThreadExecutor;
      var pools = new ArrayList<ExecutorService>();
      pools.add(Executors.newFixedThreadPool(2));
      pools.add(Executors.newCachedThreadPool(daemons));
      pools.add(single.get());
      pools.add(Executors.newScheduledThreadPool(1, daemons));
      pools.add(new ThreadPoolExecutor(1, 2, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>()));
      pools.add(new ScheduledThreadPoolExecutor(args.length + 1));
      for (var pool : pools) { // never shut down
        System.out.println(pool.submit(Everything::kind).get());
      }

      var ticked = new CompletableFuture<String>();
      new Timer("timer")
          .schedule(
              new TimerTask() {
                @Override
                public void run() {
                  ticked.complete(kind());
                }
              },
              1);
      System.out.println(ticked.get());

      var child = new ProcessBuilder("echo", "from a child").start();
      System.out.println(child.getClass().getSimpleName());
      System.out.println(new String(child.getInputStream().readAllBytes()).strip());
      var second =
          Runtime.getRuntime().exec(new String[] {"sh", "-c", "exit $A"}, new String[] {"A=3"});
      System.out.println(second.waitFor());
      System.out.println(new InputStreamReader(System.in).read());
    });
  }

  private static String kind() {
    return Thread.currentThread().isVirtual() ? "green" : "platform";
  }
}
