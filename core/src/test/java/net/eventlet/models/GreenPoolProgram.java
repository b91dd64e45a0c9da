package net.eventlet.models;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.eventlet.GreenPool;
import net.eventlet.GreenThread;
import net.eventlet.models.Step.Bounded;
import org.jspecify.annotations.Nullable;

/// A pool that green threads, and its own members, spawn into.
final class GreenPoolProgram extends Program {

  private final GreenPool pool;
  private final ArrayDeque<GreenThread<?>> members = new ArrayDeque<>(); // that began, by age
  private final ArrayDeque<ModelThread> modelMembers = new ArrayDeque<>();
  private final Set<ModelThread> inside = new HashSet<>();
  private final ModelLine<String> spawners = new ModelLine<>();
  private final ModelLine<String> idlers = new ModelLine<>();
  private int size;
  private int running;
  private boolean closed;
  private int depth; // of what is being made

  GreenPoolProgram(int seed) {
    super(seed);
    size = random.nextInt(4);
    pool = new GreenPool(size);
    did("new " + size);
  }

  // --------------------------------------------------------------------------------------- steps

  @Override
  Step step() {
    return switch (random.nextInt(depth == 0 ? 8 : 12)) {
      case 0 -> new WaitAll();
      case 8, 9 -> new Fail();
      case 10, 11 -> new Pause();
      default -> depth < 3 ? spawn() : new Pause();
    };
  }

  private Step spawn() {
    depth++;
    try {
      return new Spawn(nextName(), steps(random.nextInt(4)));
    } finally {
      depth--;
    }
  }

  private final class Spawn implements Step {

    private final String name;
    private final List<Bounded> steps;

    Spawn(String name, List<Bounded> steps) {
      this.name = name;
      this.steps = steps;
    }

    @Override
    public String act(@Nullable Duration limit) {
      var member =
          pool.spawn(() -> {
            perform(name, steps);
            return "returned";
          });
      if (!member.isDone()) {
        member.link(_ -> {}); // which receives its failure
        members.add(member);
        return "spawned";
      }
      return switch (member.state()) {
        case SUCCESS -> "done in place";
        case FAILED -> "failed in place" + (member.exceptionNow() instanceof Failure ? "" : "?");
        default -> member.toString();
      };
    }

    @Override
    public @Nullable String model(ModelThread thread) {
      if (closed) {
        return ModelThread.REFUSED;
      }
      if (running < size && spawners.isEmpty()) {
        running++;
        return spawned();
      }
      if (inside.contains(thread)) {
        return thread.enter(name, steps);
      }
      return thread.await(
          result -> result.equals("admitted") ? spawned() : result,
          turn -> spawners.join(turn, ""));
    }

    private String spawned() {
      var member = modelThread(name, steps);
      inside.add(member);
      modelMembers.add(member.start(GreenPoolProgram.this::leave));
      return "spawned";
    }

    @Override
    public String toString() {
      return "spawn " + name + " " + steps;
    }
  }

  private void leave() {
    running--;
    letIn();
    if (running == 0) {
      idlers.serveAll("all done");
    }
  }

  private void letIn() {
    while (running < size && spawners.serveOne("admitted")) {
      running++;
    }
  }

  private final class WaitAll implements Step {

    @Override
    public String act(@Nullable Duration limit) {
      pool.waitAll();
      return "all done";
    }

    @Override
    public @Nullable String model(ModelThread thread) {
      if (inside.contains(thread)) {
        return ModelThread.REFUSED;
      }
      return running == 0
          ? "all done"
          : thread.await(result -> result, turn -> idlers.join(turn, ""));
    }

    @Override
    public String toString() {
      return "waitAll";
    }
  }

  private static final class Fail implements Step {

    @Override
    public String act(@Nullable Duration limit) {
      throw new Failure();
    }

    @Override
    public String model(ModelThread thread) {
      return ModelThread.FAILED;
    }

    @Override
    public String toString() {
      return "fail";
    }
  }

  // -------------------------------------------------------------------------------------- driver

  @Override
  void act() {
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> {
        size = random.nextInt(4);
        did("resize " + size);
        pool.resize(size);
        letIn();
      }
      case 3 -> {
        if (random.nextInt(8) == 0) {
          did("close");
          pool.close();
          closed = true;
          spawners.serveAll(ModelThread.REFUSED);
        }
      }
      default -> harmMember();
    }
  }

  private void harmMember() {
    if (members.isEmpty() || members.size() != modelMembers.size()) {
      return;
    }
    var real = members.remove();
    var model = modelMembers.remove();
    switch (random.nextInt(4)) {
      case 0, 1 -> {
        did("kill member " + real.name());
        real.kill();
        model.kill();
        assertAlike();
      }
      case 2 -> {
        did("cancel and unwind member " + real.name());
        real.cancel(true);
        model.cancel(true);
      }
      default -> {
        did("cancel member " + real.name());
        real.cancel();
        model.cancel(false);
      }
    }
  }

  @Override
  void compareAlways() {
    assertEquals(
        List.of(running, Math.max(0, size - running)),
        List.of(pool.running(), pool.free()),
        this::history);
  }

  @Override
  String real() {
    return pool.toString();
  }

  @Override
  String model() {
    return "GreenPool[%d of %d running, %d waiting%s]"
        .formatted(running, size, spawners.length(), closed ? ", closed" : "");
  }

  @Override
  void killTheRest() {
    while (!members.isEmpty()) {
      var real = members.remove();
      var model = modelMembers.remove();
      real.kill();
      model.kill();
      assertAlike();
    }
  }

  @Override
  void assertNothingLeft() {
    assertEquals(
        List.of(0, size, 0), List.of(pool.running(), pool.free(), pool.waiting()), this::history);
  }
}
