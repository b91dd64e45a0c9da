package net.eventlet.hubs;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import net.eventlet.jdk.Jdk;
import org.jspecify.annotations.Nullable;

/// A virtual thread that a hub runs, as the hub sees it. `net.eventlet` calls it a green thread.
///
/// What unwinds a fiber ([#unwind(Throwable)]) is thrown where it waits. In a wait of ours, which a
/// [Waiter] stands for, that is exact: the wait ends either by what was waited for or by the
/// unwind. In a wait of the JDK's the thread is interrupted, and the unwind stays pending until the
/// next wait of ours, or until somebody [withdraws][#withdraw(Throwable)] it, or until the end of
/// the body, where it takes the place of what the JDK threw.
///
/// ```
///   started ──► runnable ──turn──► running ──────► ended
///                  ▲                  │
///                  └── wake, unwind ──┴── wait
/// ```
///
/// All fields belong to the hub's carrier. The methods may be called from any thread where they say
/// so.
public final class Fiber implements Runnable {

  private static final int MOST_THROWN = 8; // at once on their way, through handlers that wait

  private final Hub hub;
  private final Body body;
  private final @Nullable StackTraceElement place;
  private final Thread thread;

  private @Nullable Waiter waiting; // null unless it waits in a wait of ours
  private @Nullable ArrayDeque<Throwable> pending; // what must still be thrown; null if nothing
  private @Nullable ArrayDeque<Throwable>
      thrown; // at waits, and perhaps on its way; null if nothing
  private @Nullable Throwable exit; // what last killed it from outside
  private @Nullable Object attachment;
  private @Nullable Runnable afterTurns; // null unless somebody hands on what it leaves
  private @Nullable Alarm alarm; // the latest, until it is known to be over
  private boolean alarmed; // by several at once
  private boolean known; // to the hub, which it is from its start on
  private boolean begun;
  private boolean interrupted; // by us, and not settled since
  private volatile boolean ended;

  @Nullable Fiber previous; // the hub's list of those alive
  @Nullable Fiber next;

  /// What a fiber does.
  @FunctionalInterface
  public interface Body {

    /// Does it.
    ///
    /// @throws Exception if it fails
    void run() throws Exception;

    /// Learns how it ended, or that it never ran since it was unwound before its first turn. Unless
    /// overridden, a failure goes to the [uncaught handler][Hub#uncaughtHandler]; a kill from
    /// outside is none.
    ///
    /// @param fiber that ran it
    /// @param failure what came out; null if it returned
    default void ended(Fiber fiber, @Nullable Throwable failure) {
      if (failure != null && failure != fiber.exit) {
        Hub.uncaught(fiber.thread(), failure);
      }
    }

    /// {@return what kills it from outside, when its hub closes or somebody interrupts it; null for
    /// what the hub's [options][HubOptions#exit()] say}
    ///
    /// @param reason for whoever catches it
    default @Nullable Throwable exit(String reason) {
      return null;
    }
  }

  /// Learns that a fiber has ended: an [attachment][#attach(Object)] may be one.
  @FunctionalInterface
  public interface Watcher {

    /// The fiber has ended; called by it, or on its hub's carrier.
    ///
    /// @param failure what came out of its body; null if it returned, or that is not known
    void ended(@Nullable Throwable failure);
  }

  /// Stands for the body of a thread that runs its own.
  private enum Adopted implements Body {
    BODY;

    @Override
    public void run() {}
  }

  /// What [#unwindAfter(Duration, Throwable)] leaves with the hub.
  private static final class Alarm extends HubTimer {

    private final Fiber fiber;
    private final Throwable cause;

    Alarm(Fiber fiber, Throwable cause) {
      super(fiber.hub);
      this.fiber = fiber;
      this.cause = cause;
    }

    @Override
    void fire() {
      fiber.unwindHere(cause);
    }
  }

