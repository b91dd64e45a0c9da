package net.eventlet;

import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import net.eventlet.hubs.Fiber;
import org.jspecify.annotations.Nullable;

/// Green threads that depend on each other's results, each known by a key.
///
/// A body is told the results of what it depends on as they come; all bodies run at once, each
/// waiting for what it still lacks. A result can also be [posted][#post] without a green thread. A
/// failure is the key's result: whoever asks for it gets a [PropagateError], and so, unless it
/// catches that, do all that depend on it.
///
/// | a wrong call                                       | gets                                           |
/// |----------------------------------------------------|------------------------------------------------|
/// | a key that is taken                                | [Collision]                                    |
/// | dependencies that lead back to the key             | [IllegalArgumentException] with the circle     |
/// | killing what does not run                          | [NoSuchElementException]                       |
///
/// A key that nobody spawns or posts is waited for for ever: [#waitingFor()] shows who waits for
/// what.
///
/// Source: `eventlet/dagpool.py`, class `DAGPool`. There a circle is not noticed.
///
/// @param <K> keys, by [Object#equals]
/// @param <V> results
public final class DagPool<K, V extends @Nullable Object> {

  private final Object lock = new Object();
  private final Map<K, Outcome<V>> outcomes = new LinkedHashMap<>(); // in order of completion
  private final Map<K, Running<K, V>> running = new LinkedHashMap<>();
  private final WaitLine<WaitLine.Plain> line = new WaitLine<>(); // for any outcome

  private sealed interface Outcome<V extends @Nullable Object> {}

  private record Value<V extends @Nullable Object>(V value) implements Outcome<V> {}

  private record Failure<V extends @Nullable Object>(PropagateError error) implements Outcome<V> {}

  private record Running<K, V extends @Nullable Object>(GreenThread<V> thread, Set<K> depends) {}

  /// What a green thread of a DAG does.
  ///
  /// @param <K> keys
  /// @param <V> results
  @FunctionalInterface
  public interface Body<K, V extends @Nullable Object> {

    /// Makes a key's result.
    ///
    /// @param key which
    /// @param results of what it depends on, each as it comes; iterating waits, and throws
    ///   [PropagateError] where one failed
    /// @return the key's result
    /// @throws Exception if it fails, which is then the key's result
    V run(K key, Iterable<Map.Entry<K, V>> results) throws Exception;
  }

  /// A key is taken.
  public static final class Collision extends RuntimeException {

    private static final long serialVersionUID = 1;

    private Collision(String message) {
      super(message);
    }
  }

  /// A key's green thread failed. Its cause is what it threw; if that was the failure of another,
  /// the message shows the path of keys.
  public static final class PropagateError extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Object key;

    private PropagateError(Object key, Throwable cause) {
      super(key + describe(cause), cause);
      this.key = key;
    }

    private static String describe(Throwable cause) {
      return cause instanceof PropagateError inner
          ? " <- " + inner.getMessage()
          : " failed: " + cause;
    }

