package net.eventlet;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.eventlet.hubs.Durations;
import org.jspecify.annotations.Nullable;

/// Platform threads for what would hold up a hub: native code, files, heavy computing.
///
/// There are twenty, unless `-Deventlet.threadpool.size` or `EVENTLET_THREADPOOL_SIZE` says
/// otherwise; 0 runs everything in place. They are daemons, begin when they are needed, and end
/// after ten idle seconds. What waits for one of them waits in a queue without bound: bound the
/// callers, with a [GreenPool] or a [Semaphore].
///
/// Source: `eventlet/tpool.py`.
public final class TPool {

  private static final int SIZE = size();

  private static final ThreadPoolExecutor THREADS = threads();

  private TPool() {}

  /// A thread of the pool.
  private static final class Worker extends Thread {

    private static final AtomicInteger STARTED = new AtomicInteger();

    Worker(Runnable task) {
      super(task, "tpool-" + STARTED.getAndIncrement());
      setDaemon(true);
    }
  }

  private static int size() {
    var property = System.getProperty("eventlet.threadpool.size");
    var text = property != null ? property : System.getenv("EVENTLET_THREADPOOL_SIZE");
    if (text == null) {
      return 20;
    }
    try {
      var size = Integer.parseInt(text);
      if (size >= 0) {
        return size;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "eventlet.threadpool.size must be a number of threads from 0: \"" + text + "\"");
  }

  private static ThreadPoolExecutor threads() {
    var threads =
        new ThreadPoolExecutor(
            Math.max(1, SIZE),
            Math.max(1, SIZE),
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Worker::new);
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /// Runs `body` in a thread of the pool while the caller waits: in place if the caller is one.
  ///
  /// Whoever is killed, or whose [Timeout] runs out, meanwhile goes on without the result; the
  /// thread finishes the body for nobody.
  ///
  /// @param body what to do
  /// @param <T> what it returns
  /// @return what it returned
  /// @throws Exception the very object that it threw, with the stack of the pool's thread
  /// @throws IllegalStateException if the pool was shut down
  public static <T extends @Nullable Object> T execute(Callable<T> body) throws Exception {
    Objects.requireNonNull(body, "body");
    if (SIZE == 0 || Thread.currentThread() instanceof Worker) {
      return body.call();
    }
    if (THREADS.isShutdown()) {
      throw new IllegalStateException("the thread pool was shut down and runs nothing any more");
    }
    var outcome = new Event<T>();
    THREADS.execute(() -> {
      try {
        outcome.send(body.call());
      } catch (Throwable failure) {
        outcome.sendException(failure);
      }
    });
    return outcome.await();
  }

  /// Wraps an object so that each of its methods runs in a thread of the pool.
  ///
  /// What they return is wrapped as well if the method declares a public interface that is not the
  /// JDK's collections' or functions', and unwrapped when it is given to a wrapped method: a
  /// `java.sql.Connection` gives wrapped statements, those wrapped result sets. `toString`,
  /// `equals` and `hashCode` run in place.
  ///
  /// @param type an interface
  /// @param target implements it
  /// @param <T> the interface
  /// @return the wrapped object
  /// @throws IllegalArgumentException if `type` is not an interface, or not public
  public static <T> T proxy(Class<T> type, T target) {
    Objects.requireNonNull(target, "target");
    if (!type.isInterface()) {
      throw new IllegalArgumentException(
          "only an interface can be wrapped, and "
              + type.getName()
              + " is none; use TPool.execute");
    }
    if (!isCallable(type)) {
      throw new IllegalArgumentException(
          type.getName()
              + " is not public, or its package is not exported, so that its methods cannot be"
              + " called from here; make it public, or use TPool.execute");
    }
    return type.cast(wrapped(type, target));
  }

  private static boolean isCallable(Class<?> type) {
    return Modifier.isPublic(type.getModifiers())
        && type.getModule().isExported(type.getPackageName(), TPool.class.getModule());
  }

  private static Object wrapped(Class<?> type, Object target) {
    return Proxy.newProxyInstance(
        type.getClassLoader(), new Class<?>[] {type}, new Handler(target));
  }

  /// Ends the pool, which runs nothing from then on; for the end of a program.
  ///
  /// @param limit how long the threads may take to finish what they do; null for ever
  /// @return whether they did
  /// @throws InterruptedException if the caller is interrupted meanwhile
  public static boolean shutdown(@Nullable Duration limit) throws InterruptedException {
    THREADS.shutdown();
    return THREADS.awaitTermination(Durations.limitNanos(limit), TimeUnit.NANOSECONDS);
  }

  /// What stands behind a wrapped object.
  private record Handler(Object target) implements InvocationHandler {

    @Override
    public @Nullable Object invoke(
        Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
      var given = unwrapped(arguments);
      if (method.getDeclaringClass() == Object.class) {
        return method.getName().equals("equals") ? target.equals(given[0]) : call(method, given);
      }
      var result = execute(() -> call(method, given));
      var type = method.getReturnType();
      return result != null && isWrapped(type) ? wrapped(type, result) : result;
    }

    private @Nullable Object call(Method method, @Nullable Object[] arguments) throws Exception {
      try {
        return method.invoke(target, arguments);
      } catch (InvocationTargetException thrown) {
        throw Waits.<Exception>sneak(Objects.requireNonNull(thrown.getCause()));
      }
    }

    private static boolean isWrapped(Class<?> type) {
      var name = type.getPackageName();
      return type.isInterface()
          && isCallable(type)
          && !name.equals("java.lang")
          && !name.startsWith("java.util");
    }

    private static @Nullable Object[] unwrapped(@Nullable Object @Nullable [] arguments) {
      if (arguments == null) {
        return new @Nullable Object[0];
      }
      var unwrapped = arguments.clone();
      for (var i = 0; i < unwrapped.length; i++) {
        if (unwrapped[i] != null
            && Proxy.isProxyClass(unwrapped[i].getClass())
            && Proxy.getInvocationHandler(unwrapped[i]) instanceof Handler(var behind)) {
          unwrapped[i] = behind;
        }
      }
      return unwrapped;
    }
  }
}