  Fiber(Hub hub, Body body, @Nullable StackTraceElement place, boolean inherits) {
    this.hub = hub;
    this.body = body;
    this.place = place;
    thread = Jdk.newVirtualThread(hub.scheduler(), this, inherits);
  }

  /// Adopts a virtual thread that other code started on the hub.
  Fiber(Hub hub, Thread thread) {
    this.hub = hub;
    this.thread = thread;
    body = Adopted.BODY;
    place = null;
    known = true;
    begun = true;
    if (thread.getUncaughtExceptionHandler() instanceof ThreadGroup
        && Thread.getDefaultUncaughtExceptionHandler() == null) {
      thread.setUncaughtExceptionHandler(this::uncaught);
    }
  }

  /// {@return the fiber that calls this, or null outside a hub}
  public static @Nullable Fiber currentOrNull() {
    var thread = Thread.currentThread();
    return thread.isVirtual() && Jdk.schedulerOf(thread) instanceof HubScheduler scheduler
        ? scheduler.hub().running()
        : null;
  }

  /// {@return the fiber that a thread is; empty for a thread that was not spawned on a hub}
  ///
  /// @param thread any, alive or not
  public static Optional<Fiber> of(Thread thread) {
    return thread.isVirtual() && Jdk.taskOf(thread) instanceof Fiber fiber
        ? Optional.of(fiber)
        : Optional.empty();
  }

  /// {@return the hub that runs it}
  public Hub hub() {
    return hub;
  }

  /// {@return the JDK's thread}
  public Thread thread() {
    return thread;
  }

  /// {@return what it does}
  public Body body() {
    return body;
  }

  /// {@return where it was spawned; null for a thread that other code started}
  public @Nullable StackTraceElement place() {
    return place;
  }

  /// {@return whether its body is over}
  public boolean ended() {
    return ended;
  }

  /// {@return what it waits for, in a wait of ours; null otherwise}
  public @Nullable Waiter waiting() {
    return waiting;
  }

  /// {@return what [#attach(Object)] left here; null before that}
  public @Nullable Object attachment() {
    return attachment;
  }

  /// Keeps an object with this fiber, for whoever builds on it.
  ///
  /// @param object any; null to let go of it
  public void attach(@Nullable Object object) {
    attachment = object;
  }

  /// Has something done after each of its turns, the last one too: for who lets it do the work of
  /// many, and hands that on while it waits. Must be called by the fiber itself, or before its
  /// start.
  ///
  /// @param action done on the carrier: it must not wait
  public void afterTurns(Runnable action) {
    afterTurns = action;
  }

  /// On the carrier: a turn is over.
  void turned() {
    if (afterTurns != null) {
      hub.guarded(afterTurns);
    }
  }

  /// {@return whether it is as if it had just begun, so that it can do somebody else's work: it has
  /// no name, no values of thread-locals and no [attachment][#attach(Object)], no
  /// [alarm][#unwindAfter(Duration, Throwable)] is to come, and it is not unwound or interrupted}
  ///
  /// Must be called by the fiber itself.
  public boolean isPristine() {
    return attachment == null
        && pending == null
        && thrown == null
        && !isAlarmed()
        && !thread.isInterrupted()
        && thread.getName().isEmpty()
        && !Jdk.hasThreadLocals(thread);
  }

  private boolean isAlarmed() {
    if (alarm != null && !alarm.pending()) {
      alarm = null;
    }
    return alarmed || alarm != null;
  }

  /// Queues the first turn. May be called from any thread, once.
  ///
  /// @return this
  /// @throws IllegalStateException if the hub is closed
  public Fiber start() {
    hub.requireOpen();
    thread.start();
    return this;
  }

  /// Throws `cause` where the fiber waits, at once or at its next wait. If it never had a turn, it
  /// never runs. May be called from any thread; does nothing once the fiber has ended.
  ///
  /// @param cause thrown as it is; if it has no stack trace, it gets that of the wait
  public void unwind(Throwable cause) {
    hub.onCarrier(() -> unwindHere(cause));
  }

