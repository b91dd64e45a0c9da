package net.eventlet.jdk;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import net.eventlet.hubs.Bounded;
import org.junit.jupiter.api.Test;

/// Coroutines by themselves; the tests of greenlets search them.
@Bounded
class CoroutineTest {

  private final List<String> steps = new ArrayList<>();
  private final AtomicReference<Coroutine> self = new AtomicReference<>();

  @Test
  void thisJdkIsMadeAsWeKnowIt() {
    assertDoesNotThrow(Coroutine::require);
  }

  @Test
  void thisJvmListsWhatIsReadOfItsMemory() {
    assertTrue(JvmThread.listed());
  }

  @Test
  void oneRunsUntilItSuspendsItselfOrEnds() {
    self.set(
        new Coroutine(() -> {
          steps.add("begun");
          assertTrue(self.get().suspend());
          steps.add("ended");
        }));

    self.get().run();
    steps.add("suspended");
    self.get().run();

    assertEquals(List.of("begun", "suspended", "ended"), steps);
  }

  @Test
  void whatTheBodyThrowsComesOutOfTheRun() {
    var failure = new AssertionError("of the body");
    var coroutine =
        new Coroutine(() -> {
          throw failure;
        });

    assertSame(failure, assertThrows(AssertionError.class, coroutine::run));
  }

  @Test
  void oneThatIsDoneCannotBeRun() {
    var coroutine = new Coroutine(() -> steps.add("ran"));
    coroutine.run();

    assertThrows(IllegalStateException.class, coroutine::run);

    assertEquals(List.of("ran"), steps);
  }
}
