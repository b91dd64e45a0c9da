package net.eventlet.models;

import static net.eventlet.Eventlet.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import net.eventlet.Pool;
import org.jspecify.annotations.Nullable;

/// A pool of things that green threads borrow, some of which break while nobody has them.
final class PoolProgram extends Program {

  private final int seed;
  private final boolean stack;
  private final Things pool;
  private final Map<Thread, ArrayDeque<Integer>> held = new HashMap<>();
  private final List<Integer> disposed = new ArrayList<>();
  private final Set<Integer> broken = new HashSet<>(); // in both
  private int asked; // to make one

  private final ArrayDeque<Integer> idle = new ArrayDeque<>();
  private final ModelLine<String> getters = new ModelLine<>();
  private final Map<ModelThread, ArrayDeque<Integer>> modelHeld = new HashMap<>();
  private final List<Integer> modelDisposed = new ArrayList<>();
  private int modelAsked;
  private int maxSize;
  private int lent;
  private boolean closed;

  /// How the making of one goes.
  ///
  /// @param turns that it takes
  /// @param fails whether it fails then
  private record Making(int turns, boolean fails) {}

  /// What making fails with.
  private static final class Mine extends Exception {

    private static final long serialVersionUID = 1;
  }

  /// Things are numbers, in the order in which they were asked for.
  private final class Things extends Pool<Integer> {

    Things(int maxSize, boolean orderAsStack) {
      super(0, maxSize, orderAsStack, PoolProgram.this::make);
    }

    @Override
    protected boolean usable(Integer thing) {
      return !broken.contains(thing);
    }

    @Override
    protected void dispose(Integer thing) {
      disposed.add(thing);
    }
  }

  PoolProgram(int seed) {
    super(seed);
    this.seed = seed;
    maxSize = random.nextInt(4);
    stack = random.nextBoolean();
    pool = new Things(maxSize, stack);
    did("new " + maxSize + (stack ? ", a stack" : ""));
  }

  private Making making(int number) {
    var chance = new Random(seed * 1_000L + number);
    return new Making(chance.nextInt(3), chance.nextInt(4) == 0);
  }

  private Integer make() throws Mine {
    var number = asked++;
    var making = making(number);
    for (var turn = 0; turn < making.turns(); turn++) {
      sleep();
    }
    if (making.fails()) {
      throw new Mine();
    }
    return number;
  }

  // --------------------------------------------------------------------------------------- model

  private @Nullable String get(ModelThread thread, IntFunction<@Nullable String> then) {
    if (closed) {
      return ModelThread.REFUSED;
    }
    while (getters.isEmpty() && !idle.isEmpty()) {
      lent++;
      int thing = idle.removeFirst();
      if (!broken.contains(thing)) {
        return then.apply(thing);
      }
      letGo();
      modelDisposed.add(thing);
    }
    if (getters.isEmpty() && lent + idle.size() < maxSize) {
      lent++;
      return make(thread, then);
    }
    return thread.await(
        result ->
            switch (result) {
              case ModelThread.REFUSED -> result;
              case "make one" -> make(thread, then);
              default -> then.apply(Integer.parseInt(result));
            },
        turn -> getters.join(turn, ""));
  }

  private @Nullable String make(ModelThread thread, IntFunction<@Nullable String> then) {
    thread.onUnwind(this::letGo);
    var number = modelAsked++;
    return make(thread, number, making(number).turns(), then);
  }

  private @Nullable String make(
      ModelThread thread, int number, int turns, IntFunction<@Nullable String> then) {
    if (turns > 0) {
      return thread.pause(_ -> make(thread, number, turns - 1, then));
    }
    thread.onUnwind(() -> {});
    if (making(number).fails()) {
      letGo();
      return "not made";
    }
    return then.apply(number);
  }

  private void letGo() {
    lent--;
    letIn();
  }

  private void letIn() {
    while (lent + idle.size() < maxSize && getters.serveOne("make one")) {
      lent++;
    }
  }

  private void put(int thing) {
    if (closed || lent + idle.size() > maxSize) {
      lent--;
      modelDisposed.add(thing);
    } else if (!getters.serveOne(String.valueOf(thing))) {
      lent--;
      if (stack) {
        idle.addFirst(thing);
      } else {
        idle.addLast(thing);
      }
    }
  }

