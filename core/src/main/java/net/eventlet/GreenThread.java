package net.eventlet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import net.eventlet.hubs.Durations;
import net.eventlet.hubs.Fiber;
import net.eventlet.hubs.Hub;
import net.eventlet.hubs.Timer;
import net.eventlet.hubs.Waiter;
import org.jspecify.annotations.Nullable;

/// A handle on a green thread: waits for its result, watches it end, ends it.
///
/// ```
///   NEW ──first turn──► BEGUN ──returns or throws──► DONE
///    └──────────── kill, cancel ───────────────────────┘
/// ```
///
/// All methods may be called from any thread. Those that wait park a green thread and block
/// another. A failure goes to whoever awaits or is linked; one that nobody can receive any more,
/// because the handle was dropped, goes to the [uncaught handler][Hub#uncaughtHandler].
///
/// Source: `eventlet/greenthread.py`, class `GreenThread`. There a failure is printed even when
/// somebody waits for it, a link that throws loses the others, and `throw` may hang.
///
/// @param <T> what its body returns
public final class GreenThread<T extends @Nullable Object> implements Future<T> {

  private static final int NEW = 0;
  private static final int BEGUN = 1;
  private static final int STOPPED = 2; // before its first turn

  private static final VarHandle PHASE;
  private static final VarHandle STATE;

