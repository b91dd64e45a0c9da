package net.eventlet.hubs;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketException;
import java.nio.channels.Channel;
import java.util.OptionalInt;
import net.eventlet.jdk.Jdk;
import net.eventlet.posix.Errno;
import net.eventlet.posix.Pipes;
import net.eventlet.posix.Posix;
import net.eventlet.posix.Scratch;
import org.jspecify.annotations.Nullable;

/// A non-blocking file descriptor, as those see it who wait for it: at most one to read and one to
/// write at a time.
///
/// Each direction has a slot, which holds one of three things:
///
/// ```
///             wait                     ready
///   empty ──────────► the waiter ──────────────► empty, and the waiter runs
///     │                                             ▲
///     └── ready ──► READY ──────── wait ────────────┘   returns at once
/// ```
///
/// In the waiter's place there may be an action, which no thread waits for.
///
/// The descriptor has a *home*, the hub whose green thread used it first; that hub's poller watches
/// it from the first wait on. Waiting, and calling [#close()], works from any thread: a slot
/// changes by compare-and-set. System calls made elsewhere than at home are counted, so that the
/// number is not closed, and perhaps given to another file, under them.
///
/// Source: the slots are those of Go's `runtime/netpoll.go`.
public final class Descriptor {

  /// How a wait for a descriptor ended.
  public enum Result {
    /// It may be ready: try again.
    READY,
    /// The time ran out.
    TIMED_OUT,
    /// The waiting thread was interrupted from outside.
    INTERRUPTED,
    /// The descriptor was closed.
    CLOSED
  }

  private static final Object READY =
      new Object() {
        @Override
        public String toString() {
          return "ready";
        }
      };

  private static final int CLOSED = 1 << 31;
  private static final int RELEASED = 1 << 30;

  private static final VarHandle READER;
  private static final VarHandle WRITER;
  private static final VarHandle HOME;
  private static final VarHandle USE;

