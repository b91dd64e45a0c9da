package net.eventlet.models;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import net.eventlet.LifoQueue;
import net.eventlet.PriorityQueue;
import net.eventlet.Queue;
import org.jspecify.annotations.Nullable;

/// A queue that green threads put into and get from.
final class QueueProgram extends Program {

  private final Kind kind;
  private final Queue<Item> queue;
  private final List<Item> items = new ArrayList<>(); // in the order in which they came
  private final ModelLine<String> getters = new ModelLine<>();
  private final ModelLine<Item> putters = new ModelLine<>();
  private final ModelLine<String> joiners = new ModelLine<>();
  private int maxsize;
  private int unfinished;
  private boolean closed;
  private int made;

  /// The order of a queue.
  enum Kind {
    FIFO,
    LIFO,
    PRIORITY
  }

  /// What is put: numbered in the order of making, with a rank for those that have an order.
  private record Item(int number, int rank) {

    @Override
    public String toString() {
      return number + "/" + rank;
    }
  }

  QueueProgram(int seed) {
    super(seed);
    kind = Kind.values()[seed % 3];
    maxsize = size();
    queue =
        switch (kind) {
          case FIFO -> new Queue<>(maxsize);
          case LIFO -> new LifoQueue<>(maxsize);
          case PRIORITY -> new PriorityQueue<>(maxsize, Comparator.comparingInt(Item::rank));
        };
    did("new " + kind + " " + maxsize);
  }

  private int size() {
    var size = random.nextInt(4);
    return size == 3 ? Integer.MAX_VALUE : size;
  }

  private Item item() {
    return new Item(made++, random.nextInt(3));
  }

  // --------------------------------------------------------------------------------------- model

  /// {@return the item that goes next, which stays; null if there is none}
  private @Nullable Item next() {
    if (items.isEmpty()) {
      return null;
    }
    return switch (kind) {
      case FIFO -> items.getFirst();
      case LIFO -> items.getLast();
      case PRIORITY -> items.stream().min(Comparator.comparingInt(Item::rank)).orElseThrow();
    };
  }

  /// {@return an item that is there, or that somebody waits to put}
  private @Nullable Item take() {
    var next = next();
    if (next != null) {
      items.remove(next);
      letIn();
      return next;
    }
    var putter = putters.take();
    if (putter == null) {
      return null;
    }
    unfinished++;
    putter.turn().serve("put");
    return putter.brought();
  }

  private boolean accept(Item item) {
    var getter = getters.take();
    if (getter != null) {
      unfinished++;
      getter.turn().serve("got " + item);
      return true;
    }
    if (items.size() >= maxsize) {
      return false;
    }
    unfinished++;
    items.add(item);
    return true;
  }

  private void letIn() {
    while (items.size() < maxsize) {
      var putter = putters.take();
      if (putter == null) {
        return;
      }
      unfinished++;
      items.add(putter.brought());
      putter.turn().serve("put");
    }
  }

  // --------------------------------------------------------------------------------------- steps

  @Override
  Step step() {
    return switch (random.nextInt(9)) {
      case 0, 1, 2, 3 -> new Get(random.nextBoolean());
      case 4, 5, 6, 7 -> new Put(item(), random.nextBoolean());
      default -> new Join();
    };
  }

  private final class Get implements Step {

    private final boolean declared; // whether it is declared to be interrupted

    Get(boolean declared) {
      this.declared = declared;
    }

    @Override
    public String act(@Nullable Duration limit) throws Exception {
      if (!declared) {
        return "got " + (limit == null ? queue.get() : queue.get(limit));
      }
      var item = limit == null ? queue.take() : queue.poll(limit.toNanos(), NANOSECONDS);
      if (item == null) {
        throw new TimeoutException();
      }
      return "got " + item;
    }

    @Override
    public @Nullable String model(ModelThread thread) {
      var item = take();
      if (item != null) {
        return "got " + item;
      }
      return closed
          ? ModelThread.REFUSED
          : thread.await(result -> result, turn -> getters.join(turn, ""));
    }

    @Override
    public boolean isLimited() {
      return true;
    }

    @Override
    public boolean isInterruptible() {
      return declared;
    }

    @Override
    public String toString() {
      return declared ? "take" : "get";
    }
  }

  private final class Put implements Step {

    private final Item item;
    private final boolean declared; // whether it is declared to be interrupted

    Put(Item item, boolean declared) {
      this.item = item;
      this.declared = declared;
    }

