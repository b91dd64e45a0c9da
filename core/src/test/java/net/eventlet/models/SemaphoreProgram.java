package net.eventlet.models;

import static net.eventlet.Eventlet.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import net.eventlet.BoundedSemaphore;
import net.eventlet.CappedSemaphore;
import net.eventlet.Semaphore;
import org.jspecify.annotations.Nullable;

/// A semaphore whose permits green threads acquire and release.
final class SemaphoreProgram extends Program {

  private final Kind kind;
  private final Semaphore semaphore;
  private final int limit; // most permits that there may be
  private final ModelLine<String> acquirers = new ModelLine<>();
  private final ModelLine<String> releasers = new ModelLine<>();
  private int permits;

  /// What happens at the limit.
  enum Kind {
    PLAIN,
    BOUNDED,
    CAPPED
  }

  SemaphoreProgram(int seed) {
    super(seed);
    kind = Kind.values()[seed % 3];
    permits = random.nextInt(3);
    limit = kind == Kind.CAPPED ? permits + random.nextInt(3) : permits;
    semaphore =
        switch (kind) {
          case PLAIN -> new Semaphore(permits);
          case BOUNDED -> new BoundedSemaphore(permits);
          case CAPPED -> new CappedSemaphore(permits, limit);
        };
    did("new " + kind + " " + permits + " up to " + limit);
  }

  // --------------------------------------------------------------------------------------- model

  private boolean take() {
    if (permits > 0) {
      permits--;
      if (releasers.serveOne("released")) {
        permits++;
      }
      return true;
    }
    return releasers.serveOne("released"); // a rendezvous
  }

  /// Answers whether a permit found a place; not at the limit.
  private boolean give() {
    if (kind == Kind.BOUNDED && permits == limit) {
      return false;
    }
    if (acquirers.serveOne("acquired")) {
      return true;
    }
    if (kind == Kind.CAPPED && permits == limit) {
      return false;
    }
    permits++;
    return true;
  }

  // --------------------------------------------------------------------------------------- steps

  @Override
  Step step() {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> new Acquire();
      case 3, 4, 5 -> new Release();
      default -> kind == Kind.CAPPED ? new Release() : new Hold();
    };
  }

  private final class Acquire implements Step {

    @Override
    public String act(@Nullable Duration time) throws Exception {
      if (time == null) {
        semaphore.acquire();
      } else if (!semaphore.tryAcquire(time)) {
        throw new TimeoutException();
      }
      return "acquired";
    }

    @Override
    public @Nullable String model(ModelThread thread) {
      return take() ? "acquired" : thread.await(result -> result, turn -> acquirers.join(turn, ""));
    }

    @Override
    public boolean isLimited() {
      return true;
    }

    @Override
    public String toString() {
      return "acquire";
    }
  }

  private final class Release implements Step {

    @Override
    public String act(@Nullable Duration time) {
      semaphore.release();
      return "released";
    }

    @Override
    public @Nullable String model(ModelThread thread) {
      if (give()) {
        return "released";
      }
      return kind == Kind.BOUNDED
          ? ModelThread.REFUSED
          : thread.await(result -> result, turn -> releasers.join(turn, ""));
    }

    @Override
    public String toString() {
      return "release";
    }
  }

  /// Holds a permit for a turn, with `try`. Not of a capped one, which may wait in `close`.
  private final class Hold implements Step {

    @Override
    public String act(@Nullable Duration time) {
      try (var _ = semaphore.hold()) {
        sleep();
      }
      return "held";
    }

    @Override
    public @Nullable String model(ModelThread thread) {
      return take()
          ? held(thread)
          : thread.await(_ -> held(thread), turn -> acquirers.join(turn, ""));
    }

    private @Nullable String held(ModelThread thread) {
      thread.onUnwind(SemaphoreProgram.this::give);
      return thread.pause(_ -> {
        thread.onUnwind(() -> {});
        return give() ? "held" : ModelThread.REFUSED;
      });
    }

    @Override
    public String toString() {
      return "hold";
    }
  }

  // -------------------------------------------------------------------------------------- driver

  @Override
  void act() {
    if (random.nextBoolean()) {
      both("try", semaphore.tryAcquire(), (permits > 0 || limit == 0) && take());
    } else if (kind != Kind.CAPPED || permits < limit) { // or the driver would wait
      both(
          "release",
          tried(() -> {
            semaphore.release();
            return "released";
          }),
          give() ? "released" : ModelThread.REFUSED);
    }
  }

  private static String tried(Supplier<String> attempt) {
    try {
      return attempt.get();
    } catch (IllegalStateException refused) {
      return ModelThread.REFUSED;
    }
  }

  @Override
  String real() {
    return String.valueOf(semaphore.balance());
  }

  @Override
  String model() {
    return String.valueOf(permits - acquirers.length() + releasers.length());
  }

  @Override
  void assertNothingLeft() {
    var left = 0;
    while (semaphore.tryAcquire()) {
      left++;
    }
    assertEquals(permits, left, this::history);
  }
}