  /// Throws `cause` where the fiber waits, once a time is up. Does nothing if it has ended by then.
  /// May be called from any thread.
  ///
  /// @param delay how long from now
  /// @param cause as in [#unwind(Throwable)]
  /// @return the timer, to cancel it
  public Timer unwindAfter(Duration delay, Throwable cause) {
    var added = new Alarm(this, cause);
    alarmed = isAlarmed();
    alarm = added;
    hub.add(Durations.nanos(delay), added);
    return added;
  }

  void unwindHere(Throwable cause) {
    if (ended) {
      return;
    }
    append(cause);
    if (begun && (waiting == null || !waiting.end(Waiter.UNWOUND))) {
      interruptHere();
    }
  }

  /// On the carrier: kills it from outside.
  void exitHere(String reason) {
    unwindHere(exit(reason));
  }

  private Throwable exit(String reason) {
    var own = body.exit(reason);
    var cause = own == null ? hub.exit(reason) : own;
    exit = cause;
    return cause;
  }

  private void append(Throwable cause) {
    if (pending == null) {
      pending = new ArrayDeque<>(2);
    }
    pending.addLast(cause);
  }

  /// Interrupts a wait of the JDK's, now or when it comes. One from outside that came before is a
  /// kill, and kept; one that comes before this is settled cannot be told from it.
  private void interruptHere() {
    if (thread.isInterrupted()) {
      if (interrupted) {
        return; // it knows
      }
      keepInterrupt();
    }
    interrupted = true;
    thread.interrupt();
  }

  private void keepInterrupt() {
    append(exit("interrupted"));
  }

  /// {@return whether an exception is one that unwinds this fiber: thrown at a wait, and not
  /// [arrived][#arrived(Throwable)]}
  ///
  /// @param exception that passes by
  public boolean unwoundBy(Throwable exception) {
    return thrown != null && thrown.stream().anyMatch(other -> other == exception);
  }

  /// {@return whether something is to be thrown at its next wait: it was unwound in a wait of the
  /// JDK's, which ended by an interrupt, or is about to be}
  ///
  /// Must be called by the fiber itself.
  public boolean unwinding() {
    return pending != null;
  }

  /// Takes back what [#unwind(Throwable)] was given, if it has not been thrown yet. Must be called
  /// by the fiber itself.
  ///
  /// @param cause as it was given
  /// @return whether it was still pending
  public boolean withdraw(Throwable cause) {
    if (pending == null || !pending.removeIf(other -> other == cause)) {
      return false;
    }
    settleInterrupt();
    return true;
  }

  /// Gives the others a turn, and the hub one look at its descriptors and timers. Must be called by
  /// the fiber itself.
  ///
  /// @return [Wakeup#READY], or [Wakeup#INTERRUPTED]
  @SuppressWarnings("ThreadPriorityCheck") // it is the hub that decides who is next
  public Wakeup pass() {
    throwPending();
    Thread.yield();
    throwPending();
    return Thread.interrupted() ? Wakeup.INTERRUPTED : Wakeup.READY;
  }