    @Override
    public String act(@Nullable Duration limit) throws Exception {
      if (declared) {
        var nanos = limit == null ? Long.MAX_VALUE : limit.toNanos();
        if (!queue.offer(item, nanos, NANOSECONDS)) {
          throw new TimeoutException();
        }
      } else if (limit == null) {
        queue.put(item);
      } else {
        queue.put(item, limit);
      }
      return "put";
    }

    @Override
    public @Nullable String model(ModelThread thread) {
      if (closed) {
        return ModelThread.REFUSED;
      }
      return accept(item)
          ? "put"
          : thread.await(result -> result, turn -> putters.join(turn, item));
    }

    @Override
    public boolean isLimited() {
      return true;
    }

    @Override
    public boolean isInterruptible() {
      return declared;
    }

    @Override
    public String toString() {
      return (declared ? "offer " : "put ") + item;
    }
  }

  private final class Join implements Step {

    @Override
    public String act(@Nullable Duration limit) {
      queue.join();
      return "joined";
    }

    @Override
    public @Nullable String model(ModelThread thread) {
      return unfinished == 0
          ? "joined"
          : thread.await(result -> result, turn -> joiners.join(turn, ""));
    }

    @Override
    public String toString() {
      return "join";
    }
  }

  // -------------------------------------------------------------------------------------- driver

  @Override
  void act() {
    switch (random.nextInt(24)) {
      case 0, 1, 2, 3, 4 -> {
        var item = item();
        both(
            "offer " + item,
            tried(() -> queue.offer(item)),
            closed ? ModelThread.REFUSED : String.valueOf(accept(item)));
      }
      case 5, 6, 7, 8, 9 -> both("poll", queue.poll(), take());
      case 10 -> both("peek", queue.peek(), next());
      case 11, 12, 13 -> {
        var size = size();
        did("resize " + size);
        queue.resize(size);
        maxsize = size;
        letIn();
      }
      case 14, 15, 16, 17 -> both("taskDone", tried(this::taskDone), String.valueOf(modelDone()));
      case 18, 19 -> {
        var most = random.nextInt(4);
        var drained = new ArrayList<Item>();
        queue.drainTo(drained, most);
        both("drain " + most, drained, modelDrained(most));
      }
      case 20 -> {
        var item = new Item(random.nextInt(made + 1), random.nextInt(3));
        both("remove " + item, queue.remove(item), modelRemoved(item));
      }
      case 21 -> {
        queue.clear();
        both("clear", queue.size(), modelCleared());
      }
      case 22 -> {
        if (random.nextInt(4) == 0) {
          did("close");
          queue.close();
          close();
        }
      }
      default -> both("items", List.copyOf(queue), sorted());
    }
  }

  private static String tried(Supplier<Object> attempt) {
    try {
      return String.valueOf(attempt.get());
    } catch (IllegalStateException refused) {
      return ModelThread.REFUSED;
    }
  }

  private Object taskDone() {
    queue.taskDone();
    return "done";
  }

  private Object modelDone() {
    if (unfinished == 0) {
      return ModelThread.REFUSED;
    }
    unfinished--;
    if (unfinished == 0) {
      joiners.serveAll("joined");
    }
    return "done";
  }

  private List<Item> modelDrained(int most) {
    var drained = new ArrayList<Item>();
    while (drained.size() < most) {
      var item = take();
      if (item == null) {
        break;
      }
      drained.add(item);
    }
    return drained;
  }

  private boolean modelRemoved(Item item) {
    var removed = items.remove(item);
    if (removed) {
      letIn();
    }
    return removed;
  }

  private int modelCleared() {
    modelDrained(Integer.MAX_VALUE);
    return items.size();
  }

  private void close() {
    closed = true;
    getters.serveAll(ModelThread.REFUSED);
    putters.serveAll(ModelThread.REFUSED);
  }

  private List<Item> sorted() {
    return switch (kind) {
      case FIFO -> items;
      case LIFO -> items.reversed();
      case PRIORITY -> items.stream().sorted(Comparator.comparingInt(Item::rank)).toList();
    };
  }

  // --------------------------------------------------------------------------------- how it is

  @Override
  String real() {
    return queue + " " + List.copyOf(queue) + " room " + queue.remainingCapacity();
  }

  @Override
  String model() {
    return "%s[%d of %s, %d getting, %d putting%s] %s room %d"
        .formatted(
            queue.getClass().getSimpleName(),
            items.size(),
            maxsize == Integer.MAX_VALUE ? "any" : maxsize,
            getters.length(),
            putters.length(),
            closed ? ", closed" : "",
            sorted(),
            maxsize == Integer.MAX_VALUE ? maxsize : Math.max(0, maxsize - items.size()));
  }

  @Override
  void compareAlways() {
    both("size", queue.size(), items.size());
  }
}