    /// {@return the key whose green thread failed}
    public Object key() {
      return key;
    }
  }

  /// Creates a pool without results.
  public DagPool() {
    this(Map.of());
  }

  /// Creates a pool.
  ///
  /// @param preload results that are there
  public DagPool(Map<? extends K, ? extends V> preload) {
    preload.forEach((key, value) -> outcomes.put(key, new Value<>(value)));
  }

  /// Runs a body in a green thread.
  ///
  /// @param key whose result it makes
  /// @param depends keys whose results it is told; they may be spawned or posted later
  /// @param body what it does
  /// @return its handle
  /// @throws Collision if the key has a result, or runs
  /// @throws IllegalArgumentException if the dependencies lead back to the key
  public GreenThread<V> spawn(K key, Collection<? extends K> depends, Body<K, V> body) {
    Objects.requireNonNull(body, "body");
    var needed = new LinkedHashSet<K>(depends);
    synchronized (lock) {
      requireFree(key);
      requireNoCircle(key, needed);
      var thread = Eventlet.<V>spawn(() -> body.run(key, waitEach(needed)));
      running.put(key, new Running<>(thread, needed));
      thread.link(ended -> settle(key, ended));
      return thread;
    }
  }

  /// Runs a body in many green threads.
  ///
  /// @param depends for each key the keys that it depends on, also among these
  /// @param body what each does
  /// @throws Collision if a key has a result, or runs; those before it run
  /// @throws IllegalArgumentException if dependencies lead back to a key; those before it run
  @SuppressWarnings("FutureReturnValueIgnored") // their results are had by key
  public void spawnMany(
      Map<? extends K, ? extends Collection<? extends K>> depends, Body<K, V> body) {
    depends.forEach((key, needed) -> spawn(key, needed, body));
  }

  private void settle(K key, GreenThread<V> ended) {
    Outcome<V> outcome;
    try {
      outcome = new Value<>(ended.await());
    } catch (Throwable failure) {
      outcome = new Failure<>(new PropagateError(key, failure));
    }
    synchronized (lock) {
      running.remove(key);
      outcomes.putIfAbsent(key, outcome); // it may have posted its own
      line.wakeAll();
    }
  }

  /// Gives a key a result.
  ///
  /// @param key which
  /// @param value its result
  /// @throws Collision if the key has a result, or another green thread makes it
  public void post(K key, V value) {
    post(key, value, false);
  }

  /// Gives a key a result. A green thread may post its own key's.
  ///
  /// @param key which
  /// @param value its result
  /// @param replace whether to replace a result that it has
  /// @throws Collision if the key has a result that is not to be replaced, or another green thread
  ///   makes it
  public void post(K key, V value, boolean replace) {
    synchronized (lock) {
      var maker = running.get(key);
      if (maker != null && maker.thread().fiber() != Fiber.currentOrNull()) {
        throw new Collision(key + " is being made by " + maker.thread());
      }
      if (outcomes.containsKey(key) && !replace) {
        throw new Collision(key + " has a result; post with replace to change it");
      }
      outcomes.put(key, new Value<>(value));
      line.wakeAll();
    }
  }

  /// Kills a key's green thread; its result is then a [PropagateError] with [GreenThreadExit].
  ///
  /// @param key which
  /// @throws NoSuchElementException if it does not run
  public void kill(K key) {
    GreenThread<V> thread;
    synchronized (lock) {
      var maker = running.get(key);
      if (maker == null) {
        throw new NoSuchElementException(key + " does not run");
      }
      thread = maker.thread();
    }
    thread.kill();
  }

  /// Waits for a key's result.
  ///
  /// @param key which
  /// @return its result
  /// @throws PropagateError if it failed
  public V await(K key) {
    return value(outcome(key));
  }

  /// Waits for the results of some keys.
  ///
  /// @param keys which
  /// @return their results, in the order of the keys
  /// @throws PropagateError if one failed
  public Map<K, V> await(Collection<? extends K> keys) {
    var results = new LinkedHashMap<K, V>();
    for (var key : keys) {
      results.put(key, await(key));
    }
    return results;
  }

  /// Waits for the results of all keys that have one or run.
  ///
  /// @return their results
  /// @throws PropagateError if one failed
  public Map<K, V> waitAll() {
    return await(known());
  }

  private Outcome<V> outcome(K key) {
    while (true) {
      WaitLine.Plain place;
      synchronized (lock) {
        var outcome = outcomes.get(key);
        if (outcome != null) {
          return outcome;
        }
        place = line.join(new WaitLine.Plain());
      }
      await(place);
    }
  }

  private void await(WaitLine.Plain place) {
    var woken = false;
    try {
      woken = Waits.await(place, Long.MAX_VALUE);
    } finally {
      if (!woken) {
        synchronized (lock) {
          line.leave(place);
        }
      }
    }
  }

  private static <V extends @Nullable Object> V value(Outcome<V> outcome) {
    return switch (outcome) {
      case Value<V>(var value) -> value;
      case Failure<V>(var error) -> throw error;
    };
  }

  /// {@return the results of all keys that have one or run, as they come}
  public Iterable<Map.Entry<K, V>> waitEach() {
    return waitEach(known());
  }

  /// {@return the results of some keys, in the order in which they come; iterating waits, and
  /// throws [PropagateError] where one failed, after which one can go on}
  ///
  /// @param keys which
  public Iterable<Map.Entry<K, V>> waitEach(Collection<? extends K> keys) {
    return each(keys, (key, outcome) -> new SimpleImmutableEntry<>(key, value(outcome)));
  }

  /// {@return the results of those among some keys that do not fail, as they come}
  ///
  /// @param keys which
  public Iterable<Map.Entry<K, V>> waitEachSuccess(Collection<? extends K> keys) {
    return each(
        keys,
        (key, outcome) ->
            outcome instanceof Value<V>(var value) ? new SimpleImmutableEntry<>(key, value) : null);
  }

  /// {@return the failures of those among some keys that fail, as they come}
  ///
  /// @param keys which
  public Iterable<Map.Entry<K, PropagateError>> waitEachException(Collection<? extends K> keys) {
    return each(
        keys,
        (key, outcome) ->
            outcome instanceof Failure<V>(var error)
                ? new SimpleImmutableEntry<>(key, error)
                : null);
  }

  private <E> Iterable<E> each(
      Collection<? extends K> keys, BiFunction<K, Outcome<V>, @Nullable E> view) {
    return () ->
        new Iterator<>() {
          private final Set<K> left = new LinkedHashSet<>(keys);
          private final List<Map.Entry<K, Outcome<V>>> ready = new ArrayList<>();
          private Map.@Nullable Entry<K, Outcome<V>> next; // null unless looked at and not taken

          @Override
          public boolean hasNext() {
            while (next == null && (!left.isEmpty() || !ready.isEmpty())) {
              if (ready.isEmpty()) {
                ready.addAll(comeOf(left));
              }
              var candidate = ready.removeFirst();
              next = isShown(candidate) ? candidate : null;
            }
            return next != null;
          }

          private boolean isShown(Map.Entry<K, Outcome<V>> candidate) {
            try {
              return view.apply(candidate.getKey(), candidate.getValue()) != null;
            } catch (PropagateError error) {
              return true; // next() throws it
            }
          }

          @Override
          public E next() {
            if (!hasNext() || next == null) {
              throw new NoSuchElementException("all results were given");
            }
            var taken = next;
            next = null;
            return Objects.requireNonNull(view.apply(taken.getKey(), taken.getValue()));
          }
        };
  }

  /// Waits until some of the keys have results, takes those keys out, and gives the results in
  /// order.
  private List<Map.Entry<K, Outcome<V>>> comeOf(Set<K> left) {
    while (true) {
      WaitLine.Plain place;
      synchronized (lock) {
        var come = new ArrayList<Map.Entry<K, Outcome<V>>>();
        outcomes.forEach((key, outcome) -> {
          if (left.remove(key)) {
            come.add(Map.entry(key, outcome));
          }
        });
        if (!come.isEmpty()) {
          return come;
        }
        place = line.join(new WaitLine.Plain());
      }
      await(place);
    }
  }

  /// {@return a key's result, or something else if there is none yet}
  ///
  /// @param key which
  /// @param fallback what else
  /// @throws PropagateError if it failed
  public V get(K key, V fallback) {
    Outcome<V> outcome;
    synchronized (lock) {
      outcome = outcomes.get(key);
    }
    return outcome == null ? fallback : value(outcome);
  }

  /// {@return the keys that have a result now, failures included, in order of completion}
  public Set<K> keys() {
    synchronized (lock) {
      return new LinkedHashSet<>(outcomes.keySet());
    }
  }

  /// {@return the results that are there now, failures left out, in order of completion}
  public Map<K, V> items() {
    synchronized (lock) {
      var items = new LinkedHashMap<K, V>();
      outcomes.forEach((key, outcome) -> {
        if (outcome instanceof Value<V>(var value)) {
          items.put(key, value);
        }
      });
      return items;
    }
  }

  /// {@return how many green threads have not ended}
  public int running() {
    synchronized (lock) {
      return running.size();
    }
  }

  /// {@return the keys whose green threads have not ended}
  public Set<K> runningKeys() {
    synchronized (lock) {
      return new LinkedHashSet<>(running.keySet());
    }
  }

  /// {@return how many green threads lack something that they depend on}
  public int waiting() {
    return waitingFor().size();
  }

  /// {@return for each key whose green thread lacks something, the keys that it lacks}
  public Map<K, Set<K>> waitingFor() {
    synchronized (lock) {
      var waiting = new LinkedHashMap<K, Set<K>>();
      for (var key : running.keySet()) {
        var lacking = waitingFor(key);
        if (!lacking.isEmpty()) {
          waiting.put(key, lacking);
        }
      }
      return waiting;
    }
  }

  /// {@return the keys that a key's green thread lacks; none if it does not run}
  ///
  /// @param key which
  public Set<K> waitingFor(K key) {
    synchronized (lock) {
      var maker = running.get(key);
      if (maker == null) {
        return Set.of();
      }
      var lacking = new LinkedHashSet<>(maker.depends());
      lacking.removeAll(outcomes.keySet());
      return lacking;
    }
  }

  private Set<K> known() {
    synchronized (lock) {
      var known = new LinkedHashSet<>(outcomes.keySet());
      known.addAll(running.keySet());
      return known;
    }
  }

  private void requireFree(K key) {
    if (outcomes.containsKey(key)) {
      throw new Collision(key + " has a result");
    }
    var maker = running.get(key);
    if (maker != null) {
      throw new Collision(key + " is being made by " + maker.thread());
    }
  }

  private void requireNoCircle(K key, Set<K> depends) {
    var cameFrom = new LinkedHashMap<K, K>(); // each key reached, and the one that depends on it
    var open = new ArrayDeque<K>();
    reach(key, depends, cameFrom, open);
    while (!open.isEmpty()) {
      var reached = open.removeLast();
      if (reached.equals(key)) {
        throw new IllegalArgumentException(
            "the dependencies go round in a circle, which nobody would ever leave: "
                + circle(key, cameFrom));
      }
      var maker = running.get(reached);
      if (maker != null) {
        reach(reached, maker.depends(), cameFrom, open);
      }
    }
  }

  private static <K> void reach(K from, Set<K> depends, Map<K, K> cameFrom, ArrayDeque<K> open) {
    for (var needed : depends) {
      if (cameFrom.putIfAbsent(needed, from) == null) {
        open.addLast(needed);
      }
    }
  }

  private static <K> List<K> circle(K key, Map<K, K> cameFrom) {
    var circle = new ArrayList<K>();
    circle.add(key);
    for (var at = cameFrom.get(key); at != null && !at.equals(key); at = cameFrom.get(at)) {
      circle.add(at);
    }
    circle.add(key);
    return circle.reversed();
  }
}
