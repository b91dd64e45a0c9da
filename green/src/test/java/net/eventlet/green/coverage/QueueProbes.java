package net.eventlet.green.coverage;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.lang.ref.ReferenceQueue;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import net.eventlet.green.coverage.Probe.Wait;

/// Waits for what another thread hands over: items, results, the end of tasks.
final class QueueProbes {

  static final List<Probe> ALL =
      List.of(
          parks(
              "queues", "ArrayBlockingQueue.take", wait -> take(wait, new ArrayBlockingQueue<>(1))),
          parks(
              "queues",
              "ArrayBlockingQueue.put",
              wait -> {
                var queue = new ArrayBlockingQueue<>(1, true, List.of("first"));
                wait.begin(queue::take);
                queue.put("second");
              }),
          parks(
              "queues",
              "LinkedBlockingQueue.take",
              wait -> take(wait, new LinkedBlockingQueue<>())),
          parks(
              "queues",
              "LinkedBlockingDeque.take",
              wait -> take(wait, new LinkedBlockingDeque<>())),
          parks(
              "queues",
              "LinkedTransferQueue.take",
              wait -> take(wait, new LinkedTransferQueue<>())),
          parks(
              "queues",
              "LinkedTransferQueue.transfer",
              wait -> {
                var queue = new LinkedTransferQueue<String>();
                wait.begin(queue::take);
                queue.transfer("something");
              }),
          parks("queues", "SynchronousQueue.take", wait -> take(wait, new SynchronousQueue<>())),
          parks(
              "queues",
              "PriorityBlockingQueue.take",
              wait -> take(wait, new PriorityBlockingQueue<>())),
          parks(
              "queues",
              "DelayQueue.take",
              wait -> {
                var queue = new DelayQueue<Due>();
                queue.put(new Due(System.nanoTime() + Probe.TIME.toNanos()));
                wait.begin();
                queue.take();
              }),
          parks(
              "queues",
              "BlockingQueue.poll with a limit",
              wait -> {
                wait.begin();
                new LinkedBlockingQueue<>().poll(Probe.TIME.toMillis(), MILLISECONDS);
              }),
          parks(
              "queues",
              "ExecutorCompletionService.take",
              wait -> {
                try (var pool = Executors.newFixedThreadPool(1)) {
                  var service = new ExecutorCompletionService<String>(pool);
                  wait.begin();
                  service.submit(QueueProbes::sleep);
                  service.take();
                }
              }),
          parks(
              "futures",
              "FutureTask.get",
              wait -> {
                var task = new FutureTask<>(() -> "done");
                wait.begin(task::run);
                task.get();
              }),
          parks(
              "futures",
              "CompletableFuture.join",
              wait -> {
                var future = new CompletableFuture<String>();
                wait.begin(() -> future.complete("done"));
                future.join();
              }),
          parks(
              "futures",
              "CompletableFuture.get after completeOnTimeout",
              wait -> {
                wait.begin();
                new CompletableFuture<String>()
                    .completeOnTimeout("late", Probe.TIME.toMillis(), MILLISECONDS)
                    .get();
              }),
          parks(
              "executors",
              "ExecutorService.invokeAll",
              wait -> {
                try (var pool = Executors.newFixedThreadPool(2)) {
                  wait.begin();
                  pool.invokeAll(List.of(QueueProbes::sleep, QueueProbes::sleep));
                }
              }),
          parks(
              "executors",
              "ExecutorService.close",
              wait -> {
                try (var pool = Executors.newCachedThreadPool()) {
                  pool.submit(QueueProbes::sleep);
                  wait.begin();
                }
              }),
          parks(
              "executors",
              "ExecutorService.awaitTermination",
              wait -> {
                var pool = Executors.newSingleThreadExecutor();
                pool.submit(QueueProbes::sleep);
                pool.shutdown();
                wait.begin();
                pool.awaitTermination(10, SECONDS);
              }),
          parks(
              "executors",
              "ScheduledFuture.get",
              wait -> {
                try (var pool = Executors.newScheduledThreadPool(1)) {
                  wait.begin();
                  pool.schedule(() -> "done", Probe.TIME.toMillis(), MILLISECONDS).get();
                }
              }),
          parks(
              "executors",
              "a virtual thread for each task",
              wait -> {
                try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
                  wait.begin();
                  pool.submit(QueueProbes::sleep).get();
                }
              }),
          parks(
              "fork and join",
              "ForkJoinPool.invoke",
              wait -> {
                try (var pool = new ForkJoinPool(1)) {
                  wait.begin();
                  pool.invoke(new Sleeper());
                }
              }),
          parks(
              "fork and join",
              "IntStream.parallel",
              wait -> {
                wait.begin();
                IntStream.range(0, 2).parallel().forEach(_ -> sleep());
              }),
          parks(
              "publishers",
              "SubmissionPublisher.submit",
              wait -> {
                try (var publisher = new SubmissionPublisher<String>(Runnable::run, 1)) {
                  var reader = new SlowReader();
                  publisher.subscribe(reader);
                  publisher.submit("fits");
                  wait.begin(() -> reader.subscription.request(10));
                  publisher.submit("has to wait");
                }
              }),
          parks(
              "publishers",
              "Gatherers.mapConcurrent",
              wait -> {
                wait.begin();
                var _ =
                    List.of(1, 2).stream()
                        .gather(Gatherers.mapConcurrent(2, _ -> sleep()))
                        .toList();
              }),
          parks(
              "pipes in memory",
              "PipedInputStream.read",
              wait -> {
                var out = new PipedOutputStream();
                var in = new PipedInputStream(out);
                wait.begin(() -> {
                  out.write(1);
                  out.flush();
                });
                var _ = in.read();
              }),
          parks(
              "pipes in memory",
              "PipedWriter.write",
              wait -> {
                var out = new PipedWriter();
                var in = new PipedReader(out, 1);
                out.write(1);
                wait.begin(in::read);
                out.write(2);
              }),
          parks(
              "references",
              "ReferenceQueue.remove",
              wait -> {
                wait.begin();
                new ReferenceQueue<>().remove(Probe.TIME.toMillis());
              }));

  private QueueProbes() {}

  private static Probe parks(String group, String call, Probe.Body body) {
    return new Probe(group, call, Behaviour.PARKS, body);
  }

  private static void take(Wait wait, BlockingQueue<String> queue) throws InterruptedException {
    wait.begin(() -> queue.put("something"));
    queue.take();
  }

  private static String sleep() {
    Probe.uninterrupted(() -> Thread.sleep(Probe.TIME));
    return "slept";
  }

  private record Due(long nanos) implements Delayed {

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(nanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(nanos, ((Due) other).nanos);
    }
  }

  private static final class Sleeper extends RecursiveAction {

    private static final long serialVersionUID = 1;

    @Override
    protected void compute() {
      sleep();
    }
  }

  private static final class SlowReader implements Flow.Subscriber<String> {

    private Flow.Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
    }

    @Override
    public void onNext(String item) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }
}
