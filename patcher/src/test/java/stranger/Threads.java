package stranger;

import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;

/// A library that starts threads in every way that there is, and knows nothing of Eventlet.
public final class Threads {

  private Threads() {}

  /// {@return in what kind of thread each way of starting one runs a task, in order}
  public static List<String> kinds() throws InterruptedException {
    var kinds = new LinkedBlockingQueue<String>();
    Runnable task = () -> kinds.add(Thread.currentThread().isVirtual() ? "green" : "platform");

    var plain = new Thread(task, "plain");
    plain.start();
    plain.join();

    var worker = new Worker(task);
    worker.start();
    worker.join();

    var loud = new LoudWorker(task);
    loud.start();
    loud.join();
    kinds.add(loud.said);

    var louder = new LouderWorker(task);
    louder.start();
    louder.join();
    kinds.add(louder.said());

    Thread.ofPlatform().start(task).join();
    Thread.Builder builder = Thread.ofPlatform().daemon();
    builder.start(task).join();
    var built = builder.unstarted(task);
    built.start();
    built.join();
    var fromFactory = Thread.ofPlatform().factory().newThread(task);
    fromFactory.start();
    fromFactory.join();

    var referred = Stream.of(new Thread(task)).peek(Thread::start).toList().getFirst();
    referred.join();

    ThreadFactory factory =
        runnable -> {
          var thread = new Thread(runnable);
          thread.setDaemon(false);
          thread.setPriority(Thread.MIN_PRIORITY);
          return thread;
        };
    var made = factory.newThread(task);
    made.start();
    made.join();
    return List.copyOf(kinds);
  }

  /// {@return what a thread says of itself: before it is started, while it waits, and once it was
  /// interrupted and has ended}
  public static List<String> life() throws InterruptedException {
    var waits = new LinkedBlockingQueue<Boolean>();
    var interrupted = new LinkedBlockingQueue<Boolean>();
    var worker =
        new Worker(() -> {
          waits.add(true);
          try {
            Thread.sleep(60_000);
            interrupted.add(false);
          } catch (InterruptedException e) {
            interrupted.add(true);
          }
        });
    var before = worker.getState() + " " + worker.isAlive();
    worker.start();
    waits.take();
    var during = "alive " + worker.isAlive();
    worker.join(1);
    worker.interrupt();
    worker.join();
    var after = worker.getState() + " " + worker.isAlive() + " " + interrupted.take();
    return List.of(before, during, after, startAgain(worker));
  }

  private static String startAgain(Thread thread) {
    try {
      thread.start();
      return "started twice";
    } catch (IllegalThreadStateException e) {
      return "not again";
    }
  }

  private static class Worker extends Thread {

    Worker(Runnable task) {
      super(task, "worker");
    }
  }

  private static class LoudWorker extends Worker {

    private String said = "said nothing";

    LoudWorker(Runnable task) {
      super(task);
    }

    @Override
    public synchronized void start() {
      said = "said that it starts";
      super.start();
    }

    String said() {
      return said;
    }
  }

  private static final class LouderWorker extends LoudWorker {

    private boolean calm = true;

    LouderWorker(Runnable task) {
      super(task);
    }

    @Override
    public synchronized void start() {
      calm = false;
      super.start();
    }

    @Override
    String said() {
      return calm ? "said nothing" : super.said() + " twice";
    }
  }
}
