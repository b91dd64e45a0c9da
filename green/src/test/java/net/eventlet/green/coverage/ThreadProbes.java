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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import net.eventlet.Action;
import net.eventlet.green.coverage.Probe.Wait;

/// Waits for other threads.
final class ThreadProbes {

  static final List<Probe> ALL =
      List.of(
          parks(
              "sleeping",
              "Thread.sleep",
              wait -> {
                wait.begin();
                Thread.sleep(Probe.TIME);
              }),
          parks(
              "sleeping",
              "TimeUnit.sleep",
              wait -> {
                wait.begin();
                MILLISECONDS.sleep(Probe.TIME.toMillis());
              }),
          parks(
              "joining",
              "Thread.join of a platform thread",
              wait -> {
                var over = new CountDownLatch(1);
                var thread = Thread.ofPlatform().daemon().start(() -> await(over));
                wait.begin(over::countDown);
                thread.join();
              }),
          parks(
              "joining",
              "TimeUnit.timedJoin",
              wait -> {
                var over = new CountDownLatch(1);
                var thread = Thread.ofPlatform().daemon().start(() -> await(over));
                wait.begin(over::countDown);
                SECONDS.timedJoin(thread, 10);
              }),
          parks(
              "parking",
              "LockSupport.park",
              wait -> {
                var parked = Thread.currentThread();
                wait.begin(() -> LockSupport.unpark(parked));
                LockSupport.park();
              }),
          parks(
              "parking",
              "LockSupport.parkNanos",
              wait -> {
                wait.begin();
                LockSupport.parkNanos(Probe.TIME.toNanos());
              }),
          parks("monitors", "synchronized", ThreadProbes::enterMonitor),
          parks(
              "monitors",
              "Object.wait",
              wait -> {
                var monitor = new Object();
                wait.begin(() -> notify(monitor));
                synchronized (monitor) {
                  monitor.wait();
                }
              }),
          parks(
              "monitors",
              "Object.wait with a limit",
              wait -> {
                var monitor = new Object();
                wait.begin();
                synchronized (monitor) {
                  monitor.wait(Probe.TIME.toMillis());
                }
              }),
          parks("locks", "ReentrantLock.lock", wait -> take(wait, new ReentrantLock())),
          parks(
              "locks",
              "ReentrantReadWriteLock.writeLock",
              wait -> take(wait, new ReentrantReadWriteLock().writeLock())),
          parks(
              "locks",
              "StampedLock.asWriteLock",
              wait -> take(wait, new StampedLock().asWriteLock())),
          parks(
              "locks",
              "Condition.await",
              wait -> {
                var lock = new ReentrantLock();
                var condition = lock.newCondition();
                lock.lock();
                wait.begin(() -> {
                  lock.lock();
                  condition.signal();
                  lock.unlock();
                });
                condition.await();
                lock.unlock();
              }),
          parks(
              "locks",
              "Lock.tryLock with a limit",
              wait -> {
                var lock = new ReentrantLock();
                hold(lock, new CountDownLatch(1));
                wait.begin();
                lock.tryLock(Probe.TIME.toMillis(), MILLISECONDS);
              }),
          parks(
              "synchronizers",
              "Semaphore.acquire",
              wait -> {
                var semaphore = new Semaphore(0);
                wait.begin(semaphore::release);
                semaphore.acquire();
              }),
          parks(
              "synchronizers",
              "CountDownLatch.await",
              wait -> {
                var latch = new CountDownLatch(1);
                wait.begin(latch::countDown);
                latch.await();
              }),
          parks(
              "synchronizers",
              "CyclicBarrier.await",
              wait -> {
                var barrier = new CyclicBarrier(2);
                wait.begin(barrier::await);
                barrier.await();
              }),
          parks(
              "synchronizers",
              "Phaser.arriveAndAwaitAdvance",
              wait -> {
                var phaser = new Phaser(2);
                wait.begin(phaser::arrive);
                phaser.arriveAndAwaitAdvance();
              }),
          parks(
              "synchronizers",
              "Exchanger.exchange",
              wait -> {
                var exchanger = new Exchanger<String>();
                wait.begin(() -> exchanger.exchange("from outside"));
                exchanger.exchange("from inside");
              }),
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
                  service.submit(ThreadProbes::sleep);
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
                  pool.invokeAll(List.of(ThreadProbes::sleep, ThreadProbes::sleep));
                }
              }),
          parks(
              "executors",
              "ExecutorService.close",
              wait -> {
                try (var pool = Executors.newCachedThreadPool()) {
                  pool.submit(ThreadProbes::sleep);
                  wait.begin();
                }
              }),
          parks(
              "executors",
              "ExecutorService.awaitTermination",
              wait -> {
                var pool = Executors.newSingleThreadExecutor();
                pool.submit(ThreadProbes::sleep);
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
                  pool.submit(ThreadProbes::sleep).get();
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

  private ThreadProbes() {}

  private static Probe parks(String group, String call, Probe.Body body) {
    return new Probe(group, call, Behaviour.PARKS, body);
  }

  private static void enterMonitor(Wait wait) throws InterruptedException {
    var monitor = new Object();
    var taken = new CountDownLatch(1);
    var over = new CountDownLatch(1);
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          synchronized (monitor) {
            taken.countDown();
            await(over);
          }
        });
    taken.await();
    wait.begin(over::countDown);
    synchronized (monitor) {
      over.countDown();
    }
  }

  private static void notify(Object monitor) {
    synchronized (monitor) {
      monitor.notifyAll();
    }
  }

  private static void take(Wait wait, Lock lock) throws InterruptedException {
    var over = new CountDownLatch(1);
    hold(lock, over);
    wait.begin(over::countDown);
    lock.lock();
    lock.unlock();
  }

  private static void hold(Lock lock, CountDownLatch until) throws InterruptedException {
    var taken = new CountDownLatch(1);
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          lock.lock();
          taken.countDown();
          await(until);
          lock.unlock();
        });
    taken.await();
  }

  private static void take(Wait wait, BlockingQueue<String> queue) throws InterruptedException {
    wait.begin(() -> queue.put("something"));
    queue.take();
  }

  private static void await(CountDownLatch latch) {
    uninterrupted(latch::await);
  }

  private static String sleep() {
    uninterrupted(() -> Thread.sleep(Probe.TIME));
    return "slept";
  }

  private static void uninterrupted(Action wait) {
    try {
      wait.run();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
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
