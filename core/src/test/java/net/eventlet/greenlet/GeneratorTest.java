package net.eventlet.greenlet;

import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import net.eventlet.GreenThreadExit;
import net.eventlet.Timeout;
import net.eventlet.hubs.Bounded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Bounded
class GeneratorTest {

  private final List<Object> steps = new ArrayList<>();

  // ---------------------------------------------------------------------------------------- values

  @ParameterizedTest
  @EnumSource
  void whatTheBodyYieldsIsIteratedInOrder(Where where) throws Exception {
    where.run(() -> {
      for (var value : counting(3)) {
        steps.add(value);
      }

      assertEquals(List.of(0, 1, 2), steps);
    });
  }

  @ParameterizedTest
  @EnumSource
  void theBodyRunsOnlyAsFarAsItIsAsked(Where where) throws Exception {
    where.run(() -> {
      var generator =
          new Generator<String>(out -> {
            steps.add("begun");
            out.yield("first");
            steps.add("between");
            out.yield("second");
            steps.add("ended");
          });

      assertEquals(List.of(), steps);
      assertTrue(generator.hasNext());
      assertTrue(generator.hasNext());
      assertEquals("first", generator.next());
      assertEquals(List.of("begun"), steps);
      assertEquals("second", generator.next());
      assertEquals(List.of("begun", "between"), steps);
      assertFalse(generator.hasNext());
      assertEquals(List.of("begun", "between", "ended"), steps);
    });
  }

  @ParameterizedTest
  @EnumSource
  void afterTheLastValueThereIsNone(Where where) throws Exception {
    where.run(() -> {
      var generator = counting(1);
      generator.next();

      assertThrows(NoSuchElementException.class, generator::next);
      assertThrows(NoSuchElementException.class, generator::next);
      assertFalse(generator.hasNext());
      assertFalse(generator.iterator().hasNext());
    });
  }

  @ParameterizedTest
  @EnumSource
  void aValueMayBeNull(Where where) throws Exception {
    where.run(() -> {
      var generator = new Generator<@Nullable String>(out -> out.yield(null));

      assertTrue(generator.hasNext());
      assertNull(generator.next());
      assertFalse(generator.hasNext());
    });
  }

  @ParameterizedTest
  @EnumSource
  void aGeneratorMayIterateAnother(Where where) throws Exception {
    where.run(() -> {
      var tree = new Tree(new Tree(null, 1, new Tree(null, 2, null)), 3, new Tree(null, 4, null));

      new Generator<Integer>(tree::walk).forEachRemaining(steps::add);

      assertEquals(List.of(1, 2, 3, 4), steps);
    });
  }

  /// A tree that is walked by one generator a node.
  private record Tree(@Nullable Tree left, int value, @Nullable Tree right) {

    void walk(Generator.Out<Integer> out) {
      walk(left, out);
      out.yield(value);
      walk(right, out);
    }

