package net.eventlet.green;

import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.eventlet.Timeout;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// At whatever instant a reader of a pipe is killed, or its time runs out, in `read` or in
/// `select`: the next reader gets the next byte, and no descriptor is left.
class PipeUnwindFuzzTest {

  private static final int BYTES = 200;

  static IntStream seeds() {
    return IntStream.range(0, 20);
  }

  static IntStream moreSeeds() {
    return IntStream.range(20, 2_000);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noByteIsLostOrReadTwice(int seed) throws Exception {
    noneIsLost(seed);
  }

  @Tag("soak")
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("moreSeeds")
  void noByteIsLostOrReadTwiceOverManySeeds(int seed) throws Exception {
    noneIsLost(seed);
  }

  private static void noneIsLost(int seed) throws Exception {
    var random = new Random(seed);
    run(() -> {
      try (var pipe = Os.pipe()) { // the first opens what stays open
        pipe.sink().write(1);
        Select.select(List.of(pipe.source()), List.of(), null);
      }
    });
    var before = LeftBehind.descriptors();
    var read = new ArrayList<Integer>();

    run(() -> {
      try (var pipe = Os.pipe()) {
        spawn(() -> {
          for (var i = 0; i < BYTES; i++) {
            pipe.sink().write(i);
            pause(random);
          }
        });
        while (read.size() < BYTES) {
          var reader = spawn(() -> readUntilKilled(read, pipe, random));
          pause(random);
          pause(random);
          reader.kill();
        }
      }
    });

    assertEquals(IntStream.range(0, BYTES).boxed().toList(), read);
    LeftBehind.until("no descriptor is left", () -> LeftBehind.descriptors() <= before);
  }

  private static void readUntilKilled(List<Integer> read, GreenPipe pipe, Random random)
      throws Exception {
    while (read.size() < BYTES) {
      var selects = random.nextBoolean();
      var limit = Duration.ofNanos(random.nextInt(300_000));
      if (random.nextBoolean()) {
        Timeout.run(limit, () -> readOne(read, pipe, random, selects));
      } else {
        readOne(read, pipe, random, selects);
      }
    }
  }

  private static void readOne(List<Integer> read, GreenPipe pipe, Random random, boolean selects)
      throws IOException {
    if (selects) {
      var limit = random.nextBoolean() ? null : Duration.ofNanos(random.nextInt(300_000));
      if (Select.select(List.of(pipe.source()), List.of(), limit).isEmpty()) {
        return;
      }
    }
    read.add(pipe.source().read());
  }

  private static void pause(Random random) {
    sleep(Duration.ofNanos(random.nextInt(200_000)));
  }
}