  static {
    try {
      var lookup = MethodHandles.lookup();
      PHASE = lookup.findVarHandle(GreenThread.class, "phase", int.class);
      STATE = lookup.findVarHandle(GreenThread.class, "state", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Fiber fiber;
  private @Nullable Timer start; // null unless it starts later
  private volatile int phase;
  private volatile @Nullable Object state; // null or a Completion before the end, then an Outcome

  /// How it ended.
  private sealed interface Outcome<T extends @Nullable Object> {}

  private record Returned<T extends @Nullable Object>(T value) implements Outcome<T> {}

  private static final class Failed<T extends @Nullable Object> implements Outcome<T> {

    private final Throwable cause;
    private volatile boolean received;

    private Failed(Throwable cause) {
      this.cause = cause;
    }
  }

  /// Who learns of the end: a [Waiter] or a link, and before it those that came earlier.
  private record Completion(Object target, @Nullable Completion earlier) {

    /// {@return these the other way round, without one target}
    static @Nullable Completion reversed(@Nullable Completion latest, @Nullable Object gone) {
      Completion reversed = null;
      for (var completion = latest; completion != null; completion = completion.earlier) {
        if (completion.target != gone) {
          reversed = new Completion(completion.target, reversed);
        }
      }
      return reversed;
    }
  }

  /// Ends the watch for a green thread's end.
  public interface Link extends AutoCloseable {

    /// Ends it; does nothing if the green thread has ended, or the link was closed before.
    @Override
    void close();
  }

  private GreenThread(Hub hub, Object body, boolean returns) {
    fiber = hub.fiber(new Run<T>(this, body, returns), body);
    fiber.attach(this);
  }

  private GreenThread(Hub hub, Object body, boolean returns, GreenPool pool, boolean slot) {
    fiber = hub.fiber(new GreenPool.Member<T>(this, body, returns, pool, slot), body);
    fiber.attach(this);
  }

  /// A handle on a green thread that something else started.
  private GreenThread(Fiber fiber) {
    this.fiber = fiber;
    phase = BEGUN;
  }

  /// {@return one that is not started}
  static <T extends @Nullable Object> GreenThread<T> of(Hub hub, Callable<? extends T> body) {
    return new GreenThread<>(hub, Objects.requireNonNull(body, "body"), true);
  }

  /// {@return one that is not started, and returns null}
  static GreenThread<@Nullable Void> of(Hub hub, Action body) {
    return new GreenThread<>(hub, Objects.requireNonNull(body, "body"), false);
  }

  /// {@return a member of a pool that is not started}
  ///
  /// @param pool which
  /// @param slot whether it holds one of its slots, rather than acting for a member
  /// @param hub runs it
  /// @param body a [Callable], or an [Action]
  /// @param returns which of both
  static <T extends @Nullable Object> GreenThread<T> member(
      GreenPool pool, boolean slot, Hub hub, Object body, boolean returns) {
    return new GreenThread<>(hub, body, returns, pool, slot);
  }

  /// {@return a handle that has ended, of a body that ran in place}
  ///
  /// @param caller ran it
  /// @param body a [Callable], or an [Action]
  /// @param returns which of both
  static <T extends @Nullable Object> GreenThread<T> inPlace(
      Fiber caller, Object body, boolean returns) {
    var handle = new GreenThread<T>(caller);
    try {
      handle.complete(new Returned<>(called(body, returns)), null);
    } catch (Throwable failure) {
      if (caller.unwoundBy(failure)) { // meant for it, rather than the body's own
        throw Waits.<RuntimeException>sneak(failure);
      }
      handle.settle(failure, null);
    }
    return handle;
  }

  @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"})
  private static <T extends @Nullable Object> T called(Object body, boolean returns)
      throws Exception {
    if (returns) {
      return ((Callable<? extends T>) body).call();
    }
    ((Action) body).run();
    return null; // an Action's result is of type Void
  }

  /// {@return the handle on the green thread that calls this}
  static GreenThread<?> of(Fiber fiber) {
    return switch (fiber.attachment()) {
      case GreenThread<?> own -> own;
      case Foreign foreign -> foreign.handle;
      case null, default -> {
        var foreign = new Foreign(new GreenThread<>(fiber));
        fiber.attach(foreign);
        yield foreign.handle;
      }
    };
  }

  /// Tells a handle of the end of what something else started.
  private static final class Foreign implements Fiber.Watcher {

    private final GreenThread<@Nullable Object> handle;
    private @Nullable Throwable killer; // null unless the handle was asked to kill it

    Foreign(GreenThread<@Nullable Object> handle) {
      this.handle = handle;
    }

    @Override
    public void ended(@Nullable Throwable failure) {
      var cause = failure == null ? killer : failure; // a stock thread says nothing of its failures
      handle.complete(cause == null ? new Returned<>(null) : new Failed<>(cause), null);
    }
  }

  Fiber fiber() {
    return fiber;
  }

  GreenThread<T> start() {
    fiber.start();
    return this;
  }

  /// Starts it later, unless it is stopped first, or `alone` says that its time has passed.
  GreenThread<T> startAfter(Duration delay, @Nullable Fiber spawner) {
    start =
        fiber
            .hub()
            .schedule(
                delay,
                () -> {
                  if (spawner != null && spawner.ended()) {
                    stop(new GreenThreadExit("its spawner ended first"));
                  } else if (phase == NEW) {
                    fiber.start();
                  }
                },
                () -> stop(new GreenThreadExit("its hub was closed")));
    return this;
  }

  /// What the hub runs. Lets go of the handle at the end, so that it can be told when nobody else
  /// holds it.
  static class Run<T extends @Nullable Object> implements Fiber.Body {

    private final boolean returns; // whether the body is a Callable, rather than an Action
    private @Nullable GreenThread<T> handle;
    private @Nullable Object body; // null once it runs
    private @Nullable Outcome<T> outcome; // null unless it returned

    Run(GreenThread<T> handle, Object body, boolean returns) {
      this.handle = handle;
      this.body = body;
      this.returns = returns;
    }

    @Override
    public final void run() throws Exception {
      var given = body;
      body = null;
      if (given == null || handle == null || !PHASE.compareAndSet(handle, NEW, BEGUN)) {
        return;
      }
      T value = called(given, returns);
      outcome = new Returned<>(value);
    }

    /// Is called when it is known how it ended, before anybody is told.
    void settled() {}

    @Override
    public void ended(Fiber fiber, @Nullable Throwable failure) {
      var ending = handle;
      handle = null;
      body = null;
      if (ending == null) {
        throw new AssertionError(fiber + " ended twice; please report this");
      }
      if (failure != null) {
        ending.phase = STOPPED; // if it had not begun
        ending.settle(failure, this);
        fiber.attach(null); // lets go of the handle
      } else if (outcome == null || !ending.complete(outcome, this)) {
        settled(); // it was stopped, or cancelled
      }
    }

    @Override
    public Throwable exit(String reason) {
      return new GreenThreadExit(reason);
    }
  }

  /// Waits for the end.
  ///
  /// @return what the body returned
  /// @throws Exception the very object that the body threw, checked or not; [GreenThreadExit] if it
  ///   was killed; [InterruptedException] if a plain thread is interrupted while it waits
  /// @throws IllegalStateException if it would wait for itself
  public T await() throws Exception {
    return received(outcome(Long.MAX_VALUE, false));
  }

  /// Waits for the end, but not for ever. The green thread goes on if the time runs out.
  ///
  /// @param limit longest wait; zero or less gives the others one turn, null waits for ever
  /// @return what the body returned
  /// @throws TimeoutException if it did not end in time
  /// @throws Exception as [#await()] does
  public T await(@Nullable Duration limit) throws Exception {
    return received(outcome(Durations.limitNanos(limit), false));
  }

  /// Ends the green thread: [GreenThreadExit] is thrown where it waits. Does nothing once it has
  /// ended; it never runs if it has not begun. In a green thread of the same hub this returns after
  /// the other ran its handlers, up to its next wait; elsewhere at once.
  public void kill() {
    if (!isDone()) {
      kill(new GreenThreadExit());
    }
  }

  /// Ends the green thread as [#kill()] does, with an exception of one's own.
  ///
  /// @param cause thrown where it waits, and by [#await()] if the body lets it out
  public void kill(Throwable cause) {
    Objects.requireNonNull(cause, "cause");
    if (stop(cause) || isDone()) {
      return;
    }
    var caller = Fiber.currentOrNull();
    if (caller == fiber) {
      throw Waits.<RuntimeException>sneak(cause);
    }
    if (fiber.attachment() instanceof Foreign foreign) {
      foreign.killer = cause;
    }
    fiber.unwind(cause);
    if (caller != null && caller.hub() == fiber.hub()) {
      Waits.pass(caller);
    }
  }

  /// Makes sure that the green thread never runs, if it has not begun.
  ///
  /// @return whether it had not; then [#await()] throws [GreenThreadExit]
  public boolean cancel() {
    return phase == NEW && stop(new GreenThreadExit("cancelled"));
  }

  /// Cancels the green thread.
  ///
  /// @param mayInterruptIfRunning whether to kill it if it has begun: it is then cancelled at once,
  ///   whatever its body makes of that
  /// @return whether this call cancelled it
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    if (cancel()) {
      return true;
    }
    if (!mayInterruptIfRunning || isDone()) {
      return false;
    }
    var exit = new GreenThreadExit("cancelled");
    if (!complete(new Failed<>(exit), null)) {
      return false;
    }
    fiber.unwind(exit);
    return true;
  }

  /// Has `callback` called when the green thread ends, by it, in the order of linking; at once if
  /// it has ended. A callback that throws harms neither the others nor the result: what it throws
  /// goes to the uncaught handler.
  ///
  /// @param callback told this handle
  /// @return the link, to close it
  public Link link(Consumer<? super GreenThread<T>> callback) {
    var linked = new Linked<>(this, Objects.requireNonNull(callback, "callback"));
    if (!add(linked)) {
      linked.call();
    }
    return linked;
  }

  /// One link.
  private record Linked<T extends @Nullable Object>(
      GreenThread<T> thread, Consumer<? super GreenThread<T>> callback) implements Link {

    void call() {
      try {
        callback.accept(thread);
      } catch (Throwable failure) {
        Hub.uncaught(thread.thread(), failure);
      }
    }

    @Override
    public void close() {
      thread.remove(this);
    }
  }

  /// Undoes [#link(Consumer)].
  ///
  /// @param callback the very object that was linked; a method reference is a new one each time
  /// @return whether it was linked and will not be called
  public boolean unlink(Consumer<? super GreenThread<T>> callback) {
    for (var completion = earliest(); completion != null; completion = completion.earlier()) {
      if (completion.target() instanceof Linked<?> linked && linked.callback() == callback) {
        return remove(linked);
      }
    }
    return false;
  }

  private @Nullable Completion earliest() {
    return state instanceof Completion latest ? Completion.reversed(latest, null) : null;
  }

  /// {@return the name of its thread, such as `green-42`}
  public String name() {
    return fiber.toString();
  }

  /// {@return the virtual thread that it is}
  public Thread thread() {
    return fiber.thread();
  }

  /// {@return the hub that runs it}
  public Hub hub() {
    return fiber.hub();
  }

  @Override
  public boolean isDone() {
    return state instanceof Outcome<?>;
  }

  /// {@return whether it ended by [GreenThreadExit]: cancelled in any form, or killed}
  @Override
  public boolean isCancelled() {
    return state instanceof Failed<?> failed && failed.cause instanceof GreenThreadExit;
  }

  /// Waits for the end.
  ///
  /// @return what the body returned
  /// @throws InterruptedException if the caller is interrupted meanwhile
  /// @throws ExecutionException what the body threw, as its cause
  /// @throws CancellationException if [#isCancelled()]
  @Override
  public T get() throws InterruptedException, ExecutionException {
    try {
      return got(outcome(Long.MAX_VALUE, true));
    } catch (TimeoutException e) {
      throw new AssertionError("292 years passed; please report this", e);
    }
  }

  /// Waits for the end, but not for ever.
  ///
  /// @param timeout longest wait
  /// @param unit of the timeout
  /// @return what the body returned
  /// @throws InterruptedException if the caller is interrupted meanwhile
  /// @throws ExecutionException what the body threw, as its cause
  /// @throws TimeoutException if it did not end in time
  /// @throws CancellationException if [#isCancelled()]
  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return got(outcome(Math.max(0, unit.toNanos(timeout)), true));
  }

  @Override
  public String toString() {
    return switch (state) {
      case Returned<?>(var value) -> name() + "[returned " + value + "]";
      case Failed<?> failed -> name() + "[failed " + failed.cause + "]";
      case null, default -> name() + (phase == NEW ? "[new]" : "[running]");
    };
  }

  /// Waits for the end, whatever it is.
  ///
  /// @throws InterruptedException if a plain thread is interrupted while it waits
  void join() throws InterruptedException {
    try {
      outcome(Long.MAX_VALUE, false);
    } catch (TimeoutException e) {
      throw new AssertionError("a wait without a limit ran out; please report this", e);
    }
  }

  private Outcome<T> outcome(long limitNanos, boolean interruptibly)
      throws InterruptedException, TimeoutException {
    var outcome = outcomeOrNull();
    if (outcome != null) {
      return outcome;
    }
    var caller = Fiber.currentOrNull();
    if (caller == fiber) {
      throw new IllegalStateException(name() + " would wait for itself, for ever");
    }
    var waiter = new Waiter();
    if (add(waiter)) {
      var woken = false;
      try {
        woken =
            interruptibly
                ? Waits.awaitInterruptibly(waiter, limitNanos)
                : Waits.awaitOrInterrupt(waiter, limitNanos);
      } finally {
        if (!woken) {
          remove(waiter);
        }
      }
      if (!woken) {
        throw new TimeoutException(name() + " did not end within " + Duration.ofNanos(limitNanos));
      }
    }
    return Objects.requireNonNull(outcomeOrNull());
  }

  @SuppressWarnings("unchecked")
  private @Nullable Outcome<T> outcomeOrNull() {
    return state instanceof Outcome<?> outcome ? (Outcome<T>) outcome : null;
  }

  private T received(Outcome<T> outcome) throws Exception {
    return switch (outcome) {
      case Returned<T>(var value) -> value;
      case Failed<T> failed -> {
        failed.received = true;
        throw Waits.<Exception>sneak(failed.cause);
      }
    };
  }

  private T got(Outcome<T> outcome) throws ExecutionException {
    return switch (outcome) {
      case Returned<T>(var value) -> value;
      case Failed<T> failed -> {
        failed.received = true;
        if (failed.cause instanceof GreenThreadExit) {
          var cancelled = new CancellationException(failed.cause.getMessage());
          cancelled.initCause(failed.cause);
          throw cancelled;
        }
        throw new ExecutionException(failed.cause);
      }
    };
  }

  /// Ends it before it begins. Answers whether it had not begun.
  private boolean stop(Throwable cause) {
    if (!PHASE.compareAndSet(this, NEW, STOPPED)) {
      return false;
    }
    if (start != null) {
      start.cancel();
    }
    settle(cause, null);
    return true;
  }

  /// Ends it by a failure, and sees to it that somebody learns of that.
  private void settle(Throwable cause, @Nullable Run<T> run) {
    var failed = new Failed<T>(cause);
    var heard = state != null;
    if (!complete(failed, run)) {
      if (run != null) {
        run.settled();
      }
      if (!(cause instanceof GreenThreadExit)) {
        Hub.uncaught(thread(), cause); // it was cancelled, and that was not all
      }
    } else if (heard) {
      failed.received = true;
    } else if (!(cause instanceof GreenThreadExit)) {
      Dropped.watch(this, thread(), cause, () -> failed.received);
    }
  }

  /// Ends it, once, and tells all who wait, in order.
  private boolean complete(Outcome<T> outcome, @Nullable Run<T> run) {
    Object before;
    do {
      before = state;
      if (before instanceof Outcome<?>) {
        return false;
      }
    } while (!STATE.compareAndSet(this, before, outcome));
    if (run != null) {
      run.settled();
    }
    for (var earliest = Completion.reversed((Completion) before, null);
        earliest != null;
        earliest = earliest.earlier()) {
      if (earliest.target() instanceof Waiter waiter) {
        waiter.wake();
      } else {
        ((Linked<?>) earliest.target()).call();
      }
    }
    return true;
  }

  private boolean add(Object target) {
    while (true) {
      var before = state;
      if (before instanceof Outcome<?>) {
        return false;
      }
      if (STATE.compareAndSet(this, before, new Completion(target, (Completion) before))) {
        return true;
      }
    }
  }

  private boolean remove(Object target) {
    while (true) {
      var before = state;
      if (!(before instanceof Completion latest) || !contains(latest, target)) {
        return false;
      }
      if (STATE.compareAndSet(
          this, before, Completion.reversed(Completion.reversed(latest, target), null))) {
        return true;
      }
    }
  }

  private static boolean contains(Completion latest, Object target) {
    for (var completion = latest; completion != null; completion = completion.earlier()) {
      if (completion.target() == target) {
        return true;
      }
    }
    return false;
  }
}