    private static void walk(@Nullable Tree side, Generator.Out<Integer> out) {
      if (side != null) {
        new Generator<Integer>(side::walk).forEachRemaining(out::yield);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void severalGeneratorsAreIteratedInStep(Where where) throws Exception {
    where.run(() -> {
      var first = counting(1_000);
      var second = counting(1_000);

      while (first.hasNext() && second.hasNext()) {
        assertEquals(first.next(), second.next());
      }

      assertFalse(second.hasNext());
    });
  }

  @ParameterizedTest
  @EnumSource
  void differentGreenletsOfAThreadMayAskInTurn(Where where) throws Exception {
    where.run(() -> {
      var generator = counting(3);
      var greenlet = new Greenlet(_ -> generator.next());

      steps.add(generator.next());
      steps.add(greenlet.switchTo());
      steps.add(generator.next());

      assertEquals(List.of(0, 1, 2), steps);
    });
  }

  // -------------------------------------------------------------------------------------- failures

  @ParameterizedTest
  @EnumSource
  void anUncheckedExceptionOfTheBodyComesOutAsItIs(Where where) throws Exception {
    where.run(() -> {
      var failure = new IllegalArgumentException("of the body");
      var generator =
          new Generator<Integer>(out -> {
            out.yield(1);
            throw failure;
          });

      assertEquals(1, generator.next());
      assertSame(failure, assertThrows(IllegalArgumentException.class, generator::hasNext));
      assertFalse(generator.hasNext());
      assertThrows(NoSuchElementException.class, generator::next);
    });
  }

  @ParameterizedTest
  @EnumSource
  void aCheckedExceptionOfTheBodyComesOutWrapped(Where where) throws Exception {
    where.run(() -> {
      var failure = new Failure("of the body");
      var generator =
          new Generator<Integer>(_ -> {
            throw failure;
          });

      assertSame(failure, assertThrows(CompletionException.class, generator::next).getCause());
      assertFalse(generator.hasNext());
    });
  }

  @ParameterizedTest
  @EnumSource
  void anErrorOfTheBodyComesOutAsItIs(Where where) throws Exception {
    where.run(() -> {
      var failure = new AssertionError("of the body");
      var generator =
          new Generator<Integer>(_ -> {
            throw failure;
          });

      assertSame(failure, assertThrows(AssertionError.class, generator::next));
    });
  }

  // ----------------------------------------------------------------------------------------- close

  @ParameterizedTest
  @EnumSource
  void aCloseEndsTheBodyAtItsYield(Where where) throws Exception {
    where.run(() -> {
      try (var generator = cleaningUp()) {
        assertEquals(1, generator.next());
      }

      assertEquals(List.of("cleaned up"), steps);
    });
  }

  @ParameterizedTest
  @EnumSource
  void aClosedOneHasNoMoreValuesNotEvenOneThatWasThere(Where where) throws Exception {
    where.run(() -> {
      var generator = cleaningUp();
      assertTrue(generator.hasNext());

      generator.close();
      generator.close();

      assertFalse(generator.hasNext());
      assertThrows(NoSuchElementException.class, generator::next);
      assertEquals(List.of("cleaned up"), steps);
    });
  }

  @ParameterizedTest
  @EnumSource
  void oneThatIsClosedBeforeItBeginsNeverBegins(Where where) throws Exception {
    where.run(() -> {
      var generator = new Generator<Integer>(_ -> steps.add("begun"));

      generator.close();

      assertFalse(generator.hasNext());
      assertEquals(List.of(), steps);
    });
  }

  @ParameterizedTest
  @EnumSource
  void oneThatIsClosedAtItsEndStaysThere(Where where) throws Exception {
    where.run(() -> {
      var generator = counting(1);
      generator.forEachRemaining(steps::add);

      generator.close();

      assertFalse(generator.hasNext());
    });
  }

  @ParameterizedTest
  @EnumSource
  void whatCleaningUpThrowsComesOutOfTheClose(Where where) throws Exception {
    where.run(() -> {
      var failure = new Failure("of cleaning up");
      var generator =
          new Generator<Integer>(out -> {
            try {
              out.yield(1);
            } catch (GreenletExit e) {
              throw failure;
            }
          });
      generator.next();

      assertSame(failure, assertThrows(CompletionException.class, generator::close).getCause());
      assertFalse(generator.hasNext());
    });
  }

  @ParameterizedTest
  @EnumSource
  void aBodyThatYieldsWhileItIsClosedIsAnError(Where where) throws Exception {
    where.run(() -> {
      var generator =
          new Generator<Integer>(out -> {
            try {
              out.yield(1);
            } finally {
              out.yield(2);
            }
          });
      generator.next();

      assertThrows(IllegalStateException.class, generator::close);
      assertFalse(generator.hasNext());
    });
  }

  // ----------------------------------------------------------------------------------------- waits

  @Test
  void aBodyMayWaitBetweenItsValues() throws Exception {
    run(() -> {
      spawn(() -> {
        steps.add("another");
        sleep();
        steps.add("another");
      });
      var generator =
          new Generator<String>(out -> {
            sleep();
            out.yield("a");
            sleep();
            out.yield("b");
          });

      generator.forEachRemaining(steps::add);

      assertEquals(List.of("another", "a", "another", "b"), steps);
    });
  }

  @Test
  void aKillOfWhoeverAsksCleansUpTheBodyThatWaits() throws Exception {
    run(() -> {
      var generator =
          new Generator<String>(_ -> {
            try {
              sleep(Duration.ofHours(1));
            } finally {
              steps.add("cleaned up");
            }
          });
      var victim = spawn(generator::next);
      sleep();

      victim.kill();

      assertEquals(List.of("cleaned up"), steps);
      assertThrows(GreenThreadExit.class, victim::await);
    });
  }

  @Test
  void aTimeoutEndsTheBodyThatWaits() throws Exception {
    run(() -> {
      var generator =
          new Generator<String>(out -> {
            out.yield("in time");
            sleep(Duration.ofHours(1));
          });

      assertEquals("in time", generator.next());
      assertThrows(Timeout.class, () -> Timeout.call(Duration.ofMillis(2), generator::next));
      assertFalse(generator.hasNext());
    });
  }

  // ------------------------------------------------------------------------------------- wrong
  // calls

  @ParameterizedTest
  @EnumSource
  void oneThatHasBegunStaysOnItsThread(Where where) throws Exception {
    var generator = counting(3);
    generator.next();
    where.run(() -> {
      var thrown = assertThrows(IllegalStateException.class, generator::next);
      assertThrows(IllegalStateException.class, generator::hasNext);
      assertThrows(IllegalStateException.class, generator::close);

      assertTrue(
          thrown.getMessage().contains(Thread.currentThread().toString()), thrown::getMessage);
    });

    assertEquals(1, generator.next());
  }

  @ParameterizedTest
  @EnumSource
  void oneThatHasNotBegunMayBeHandedOver(Where where) throws Exception {
    var generator = counting(2);

    where.run(() -> generator.forEachRemaining(steps::add));

    assertEquals(List.of(0, 1), steps);
  }

  @ParameterizedTest
  @EnumSource
  void aBodyCannotAskItself(Where where) throws Exception {
    where.run(() -> {
      var self = new AtomicReference<Generator<Integer>>();
      self.set(
          new Generator<>(out -> {
            assertThrows(IllegalStateException.class, self.get()::next);
            assertThrows(IllegalStateException.class, self.get()::hasNext);
            assertThrows(IllegalStateException.class, self.get()::close);
            out.yield(1);
          }));

      assertEquals(1, self.get().next());
    });
  }

  @ParameterizedTest
  @EnumSource
  void nobodyElseYieldsForABody(Where where) throws Exception {
    where.run(() -> {
      var stolen = new AtomicReference<Generator.Out<Integer>>();
      var generator =
          new Generator<Integer>(out -> {
            stolen.set(out);
            out.yield(1);
            new Greenlet(_ -> assertThrows(IllegalStateException.class, () -> out.yield(2)))
                .switchTo();
            out.yield(3);
          });

      assertEquals(1, generator.next());
      assertThrows(IllegalStateException.class, () -> stolen.get().yield(2));
      assertEquals(3, generator.next());
    });
  }

  @ParameterizedTest
  @EnumSource
  void aBodyThatSwitchesAwayInsteadOfYieldingIsAnErrorAndCanGoOn(Where where) throws Exception {
    where.run(() -> {
      var main = Greenlet.current();
      var generator =
          new Generator<Integer>(out -> {
            main.switchTo("no value");
            out.yield(1);
          });

      assertThrows(IllegalStateException.class, generator::next);
      assertEquals(1, generator.next());
    });
  }

  @Test
  void aYieldOutOfAClassInitialiserIsRefusedAndTheBodyGoesOn() throws Exception {
    Where.PLAIN_THREAD.run(() -> {
      var generator =
          new Generator<Integer>(out -> {
            OUT.set(out);
            assertInstanceOf(IllegalStateException.class, Yielding.REFUSAL);
            out.yield(1);
          });

      assertEquals(1, generator.next());
      assertFalse(generator.hasNext());
    });
  }

  private static final AtomicReference<Generator.Out<Integer>> OUT = new AtomicReference<>();

  private static final class Yielding {
    static final Throwable REFUSAL =
        assertThrows(IllegalStateException.class, () -> OUT.get().yield(0));
  }

  @Test
  @SuppressWarnings("NullAway")
  void aNullBodyIsRefused() {
    assertThrows(NullPointerException.class, () -> new Generator<>(null));
  }

  @Test
  void oneTellsItsState() throws Exception {
    Where.PLAIN_THREAD.run(() -> {
      var generator = counting(1);

      assertEquals("Generator[ready]", generator.toString());
      generator.hasNext();
      assertEquals("Generator[yielded 0]", generator.toString());
      generator.close();
      assertEquals("Generator[ended]", generator.toString());
    });
  }

  // --------------------------------------------------------------------------------------- helpers

  private static Generator<Integer> counting(int limit) {
    return new Generator<>(out -> {
      for (var i = 0; i < limit; i++) {
        out.yield(i);
      }
    });
  }

  private Generator<Integer> cleaningUp() {
    return new Generator<>(out -> {
      try {
        out.yield(1);
        out.yield(2);
      } finally {
        steps.add("cleaned up");
      }
    });
  }
}
