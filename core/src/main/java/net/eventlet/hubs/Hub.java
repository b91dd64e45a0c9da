package net.eventlet.hubs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import net.eventlet.jdk.Jdk;
import net.eventlet.posix.Posix;
import net.eventlet.posix.Scratch;
import org.jspecify.annotations.Nullable;

/// What runs green threads: one at a time, on one platform thread, its *carrier*.
///
/// A turn of the hub runs what was runnable when it began, in order; then the timers that are due;
/// then looks at the descriptors, waiting for them if there is nothing else to do. Green threads
/// switch nowhere but where they wait.
///
/// All fields belong to the carrier but those that say otherwise. What other threads want goes
/// through a [RemoteQueue]: they push, then look whether the hub sleeps, while the hub says that it
/// sleeps, then looks whether there is something; so that one of both sees the other.
///
/// The class is long because the loop, the ways into it and the end of it share these fields, and
/// nothing else does.
///
/// Source: `eventlet/hubs/hub.py`, `BaseHub`.
public final class Hub implements AutoCloseable {

  static final Clock CLOCK = new SystemClock();

  private static final String CLOSED = "its hub was closed";

  private static final int LOOK_ANYWAY =
      64; // turns after which a busy hub looks at its descriptors

  private static final VarHandle ASLEEP;

