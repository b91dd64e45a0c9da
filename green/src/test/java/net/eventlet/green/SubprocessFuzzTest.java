package net.eventlet.green;

import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.eventlet.Action;
import net.eventlet.GreenThread;
import net.eventlet.Timeout;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// At whatever instant somebody is killed or a time runs out: no child, no grandchild, no zombie
/// and no descriptor is left.
class SubprocessFuzzTest {

  private static final int AT_ONCE = 8;
  private static final String MARK = "48.25"; // seconds that only these sleep

  static IntStream seeds() {
    return IntStream.range(0, 12);
  }

  static IntStream moreSeeds() {
    return IntStream.range(12, 500);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void nothingIsLeftBehind(int seed) throws Exception {
    nothingIsLeft(seed);
  }

  @Tag("soak")
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("moreSeeds")
  void nothingIsLeftBehindOverManySeeds(int seed) throws Exception {
    nothingIsLeft(seed);
  }

  private static void nothingIsLeft(int seed) throws Exception {
    Subprocess.run("true");
    run(() -> Subprocess.run("true"));
    var before = LeftBehind.descriptors();

    run(() -> {
      var ticks = new AtomicInteger();
      spawn(() -> {
        while (true) {
          sleep(Duration.ofMillis(1));
          ticks.incrementAndGet();
        }
      });
      var random = new Random(seed);
      var victims = new ArrayList<GreenThread<?>>();
      for (var i = 0; i < AT_ONCE; i++) {
        victims.add(spawn(() -> ignoringEnds(deed(random))));
      }
      for (var victim : victims) {
        sleep(Duration.ofNanos(random.nextInt(4_000_000)));
        victim.kill();
      }
      assertTrue(ticks.get() > 0, "the hub never ticked");
      // what is still alive ends with the hub
      for (var i = 0; i < 3; i++) {
        spawn(() -> ignoringEnds(deed(random)));
      }
      sleep(Duration.ofNanos(random.nextInt(4_000_000)));
    });

    LeftBehind.until("no child is left", () -> LeftBehind.children().isEmpty());
    LeftBehind.until(
        "no grandchild is left", () -> LeftBehind.mentioning("sleep " + MARK).isEmpty());
    LeftBehind.until("no descriptor is left", () -> LeftBehind.descriptors() <= before);
  }

  private static void ignoringEnds(Action deed) throws Exception {
    try {
      deed.run();
    } catch (TimeoutException | IOException expected) {
      // the one of communicate, of run, and of a stream that was closed
    }
  }

  private static Action deed(Random random) {
    var commands =
        List.of(
            Command.of("true"),
            Command.of("sleep", MARK),
            Command.shell("sleep " + MARK + " & exit 3"),
            Command.shell("trap '' TERM; sleep " + MARK + " & wait; wait"),
            Command.shell("head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2"),
            Command.of("cat").withInput("text"),
            Command.of("no-such-program"));
    var command = commands.get(random.nextInt(commands.size()));
    var limit = Duration.ofNanos(random.nextInt(8_000_000));
    return switch (random.nextInt(4)) {
      case 0 -> () -> Subprocess.run(command, null);
      case 1 -> () -> Subprocess.run(command, limit);
      case 2 -> () -> Timeout.run(limit, () -> Subprocess.run(command, null));
      default ->
          () -> {
            try (var child = Subprocess.popen(command)) {
              child.communicate(new byte[100_000], limit);
            }
          };
    };
  }
}