  static {
    try {
      var lookup = MethodHandles.lookup();
      READER = lookup.findVarHandle(Descriptor.class, "reader", Object.class);
      WRITER = lookup.findVarHandle(Descriptor.class, "writer", Object.class);
      HOME = lookup.findVarHandle(Descriptor.class, "home", Hub.class);
      USE = lookup.findVarHandle(Descriptor.class, "use", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final int fd;
  private volatile @Nullable Object reader;
  private volatile @Nullable Object writer;
  private volatile @Nullable Hub home; // null until a green thread uses it
  private volatile int use; // system calls made elsewhere than at home, CLOSED and RELEASED
  private boolean registered; // with the home's poller, for good; the home's own
  private boolean foreign; // somebody else's: watched once for each wait, and not ours to close
  private volatile boolean hungUp;

  /// Creates a descriptor that nobody waits for.
  ///
  /// @param fd open and non-blocking; closed by [#close()]
  public Descriptor(int fd) {
    this.fd = fd;
  }

  /// {@return a descriptor that somebody else opened and will close: [#close()] only wakes who
  /// waits}
  ///
  /// @param fd open and non-blocking
  public static Descriptor foreign(int fd) {
    var descriptor = new Descriptor(fd);
    descriptor.foreign = true;
    return descriptor;
  }

  /// {@return the number of one of the JDK's channels; empty if it cannot be known}
  ///
  /// @param channel of a socket or a pipe
  public static OptionalInt numberOf(Channel channel) {
    return Jdk.descriptorOf(channel);
  }

  static Descriptor foreign(int fd, Hub home) {
    var descriptor = foreign(fd);
    descriptor.home = home;
    return descriptor;
  }

  /// {@return its number}
  public int fd() {
    return fd;
  }

  /// {@return whether [#close()] was called}
  public boolean closed() {
    return (use & CLOSED) != 0;
  }

  /// {@return whether the other side writes no more, sent something urgent, or there was an error:
  /// then a read that took less than it could has not taken all}
  public boolean hungUp() {
    return hungUp;
  }

  /// {@return whether a wait for reading would return at once, or the state is not known yet}
  public boolean maybeReadable() {
    return !registered || reader == READY || hungUp;
  }

  /// Receives bytes.
  ///
  /// @param bytes where they go
  /// @param flags of `recv(2)`
  /// @return how many, 0 at the end, or `-errno`; `-EBADF` once it is closed
  public int receive(MemorySegment bytes, int flags) {
    var scratch = enter();
    try {
      return closed() ? -Errno.EBADF : Posix.receive(scratch, fd, bytes, flags);
    } finally {
      exit(scratch);
    }
  }

  /// Sends bytes.
  ///
  /// @param bytes what to send
  /// @param flags of `send(2)`
  /// @return how many, or `-errno`; `-EBADF` once it is closed
  public int send(MemorySegment bytes, int flags) {
    var scratch = enter();
    try {
      return closed() ? -Errno.EBADF : Posix.send(scratch, fd, bytes, flags);
    } finally {
      exit(scratch);
    }
  }

  /// Reads bytes, from what need not be a socket.
  ///
  /// @param bytes where they go
  /// @return how many, 0 at the end, or `-errno`; `-EBADF` once it is closed
  public int read(MemorySegment bytes) {
    var scratch = enter();
    try {
      return closed() ? -Errno.EBADF : Pipes.read(scratch, fd, bytes);
    } finally {
      exit(scratch);
    }
  }

  /// Writes bytes, to what need not be a socket.
  ///
  /// @param bytes what to write
  /// @return how many went, or `-errno`; `-EBADF` once it is closed
  public int write(MemorySegment bytes) {
    var scratch = enter();
    try {
      return closed() ? -Errno.EBADF : Pipes.write(scratch, fd, bytes);
    } finally {
      exit(scratch);
    }
  }

  /// Sends bytes of a file.
  ///
  /// @param file its descriptor
  /// @param position of the first byte
  /// @param count how many at the most
  /// @return how many, 0 at the file's end, or `-errno`; `-EBADF` once this is closed
  public int sendFile(int file, long position, int count) {
    var scratch = enter();
    try {
      return closed() ? -Errno.EBADF : Posix.sendFile(scratch, fd, file, position, count);
    } finally {
      exit(scratch);
    }
  }

  /// Accepts a connection.
  ///
  /// @return its non-blocking socket, or `-errno`; `-EBADF` once this is closed
  public int accept() {
    var scratch = enter();
    try {
      return closed() ? -Errno.EBADF : Posix.accept(scratch, fd);
    } finally {
      exit(scratch);
    }
  }

  /// Makes other system calls, during which the number stays what it is. They do not make the
  /// caller's hub the home: who accepts a connection may look at it and hand it to another hub.
  ///
  /// @param calls told the number
  /// @param <T> what they return
  /// @return the same
  /// @throws SocketException once the descriptor is closed
  /// @throws IOException as the calls do
  public <T> T use(Calls<T> calls) throws IOException {
    var scratch = home == null ? enterFromElsewhere() : enter();
    try {
      if (closed()) {
        throw new SocketException("Socket closed");
      }
      return calls.on(fd);
    } finally {
      exit(scratch);
    }
  }

  /// Some system calls on a descriptor.
  ///
  /// @param <T> what they return
  @FunctionalInterface
  public interface Calls<T> {

    /// Makes them.
    ///
    /// @param fd open
    /// @return their result
    /// @throws IOException if they fail
    T on(int fd) throws IOException;
  }

  /// Begins a system call, with the home's scratch at home, where nothing else runs meanwhile, and
  /// with a borrowed one elsewhere.
  private Scratch enter() {
    var hub = Hub.currentOrNull();
    if (hub != null) {
      if (home == null) {
        HOME.compareAndSet(this, null, hub);
      }
      if (home == hub) {
        return hub.scratch();
      }
    }
    return enterFromElsewhere();
  }

  private Scratch enterFromElsewhere() {
    USE.getAndAdd(this, 1);
    return Scratch.borrow();
  }

  private void exit(Scratch scratch) {
    var hub = home;
    if (hub != null && scratch == hub.scratch()) {
      return;
    }
    scratch.close();
    if ((int) USE.getAndAdd(this, -1) - 1 == (CLOSED | RELEASED)) {
      giveBack();
    }
  }

  private void giveBack() {
    if (!foreign) {
      Posix.close(fd);
    }
  }

  /// Has something done, once, when there may be something to read, or this is closed: for who has
  /// no thread that waits. A spurious call is possible. May be called by green threads of the home
  /// alone, and on its carrier.
  ///
  /// @param action done on the carrier: it must not wait
  /// @return whether it will be done; if not, there may be something to read now, or this is closed
  /// @throws IOException if the kernel refuses to watch it
  /// @throws IllegalStateException if a thread waits to read already, or off the home
  public boolean whenReadable(Runnable action) throws IOException {
    requireHome();
    while (true) {
      if (closed()) {
        return false;
      }
      var content = reader;
      if (content == READY) {
        if (READER.compareAndSet(this, READY, null)) {
          return false;
        }
      } else if (content != null) {
        throw secondWait(false, content);
      } else if (READER.compareAndSet(this, null, action)) {
        break;
      }
    }
    if (closed() && READER.compareAndSet(this, action, null)) {
      return false;
    }
    var hub = homeForSure();
    hub.watched(1);
    try {
      watchHere(hub);
    } catch (IOException e) {
      if (READER.compareAndSet(this, action, null)) {
        hub.watched(-1);
      }
      throw e;
    }
    return true;
  }

  private void requireHome() {
    var current = Hub.currentOrNull();
    var former = home;
    if ((former == null || former.closed())
        && current != null
        && HOME.compareAndSet(this, former, current)) {
      registered = false;
    }
    var hub = home;
    if (hub == null || !hub.isHere()) {
      throw new IllegalStateException(
          "%s is watched by %s, and this is %s; call it in a green thread of that hub"
              .formatted(this, hub, Thread.currentThread()));
    }
  }

  /// Waits until the descriptor may be ready. A spurious answer is possible.
  ///
  /// @param write whether to wait for room to write, rather than something to read
  /// @param limitNanos longest wait; [Long#MAX_VALUE] for ever
  /// @return how it ended
  /// @throws IOException if the kernel refuses to watch it
  /// @throws IllegalStateException if another thread already waits for the same
  public Result await(boolean write, long limitNanos) throws IOException {
    var slot = write ? WRITER : READER;
    Waiter waiter = null;
    while (true) {
      if (closed()) {
        return Result.CLOSED;
      }
      var content = slot.getVolatile(this);
      if (content == READY) {
        if (slot.compareAndSet(this, READY, null)) {
          return Result.READY;
        }
      } else if (content != null) {
        throw secondWait(write, content);
      } else {
        waiter = waiter == null ? new Waiter() : waiter;
        if (slot.compareAndSet(this, null, waiter)) {
          break;
        }
      }
    }
    try {
      return await(waiter, limitNanos);
    } finally {
      slot.compareAndSet(this, waiter, null);
    }
  }

  private Result await(Waiter waiter, long limitNanos) throws IOException {
    if (closed()) { // after the slot was filled: whoever closes later finds the waiter there
      return Result.CLOSED;
    }
    var hub = watch();
    var wakeup = hub == null ? waiter.await(limitNanos) : hub.awaitIo(waiter, limitNanos);
    return switch (wakeup) {
      case READY -> closed() ? Result.CLOSED : Result.READY;
      case TIMED_OUT -> Result.TIMED_OUT;
      case INTERRUPTED -> Result.INTERRUPTED;
    };
  }

  /// Sees to it that the home's poller watches. Returns the home if the caller is there.
  private @Nullable Hub watch() throws IOException {
    var current = Hub.currentOrNull();
    var former = home;
    if (former == null || former.closed()) {
      if (HOME.compareAndSet(this, former, current == null ? Hub.shared() : current)) {
        registered = false;
      }
    }
    var hub = home;
    if (hub == null) {
      throw new AssertionError("a descriptor lost its home; please report this");
    }
    if (hub == current) {
      watchHere(hub);
      return hub;
    }
    hub.onCarrier(() -> {
      try {
        watchHere(hub);
      } catch (IOException e) {
        ready(Interest.BOTH, false); // whoever waits tries again, and meets the error
      }
    });
    return null;
  }

  /// On the home's carrier.
  private void watchHere(Hub hub) throws IOException {
    if (closed() || registered) {
      return;
    }
    if (hub.closed()) {
      abandon();
      return;
    }
    hub.keep(this);
    if (!foreign && hub.poller().register(fd)) {
      registered = true;
    } else {
      hub.poller().watch(fd, Interest.of(isAwaited(reader), isAwaited(writer)));
    }
  }

  /// The home is closed: whoever waits tries again, and finds another.
  void abandon() {
    fire(READER);
    fire(WRITER);
  }

  /// On the home's carrier: one of the JDK's threads is about to park until this is ready.
  void parkNext(boolean write) throws IOException {
    (write ? WRITER : READER).setVolatile(this, new Waiter());
    watchHere(homeForSure());
  }

  /// On the home's carrier: that thread runs again.
  void parked(boolean write) {
    (write ? WRITER : READER).setVolatile(this, null);
  }

  private Hub homeForSure() {
    var hub = home;
    if (hub == null) {
      throw new AssertionError("a watched descriptor without a home; please report this");
    }
    return hub;
  }

  /// On the home's carrier: the poller reports.
  void ready(Interest ready, boolean hangUp) {
    if (hangUp) {
      hungUp = true;
    }
    if (ready.reads()) {
      fire(READER);
    }
    if (ready.writes()) {
      fire(WRITER);
    }
    if (!registered && (isAwaited(reader) || isAwaited(writer))) {
      try { // one report is all it gives
        watchHere(homeForSure());
      } catch (IOException e) {
        fire(READER);
        fire(WRITER);
      }
    }
  }

  private void fire(VarHandle slot) {
    while (true) {
      var content = slot.getVolatile(this);
      if (content == READY || (content == null && !registered)) {
        return;
      }
      if (content instanceof Waiter waiter) {
        if (slot.compareAndSet(this, waiter, null) && waiter.wake()) {
          return;
        }
      } else if (content instanceof Runnable action) {
        if (slot.compareAndSet(this, action, null)) {
          act(action);
          return;
        }
      } else if (slot.compareAndSet(this, null, READY)) {
        return;
      }
    }
  }

  /// Closes the descriptor, once. Whoever waits for it is woken; the number is given back when the
  /// last system call on it is over. May be called from any thread.
  ///
  /// @return whether this call closed it
  public boolean close() {
    if (((int) USE.getAndBitwiseOr(this, CLOSED) & CLOSED) != 0) {
      return false;
    }
    wake(READER);
    wake(WRITER);
    var hub = home;
    if (hub == null) {
      release();
    } else {
      hub.onCarrier(this::release);
    }
    return true;
  }

  private void wake(VarHandle slot) {
    switch (slot.getAndSet(this, null)) {
      case Waiter waiter -> waiter.wake();
      case Runnable action -> homeForSure().onCarrier(() -> act(action));
      case null, default -> {}
    }
  }

  private static boolean isAwaited(@Nullable Object slot) {
    return slot != null && slot != READY;
  }

  /// On the home's carrier.
  private void act(Runnable action) {
    var hub = homeForSure();
    hub.watched(-1);
    hub.guarded(action);
  }

  private void release() {
    var hub = home;
    if (hub != null) {
      hub.forget(this);
    }
    if ((int) USE.getAndBitwiseOr(this, RELEASED) == CLOSED) {
      giveBack();
    }
  }

  private IllegalStateException secondWait(boolean write, Object first) {
    if (!(first instanceof Waiter waiter)) {
      return new IllegalStateException(
          "%s is watched by %s, and nobody can wait for it meanwhile".formatted(this, first));
    }
    var fiber = Fiber.currentOrNull();
    return new IllegalStateException(
        "a second thread waits to %s descriptor %d: %s, which waits at %s, is first, and %s came at %s; let one of them do it, or guard it with a semaphore"
            .formatted(
                write ? "write to" : "read from",
                fd,
                name(waiter.thread()),
                Places.of(waiter.thread()),
                fiber == null ? Thread.currentThread().getName() : fiber,
                Places.here()));
  }

  private static String name(Thread thread) {
    return Fiber.of(thread).map(Fiber::toString).orElseGet(thread::getName);
  }

  @Override
  public String toString() {
    return "Descriptor[" + fd + (closed() ? ", closed]" : "]");
  }
}