  /// Throws what is pending, if anything is. Must be called by the fiber itself.
  public void throwPending() {
    if (pending != null) {
      throw Fiber.<RuntimeException>sneak(take(pending));
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // it is the hub that decides who is next
  void await(Waiter wait, long limitNanos) {
    if (pending != null && wait.end(Waiter.UNWOUND)) {
      throwPending();
    }
    waiting = wait;
    noticeInterrupt(wait);
    if (limitNanos <= 0 && wait.waiting()) {
      Thread.yield(); // those who are runnable may have what it waits for
      noticeInterrupt(wait);
      wait.end(Waiter.TIMED_OUT);
    }
    var limit =
        limitNanos == Long.MAX_VALUE || !wait.waiting() ? null : hub.limit(wait, limitNanos);
    while (wait.waiting()) {
      LockSupport.park();
      noticeInterrupt(wait);
    }
    waiting = null;
    if (limit != null) {
      hub.cancel(limit);
    }
    if (wait.unwound()) {
      throwPending();
    }
  }

  /// A stock thread has failed, and has no handler of its own.
  private void uncaught(Thread failed, Throwable failure) {
    if (!unwoundBy(failure)) {
      Hub.uncaught(failed, failure);
    }
  }

  private void noticeInterrupt(Waiter wait) {
    if (thread.isInterrupted() && pending == null && wait.end(Waiter.INTERRUPTED)) {
      Thread.interrupted();
    }
  }

  /// The first turn.
  @Override
  public void run() {
    begun = true;
    Throwable failure = null;
    try {
      if (hub.closed()) { // while this was on its way there
        append(exit(hub + " was closed before it began"));
      }
      throwPending();
      body.run();
    } catch (Throwable exception) {
      failure = unwindInsteadOf(exception);
    }
    pending = null; // what came too late
    Thread.interrupted();
    try {
      body.ended(this, failure);
    } finally {
      ended = true;
      hub.ended(this);
      tellWatcher(failure);
    }
  }

  private void tellWatcher(@Nullable Throwable failure) {
    if (attachment instanceof Watcher watcher) {
      watcher.ended(failure);
    }
  }

  private Throwable unwindInsteadOf(Throwable exception) {
    if (pending == null || unwoundBy(exception)) {
      return exception;
    }
    var unwind = pending.getFirst();
    if (unwind != exception) {
      unwind.addSuppressed(exception);
    }
    return unwind;
  }

  private Throwable take(ArrayDeque<Throwable> causes) {
    var cause = causes.removeFirst();
    settleInterrupt();
    if (cause.getStackTrace().length == 0) {
      cause.fillInStackTrace();
    }
    thrown(cause);
    return cause;
  }

  /// Says that an exception, which the caller is about to throw at a wait, unwinds this fiber. Must
  /// be called by the fiber itself.
  ///
  /// @param cause what an interrupt from outside became
  public void thrown(Throwable cause) {
    if (thrown == null) {
      thrown = new ArrayDeque<>(2);
    } else if (thrown.size() == MOST_THROWN) {
      thrown.removeFirst(); // long since caught
    }
    thrown.addLast(cause);
  }

  /// Says that what was thrown at a wait, if it was, has come to whom it was for. Must be called by
  /// the fiber itself.
  ///
  /// @param cause as it was given to [#unwind(Throwable)]
  public void arrived(Throwable cause) {
    if (thrown != null) {
      thrown.removeIf(other -> other == cause);
      thrown = thrown.isEmpty() ? null : thrown;
    }
  }

  private void settleInterrupt() {
    if (Thread.interrupted() && !interrupted) {
      keepInterrupt();
    }
    interrupted = false;
    if (pending != null && pending.isEmpty()) {
      pending = null;
    }
    if (pending != null) {
      interruptHere(); // for a wait of the JDK's that may come next
    }
  }

  /// {@return whether a continuation is that of a fiber that no hub has seen}
  static boolean isNew(Runnable continuation) {
    return Jdk.taskOf(Jdk.threadOf(continuation)) instanceof Fiber fiber && !fiber.known;
  }

  /// {@return whether the hub sees it for the first time}
  boolean isNew() {
    var first = !known;
    known = true;
    return first;
  }

  void turn() {
    Jdk.continuationOf(thread).run();
  }

  /// {@return whether it is a stock thread whose end the hub has not noticed}
  boolean endedUnnoticed() {
    return body == Adopted.BODY && !ended && !thread.isAlive();
  }

  void notice() {
    ended = true;
    tellWatcher(pending != null ? pending.getFirst() : thrown != null ? thrown.getLast() : null);
  }

  @Override
  public String toString() {
    var name = thread.getName();
    return name.isEmpty() ? "green-" + thread.threadId() : name;
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> E sneak(Throwable cause) throws E {
    throw (E) cause;
  }
}