  static {
    try {
      ASLEEP = MethodHandles.lookup().findVarHandle(Hub.class, "asleep", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static volatile BiConsumer<? super Thread, ? super Throwable> uncaughtHandler =
      UncaughtReport::print;

  private static @Nullable Hub shared; // guarded by the class

  private final String name;
  private final Clock clock;
  private final RunOrder order;
  private final Random random;
  private Instrument[] instruments;
  private final int cpu;
  private final Duration closeLimit;
  private final Function<String, ? extends Throwable> exit;
  private final Poller poller;
  private final Poller.Report report = this::ready;
  private final Scratch scratch = Scratch.borrow(); // of all system calls of its green threads
  private final HubScheduler scheduler = new HubScheduler(this);
  private final RunQueue runnable = new RunQueue();
  private final TimerQueue timers;
  private final RemoteQueue remote = new RemoteQueue(); // anybody's
  private final IdentityHashMap<Thread, Fiber> adopted = new IdentityHashMap<>();
  private final CountDownLatch terminated = new CountDownLatch(1); // anybody's
  private final ConcurrentLinkedQueue<CloseAction> closeActions =
      new ConcurrentLinkedQueue<>(); // anybody's
  private final Thread carrier;

  private @Nullable Descriptor[] descriptors = new @Nullable Descriptor[256]; // by number
  private @Nullable Fiber main; // null on a carrier of its own
  private @Nullable Fiber running;
  private @Nullable Fiber newest; // of the list of those alive
  private int alive;
  private int ioWaits;
  private long switches;
  private long turns;
  private volatile boolean asleep; // anybody's
  private volatile boolean closing; // anybody's
  private volatile boolean closed; // anybody's
  private final Anticipation anticipation = new Anticipation();
  private final AtomicInteger wakers = new AtomicInteger(); // who wake the poller just now

  private Hub(String name, HubOptions options, @Nullable Thread carrier) {
    Jdk.require();
    this.name = name;
    this.carrier =
        carrier != null
            ? carrier
            : Thread.ofPlatform().daemon().name(name).unstarted(this::runUntilClosed);
    clock = options.clock();
    timers = new TimerQueue(clock.nanoTime());
    order = options.order();
    random = new Random(options.seed());
    instruments = options.instruments().toArray(Instrument[]::new);
    cpu = options.cpu();
    closeLimit = options.closeLimit();
    exit = options.exit();
    try {
      poller = options.poller().open();
    } catch (IOException e) {
      throw new UncheckedIOException("the hub " + name + " cannot watch descriptors", e);
    }
  }

  /// Starts a hub on a carrier of its own, a daemon thread, with [HubOptions#DEFAULT].
  ///
  /// @param name of the hub and its carrier
  /// @return the hub, which runs until it is closed
  /// @throws IllegalStateException if the JDK cannot be looked into; the message names the flags
  /// @throws UnsupportedOperationException on a system that is not supported
  public static Hub start(String name) {
    return start(name, HubOptions.DEFAULT);
  }

  /// Starts a hub on a carrier of its own, a daemon thread.
  ///
  /// @param name of the hub and its carrier
  /// @param options how it is made
  /// @return the hub, which runs until it is closed
  /// @throws IllegalStateException if the JDK cannot be looked into; the message names the flags
  /// @throws UnsupportedOperationException on a system that is not supported
  public static Hub start(String name, HubOptions options) {
    var hub = new Hub(Objects.requireNonNull(name, "name"), options, null);
    hub.carrier.start();
    return hub;
  }

  /// Runs a hub on the calling thread until `main` ends; what else is alive then is unwound first.
  ///
  /// @param options how the hub is made
  /// @param main makes its first green thread
  /// @throws IllegalStateException on a virtual thread, which cannot carry others; and if the JDK
  ///   cannot be looked into
  public static void run(HubOptions options, Function<Hub, Fiber> main) {
    var carrier = Thread.currentThread();
    if (carrier.isVirtual()) {
      throw new IllegalStateException(
          "a hub cannot run on "
              + carrier
              + ", a virtual thread; spawn into the hub that is there, or use Hub.start");
    }
    var hub = new Hub("hub-" + carrier.getName(), options, carrier);
    try {
      hub.pin();
      var first = main.apply(hub).start();
      hub.main = first;
      hub.loop(() -> first.ended() || hub.closing);
    } finally {
      hub.shutDown();
    }
  }

  /// {@return the hub that runs the calling green thread}
  ///
  /// @throws IllegalStateException in any other thread
  public static Hub current() {
    var hub = currentOrNull();
    if (hub == null) {
      throw new IllegalStateException(
          Thread.currentThread()
              + " does not run on a hub; call this inside Eventlet.run or in a green thread");
    }
    return hub;
  }

  /// {@return the hub that runs the calling green thread, or null in any other thread}
  public static @Nullable Hub currentOrNull() {
    var fiber = Fiber.currentOrNull();
    return fiber == null ? null : fiber.hub();
  }

  /// {@return the clock of the hub that runs the caller; the system's in any other thread}
  public static Clock clockHere() {
    var hub = currentOrNull();
    return hub == null ? CLOCK : hub.clock;
  }

  /// {@return the process's default hub, which serves threads that have none; started when first
  /// asked for, and again if it was closed}
  public static Hub shared() {
    synchronized (Hub.class) {
      var hub = shared;
      if (hub == null || hub.closing) {
        hub = start("hub-shared");
        shared = hub;
      }
      return hub;
    }
  }

  /// Replaces what is told of failures that nobody can receive: once for each, on the hub's carrier
  /// or in the green thread that failed. The first handler prints to standard error where the green
  /// thread was spawned, and the stack trace.
  ///
  /// @param handler told the thread and what came out of it
  public static void uncaughtHandler(BiConsumer<? super Thread, ? super Throwable> handler) {
    uncaughtHandler = Objects.requireNonNull(handler, "handler");
  }

  /// Tells the uncaught handler.
  ///
  /// @param thread that failed
  /// @param failure what came out of it
  public static void uncaught(Thread thread, Throwable failure) {
    try {
      uncaughtHandler.accept(thread, failure);
    } catch (Throwable broken) {
      if (broken != failure) {
        failure.addSuppressed(broken);
      }
      UncaughtReport.print(thread, failure);
    }
  }

  /// {@return the name it was given}
  public String name() {
    return name;
  }

  /// {@return what time it is for this hub}
  public Clock clock() {
    return clock;
  }

  /// {@return this hub's random numbers, which its seed determines; for its green threads only}
  public RandomGenerator random() {
    return random;
  }

  /// Makes a green thread that is not started yet. May be called from any thread; the new one
  /// inherits the caller's inheritable thread-locals.
  ///
  /// @param body what it does
  /// @param given what the user gave to be run, for the place that reports name
  /// @return the green thread
  public Fiber fiber(Fiber.Body body, Object given) {
    return new Fiber(this, body, Places.ofSpawn(given), true);
  }

  /// Makes a green thread that is not started yet, and inherits nothing from the caller: neither
  /// inheritable thread-locals nor the context class loader. May be called from any thread.
  ///
  /// @param body what it does
  /// @param given what the user gave to be run, for the place that reports name
  /// @return the green thread
  public Fiber disinheritedFiber(Fiber.Body body, Object given) {
    return new Fiber(this, body, Places.ofSpawn(given), false);
  }

  /// Runs `body` in a green thread. May be called from any thread.
  ///
  /// @param body what it does
  /// @param <T> what it returns
  /// @return its result; to cancel it interrupts the green thread
  /// @throws IllegalStateException if the hub is closed
  public <T> Future<T> spawn(Callable<T> body) {
    var task = new FutureTask<>(body);
    fiber(
            new Fiber.Body() {
              @Override
              public void run() {
                task.run();
              }

              @Override
              public void ended(Fiber fiber, @Nullable Throwable failure) {
                task.cancel(false); // without effect if it ran
              }
            },
            body)
        .start();
    return task;
  }

  /// {@return an executor each of whose tasks is a green thread of this hub}
  public Executor executor() {
    return task -> fiber(task::run, task).start();
  }

  /// {@return a factory of green threads of this hub, which run when they are started}
  public ThreadFactory threadFactory() {
    return task -> fiber(task::run, task).thread();
  }

  /// Runs an action later, on the carrier: it must not wait. May be called from any thread.
  ///
  /// @param delay how long to wait; zero or less means until the end of this turn
  /// @param action what to do; what it throws goes to the uncaught handler
  /// @return the timer, to cancel it
  /// @throws IllegalStateException if the hub is closed
  public Timer schedule(Duration delay, Runnable action) {
    return schedule(delay, action, () -> {});
  }

  /// Runs an action later, as [#schedule(Duration, Runnable)] does, or another if the hub closes
  /// first.
  ///
  /// @param delay how long to wait; zero or less means until the end of this turn
  /// @param action what to do; what it throws goes to the uncaught handler
  /// @param otherwise what to do when the hub closes and the time has not come
  /// @return the timer, to cancel it
  /// @throws IllegalStateException if the hub is closed
  public Timer schedule(Duration delay, Runnable action, Runnable otherwise) {
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(otherwise, "otherwise");
    requireOpen();
    var timer = new Scheduled(this, action, otherwise);
    add(Durations.nanos(delay), timer);
    return timer;
  }

  /// Parks the calling green thread until a descriptor is ready.
  ///
  /// @param fd open and non-blocking
  /// @param interest what to wait for: reading or writing
  /// @param limit longest wait; null for ever
  /// @throws TimeoutException if the time runs out
  /// @throws IllegalArgumentException if `fd` is negative or `interest` is neither
  /// @throws IllegalStateException off this hub, or if another thread waits for the same
  public void trampoline(int fd, Interest interest, @Nullable Duration limit)
      throws TimeoutException {
    var fiber = Fiber.currentOrNull();
    if (fiber == null || fiber.hub() != this) {
      throw new IllegalStateException(
          "trampoline parks a green thread of " + this + ", and this is " + Thread.currentThread());
    }
    if (fd < 0 || interest == Interest.NONE || interest == Interest.BOTH) {
      throw new IllegalArgumentException(
          "trampoline takes an open descriptor, and READ or WRITE: fd=%d interest=%s"
              .formatted(fd, interest));
    }
    Descriptor.Result result;
    try {
      result = foreign(fd).await(interest == Interest.WRITE, Durations.limitNanos(limit));
    } catch (IOException e) {
      throw new UncheckedIOException("descriptor " + fd + " cannot be watched", e);
    }
    switch (result) {
      case READY -> {}
      case TIMED_OUT ->
          throw new TimeoutException("descriptor " + fd + " was not ready within " + limit);
      case INTERRUPTED -> {
        fiber.exitHere("interrupted");
        fiber.throwPending();
      }
      case CLOSED -> throw new IllegalStateException("descriptor " + fd + " was closed");
    }
  }

  /// Has something done when this hub begins to close, before its green threads are unwound: for
  /// what keeps green threads that would outlive an unwind, as a thread pool's do. May be called
  /// from any thread.
  ///
  /// @param owner keeps the action alive, which is forgotten when it is garbage
  /// @param action what to do, on the carrier: it must not wait, nor refer to `owner` by other than
  ///   a weak reference
  /// @throws IllegalStateException if the hub is closed or closing
  public void whenClosing(Object owner, Runnable action) {
    closeActions.removeIf(CloseAction::isGarbage);
    var mine = new CloseAction(new WeakReference<>(owner), action);
    closeActions.add(mine);
    if (closing && closeActions.remove(mine)) {
      throw new IllegalStateException(this + " keeps nothing any more; use another hub");
    }
  }

  /// Has an instrument look on from now on, after those that do already. May be called from any
  /// thread.
  ///
  /// @param instrument told of green threads that were created before too
  public void attach(Instrument instrument) {
    Objects.requireNonNull(instrument, "instrument");
    onCarrier(() -> {
      var more = Arrays.copyOf(instruments, instruments.length + 1);
      more[instruments.length] = instrument;
      instruments = more;
    });
  }

  /// Has an instrument look on no longer. May be called from any thread.
  ///
  /// @param instrument that was attached, or given with the options
  public void detach(Instrument instrument) {
    onCarrier(() ->
        instruments =
            Arrays.stream(instruments)
                .filter(each -> each != instrument)
                .toArray(Instrument[]::new));
  }

  /// {@return whether a green thread is the first one, whose end is that of this hub}
  ///
  /// @param fiber any
  public boolean isMain(Fiber fiber) {
    return fiber == main;
  }

  /// {@return how this hub fares}
  public Statistics statistics() {
    return new Statistics(alive, runnable.size(), timers.size(), switches);
  }

  /// Closes the hub: its green threads are unwound, those that had no turn yet never run. Returns
  /// when they have ended, or, if some do not, after the limit in its options, having told the
  /// uncaught handler which. Called on the hub itself it returns at once, and the caller is unwound
  /// at its next wait.
  @Override
  public void close() {
    closing = true;
    onCarrier(() -> {}); // wakes it
    if (Jdk.currentCarrier() == carrier) {
      return;
    }
    var interrupted = false;
    while (true) {
      try {
        terminated.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return "Hub[" + name + (closed ? ", closed]" : closing ? ", closing]" : "]");
  }

  HubScheduler scheduler() {
    return scheduler;
  }

  Poller poller() {
    return poller;
  }

  /// {@return whether the caller is one of its green threads, or its carrier}
  boolean isHere() {
    return Jdk.currentCarrier() == carrier;
  }

  Scratch scratch() {
    return scratch;
  }

  @Nullable Fiber running() {
    return running;
  }

  /// {@return whether it runs nothing any more}
  boolean closed() {
    return closed;
  }

  /// {@return what kills a green thread from outside}
  Throwable exit(String reason) {
    return exit.apply(reason);
  }

  /// Refuses who comes too late. While it closes, green threads that are being unwound may still
  /// spawn; what they spawn never runs.
  void requireOpen() {
    if (closed || (closing && Jdk.currentCarrier() != carrier)) {
      throw new IllegalStateException(this + " runs nothing any more; spawn into another hub");
    }
  }

  /// A virtual thread of this hub can run again; from any thread.
  void resume(Runnable continuation) {
    if (Jdk.currentCarrier() == carrier && !closed) {
      enqueue(continuation);
    } else if (HubSockets.belongsToJdk(continuation)) {
      Jdk.defaultScheduler().execute(continuation);
    } else {
      HubSockets.takeOverFrom(Thread.currentThread());
      if (closed && Fiber.isNew(continuation)) {
        requireOpen();
      }
      submit(continuation);
    }
  }

  /// Does something on the carrier: at once if this is it, or if there is none any more.
  void onCarrier(Runnable action) {
    if (Jdk.currentCarrier() == carrier || closed) {
      action.run();
    } else {
      submit(new OnCarrier(action));
    }
  }

  /// Starts a timer; from any thread.
  void add(long delayNanos, TimerQueue.Entry timer) {
    var delay = Math.clamp(delayNanos, 0, Durations.LONGEST_NANOS);
    var due = clock.nanoTime() + delay;
    if (closed) {
      timer.orphan(delay);
    } else if (Jdk.currentCarrier() == carrier) {
      timers.add(due, timer);
    } else {
      onCarrier(() -> {
        if (closed) {
          timer.orphan(Math.max(0, due - clock.nanoTime()));
        } else {
          timers.add(due, timer);
        }
      });
    }
  }

  /// Stops a timer; from any thread.
  void cancel(TimerQueue.Entry timer) {
    if (Jdk.currentCarrier() == carrier) {
      timers.remove(timer);
    } else {
      onCarrier(() -> {
        synchronized (timers) { // a closed hub's, which its carrier may be draining
          timers.remove(timer);
        }
      });
    }
  }

  /// Ends a wait when its time is up.
  TimerQueue.Entry limit(Waiter waiter, long nanos) {
    var limit = new Limit(waiter);
    add(nanos, limit);
    return limit;
  }

  /// Waits for a descriptor of this hub's.
  Wakeup awaitIo(Waiter waiter, long limitNanos) {
    ioWaits++;
    try {
      return waiter.await(limitNanos);
    } finally {
      ioWaits--;
    }
  }

  /// Counts the descriptors of this hub's that an action waits for, and no thread.
  void watched(int change) {
    ioWaits += change;
  }

  /// Remembers a descriptor, to find it when the poller reports its number.
  void keep(Descriptor descriptor) {
    var fd = descriptor.fd();
    if (fd >= descriptors.length) {
      descriptors = Arrays.copyOf(descriptors, Math.max(fd + 1, descriptors.length * 2));
    }
    descriptors[fd] = descriptor;
  }

  void forget(Descriptor descriptor) {
    var fd = descriptor.fd();
    if (fd < descriptors.length && descriptors[fd] == descriptor) {
      descriptors[fd] = null;
    }
  }

  /// One of the JDK's threads, on this hub, is about to park until a descriptor is ready.
  void parkNext(int fd, boolean write) throws IOException {
    foreign(fd).parkNext(write);
    ioWaits++;
  }

  /// That thread runs again.
  void parked(int fd, boolean write) {
    ioWaits--;
    foreign(fd).parked(write);
  }

  /// {@return what stands for a descriptor that is not ours}
  private Descriptor foreign(int fd) {
    var known = fd < descriptors.length ? descriptors[fd] : null;
    if (known != null) {
      return known;
    }
    var descriptor = Descriptor.foreign(fd, this);
    keep(descriptor);
    return descriptor;
  }

  void ended(Fiber fiber) {
    alive--;
    if (fiber.previous != null) {
      fiber.previous.next = fiber.next;
    }
    if (fiber.next != null) {
      fiber.next.previous = fiber.previous;
    } else {
      newest = fiber.previous;
    }
    fiber.previous = null;
    fiber.next = null;
    for (var instrument : instruments) {
      instrument.terminated(fiber);
    }
  }

  private void begun(Fiber fiber) {
    alive++;
    fiber.previous = newest;
    if (newest != null) {
      newest.next = fiber;
    }
    newest = fiber;
    for (var instrument : instruments) {
      instrument.created(fiber);
    }
    if (closing) {
      fiber.exitHere(CLOSED);
    }
  }

  private void enqueue(Runnable continuation) {
    var thread = Jdk.threadOf(continuation);
    var fiber = Jdk.taskOf(thread) instanceof Fiber own ? own : adopted(thread);
    if (fiber == null) {
      Jdk.defaultScheduler().execute(continuation);
      return;
    }
    if (fiber.isNew()) {
      begun(fiber);
    }
    runnable.append(fiber);
  }

  /// {@return the fiber that stands for a stock thread; null for one of the JDK's own, which is not
  /// ours to run}
  private @Nullable Fiber adopted(Thread thread) {
    var known = adopted.get(thread);
    if (known != null || HubSockets.leavesToJdk(thread)) {
      return known;
    }
    var fiber = new Fiber(this, thread);
    adopted.put(thread, fiber);
    begun(fiber);
    return fiber;
  }

  private void submit(Runnable task) {
    remote.push(task);
    if (closed) {
      handOver();
    } else if (asleep && ASLEEP.compareAndSet(this, true, false)) {
      wakePoller();
    }
  }

  private void wakePoller() {
    wakers.incrementAndGet();
    try {
      if (!closed) {
        poller.wakeUp();
      }
    } finally {
      wakers.decrementAndGet();
    }
  }

  /// Closes the poller once nobody wakes it any more, which is a matter of one system call.
  private void closePoller() {
    closed = true;
    while (wakers.get() > 0) {
      Thread.onSpinWait();
    }
    poller.close();
  }

  private void takeRemote() {
    for (var node = remote.take(); node != null; node = node.next()) {
      if (node.task() instanceof OnCarrier(var action)) {
        guarded(action);
      } else {
        enqueue(node.task());
      }
    }
  }

  /// A closed hub's threads go on wherever the JDK's others run: an unpark must not fail.
  private void handOver() {
    for (var node = remote.take(); node != null; node = node.next()) {
      if (node.task() instanceof OnCarrier(var action)) {
        guarded(action);
      } else {
        Jdk.defaultScheduler().execute(node.task());
      }
    }
  }

  /// Does something that must not end the loop.
  void guarded(Runnable action) {
    try {
      action.run();
    } catch (Throwable failure) {
      uncaught(Thread.currentThread(), failure);
    }
  }

  private void pin() {
    if (cpu >= 0 && Posix.pin(cpu) < 0) {
      throw new IllegalArgumentException(
          "the hub %s cannot be pinned to processor %d; there are %d here, from 0"
              .formatted(name, cpu, Runtime.getRuntime().availableProcessors()));
    }
  }

  private void runUntilClosed() {
    try {
      pin();
      loop(() -> closing);
    } catch (Throwable failure) {
      uncaught(Thread.currentThread(), failure);
    } finally {
      shutDown();
    }
  }

  private void loop(BooleanSupplier over) {
    while (true) {
      takeRemote();
      for (var left = runnable.size(); left > 0; left--) {
        step(
            order == RunOrder.FIRST_IN_FIRST_OUT
                ? runnable.poll()
                : runnable.remove(order.next(runnable)));
      }
      if (timers.size() > 0) {
        timers.fireDue(clock.nanoTime());
      }
      if (over.getAsBoolean()) {
        return;
      }
      look();
    }
  }

  private void step(Fiber fiber) {
    switches++;
    running = fiber;
    for (var instrument : instruments) {
      instrument.running(fiber);
    }
    fiber.turn();
    running = null;
    fiber.turned();
    if (fiber.endedUnnoticed()) {
      adopted.remove(fiber.thread());
      fiber.notice();
      ended(fiber);
    }
    if (instruments.length > 0 && !fiber.ended()) {
      for (var instrument : instruments) {
        instrument.suspended(fiber);
      }
    }
  }

  private void look() {
    if (runnable.size() == 0 && remote.isEmpty()) {
      anticipation.await(remote);
    }
    long timeoutNanos;
    if (runnable.size() > 0 || !remote.isEmpty()) {
      if (ioWaits == 0 && ++turns % LOOK_ANYWAY != 0) {
        return;
      }
      timeoutNanos = 0;
    } else if (timers.size() > 0) {
      timeoutNanos = Math.max(0, timers.nextDue() - clock.nanoTime());
    } else {
      timeoutNanos = -1;
    }
    var since = 0L;
    if (timeoutNanos != 0) {
      since = clock.nanoTime();
      asleep = true;
      if (!remote.isEmpty()) {
        timeoutNanos = 0;
      }
    }
    int ready;
    try {
      ready = poller.poll(timeoutNanos, report);
    } catch (IOException e) {
      throw new UncheckedIOException("the hub " + name + " cannot go on", e);
    } finally {
      var byThread = !asleep;
      asleep = false;
      if (timeoutNanos != 0) {
        anticipation.slept(byThread, clock.nanoTime() - since);
      }
    }
    for (var instrument : instruments) {
      instrument.polled(ready, timeoutNanos);
    }
  }

  private void ready(int fd, Interest interest, boolean hungUp) {
    var descriptor = fd < descriptors.length ? descriptors[fd] : null;
    if (descriptor != null) {
      descriptor.ready(interest, hungUp);
    }
  }

  private void shutDown() {
    closing = true;
    for (var each = closeActions.poll(); each != null; each = closeActions.poll()) {
      guarded(each.action());
    }
    for (var fiber = newest; fiber != null; fiber = fiber.previous) {
      fiber.exitHere(CLOSED);
    }
    var deadline = clock.nanoTime() + Durations.nanos(closeLimit);
    var alarm = new Scheduled(this, () -> {}, () -> {});
    timers.add(deadline, alarm);
    try {
      loop(() -> alive == 0 || clock.nanoTime() - deadline >= 0);
    } finally {
      for (var fiber = newest; fiber != null; fiber = fiber.previous) {
        uncaught(fiber.thread(), new StillAlive(fiber, closeLimit));
      }
      closePoller();
      handOver();
      var now = clock.nanoTime();
      var orphans = new ArrayList<Runnable>();
      synchronized (timers) { // others may cancel now
        timers.drain((timer, due) -> orphans.add(() -> timer.orphan(Math.max(0, due - now))));
      }
      orphans.forEach(Runnable::run);
      for (var descriptor : descriptors) {
        if (descriptor != null) {
          descriptor.abandon();
        }
      }
      terminated.countDown();
    }
  }

  /// What is done when the hub begins to close.
  ///
  /// @param owner for whom; the action may be forgotten once it is garbage
  /// @param action what
  private record CloseAction(WeakReference<Object> owner, Runnable action) {

    boolean isGarbage() {
      return owner.refersTo(null);
    }
  }

  /// What other threads want done on the carrier, rather than in a green thread.
  ///
  /// @param action what
  private record OnCarrier(Runnable action) implements Runnable {

    @Override
    public void run() {
      action.run();
    }
  }

  /// What [#schedule(Duration, Runnable)] was given.
  private static final class Scheduled extends HubTimer {

    private final Hub hub;
    private final Runnable action;
    private final Runnable otherwise;

    Scheduled(Hub hub, Runnable action, Runnable otherwise) {
      super(hub);
      this.hub = hub;
      this.action = action;
      this.otherwise = otherwise;
    }

    @Override
    void fire() {
      hub.guarded(action);
    }

    @Override
    void orphan(long leftNanos) {
      hub.guarded(otherwise);
    }
  }

  /// The end of a wait whose time is up.
  private static final class Limit extends TimerQueue.Entry {

    private final Waiter waiter;

    Limit(Waiter waiter) {
      this.waiter = waiter;
    }

    @Override
    void fire() {
      waiter.end(Waiter.TIMED_OUT);
    }

    @Override
    void orphan(long leftNanos) {
      var _ = Jdk.defaultTimers().schedule(this::fire, leftNanos, TimeUnit.NANOSECONDS);
    }
  }

  /// A green thread that outlived its hub.
  private static final class StillAlive extends IllegalStateException {

    private static final long serialVersionUID = 1;

    StillAlive(Fiber fiber, Duration limit) {
      super(
          "%s did not end within %s of being unwound, and its hub is closed: it is at %s"
              .formatted(fiber, limit, Places.of(fiber.thread())));
      setStackTrace(fiber.thread().getStackTrace());
    }
  }
}