  // --------------------------------------------------------------------------------------- steps

  @Override
  Step step() {
    return switch (random.nextInt(8)) {
      case 0, 1, 2, 3 -> new Get();
      case 4, 5 -> new Put();
      default -> new Borrow();
    };
  }

  private final class Get implements Step {

    @Override
    public String act(@Nullable Duration limit) throws Exception {
      try {
        var thing = limit == null ? pool.get() : pool.get(limit);
        holding().addLast(thing);
        return "got " + thing;
      } catch (Mine mine) {
        return "not made";
      }
    }

    @Override
    public @Nullable String model(ModelThread thread) {
      return get(
          thread,
          thing -> {
            modelHeld.computeIfAbsent(thread, _ -> new ArrayDeque<>()).addLast(thing);
            return "got " + thing;
          });
    }

    @Override
    public boolean isLimited() {
      return true;
    }

    @Override
    public String toString() {
      return "get";
    }
  }

  /// Puts back what it has had longest.
  private final class Put implements Step {

    @Override
    public String act(@Nullable Duration limit) {
      var thing = holding().pollFirst();
      if (thing == null) {
        return "nothing to put";
      }
      pool.put(thing);
      return "put " + thing;
    }

    @Override
    public String model(ModelThread thread) {
      var holding = modelHeld.get(thread);
      if (holding == null || holding.isEmpty()) {
        return "nothing to put";
      }
      int thing = holding.removeFirst();
      put(thing);
      return "put " + thing;
    }

    @Override
    public String toString() {
      return "put";
    }
  }

  /// Has one for a turn, with `try`.
  private final class Borrow implements Step {

    @Override
    public String act(@Nullable Duration limit) throws Exception {
      try (var item = pool.item()) {
        sleep();
        return "had " + item.value();
      } catch (Mine mine) {
        return "not made";
      }
    }

    @Override
    public @Nullable String model(ModelThread thread) {
      return get(
          thread,
          thing -> {
            thread.onUnwind(() -> put(thing));
            return thread.pause(_ -> {
              thread.onUnwind(() -> {});
              put(thing);
              return "had " + thing;
            });
          });
    }

    @Override
    public String toString() {
      return "borrow";
    }
  }

  private ArrayDeque<Integer> holding() {
    return held.computeIfAbsent(Thread.currentThread(), _ -> new ArrayDeque<>());
  }

  @Override
  void leave(String name) {
    holding().forEach(pool::put);
  }

  @Override
  void modelLeave(ModelThread thread) {
    modelHeld.getOrDefault(thread, new ArrayDeque<>()).forEach(this::put);
  }

  // -------------------------------------------------------------------------------------- driver

  @Override
  void act() {
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> {
        maxSize = random.nextInt(4);
        did("resize " + maxSize);
        pool.resize(maxSize);
        while (lent + idle.size() > maxSize && !idle.isEmpty()) {
          modelDisposed.add(idle.removeLast());
        }
        letIn();
      }
      case 3 -> {
        if (random.nextInt(6) == 0) {
          did("close");
          pool.close();
          closed = true;
          modelDisposed.addAll(idle);
          idle.clear();
          getters.serveAll(ModelThread.REFUSED);
        }
      }
      case 4 -> both("put one too many", lent == 0 ? putTooMany() : "", lent == 0 ? "refused" : "");
      default -> {
        if (!idle.isEmpty()) {
          var thing = List.copyOf(idle).get(random.nextInt(idle.size()));
          did("break " + thing);
          broken.add(thing);
        }
      }
    }
  }

  private String putTooMany() {
    try {
      pool.put(-1);
      return "put";
    } catch (IllegalStateException refused) {
      return "refused";
    }
  }

  @Override
  void compareAlways() {
    assertEquals(Math.max(0, maxSize - lent), pool.free(), this::history);
    assertEquals(modelDisposed, disposed, this::history);
  }

  @Override
  String real() {
    return pool.toString();
  }

  @Override
  String model() {
    return "Things[%d lent and %d idle of %d, %d waiting%s]"
        .formatted(lent, idle.size(), maxSize, getters.length(), closed ? ", closed" : "");
  }

  @Override
  void assertNothingLeft() {
    assertEquals(maxSize, pool.free(), this::history);
    assertEquals(0, pool.waiting(), this::history);
  }
}
