package net.eventlet.greenlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import net.eventlet.hubs.Bounded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The rules of greenlets, on each kind of thread.
@Bounded
class GreenletTest {

  private final List<Object> steps = new ArrayList<>();

  // ------------------------------------------------------------------------------------ switching

  @ParameterizedTest
  @EnumSource
  void theCounterOfTheSlidesCountsFromZero(Where where) throws Exception {
    where.run(() -> {
      var main = Greenlet.current();
      var counter =
          new Greenlet(_ -> {
            for (var i = 0; ; i++) {
              main.switchTo(i);
            }
          });

      assertEquals(0, counter.switchTo());
      assertEquals(1, counter.switchTo());
      assertEquals(2, counter.switchTo());
    });
  }

  @ParameterizedTest
  @EnumSource
  void theFirstSwitchPassesItsValueToTheBodyAndLaterOnesToTheSwitchThatIsPending(Where where)
      throws Exception {
    where.run(() -> {
      var main = Greenlet.current();
      var greenlet =
          new Greenlet(first -> {
            steps.add(first);
            steps.add(main.switchTo("out 1"));
            steps.add(main.switchTo("out 2"));
            return "end";
          });

      assertEquals("out 1", greenlet.switchTo("in 1"));
      assertEquals("out 2", greenlet.switchTo("in 2"));
      assertEquals("end", greenlet.switchTo("in 3"));

      assertEquals(List.of("in 1", "in 2", "in 3"), steps);
    });
  }

  @ParameterizedTest
  @EnumSource
  void aSwitchWithoutAValuePassesNull(Where where) throws Exception {
    where.run(() -> {
      var main = Greenlet.current();
      var greenlet =
          new Greenlet(first -> {
            assertNull(first);
            assertNull(main.switchTo());
            return null;
          });

      assertNull(greenlet.switchTo());
      assertNull(greenlet.switchTo());

      assertTrue(greenlet.dead());
    });
  }

  @ParameterizedTest
  @EnumSource
  void greenletsSwitchToEachOtherPastTheMainOne(Where where) throws Exception {
    where.run(() -> {
      var ring = new Greenlet[3];
      for (var i = 0; i < ring.length; i++) {
        var next = (i + 1) % ring.length;
        ring[i] =
            new Greenlet(first -> {
              var count = (int) first;
              while (count < 100) {
                count = (int) ring[next].switchTo(count + 1);
              }
              return count;
            });
      }

      assertEquals(100, ring[0].switchTo(0));

      assertEquals(1, IntStream.range(0, 3).filter(i -> ring[i].dead()).count());
    });
  }

  @ParameterizedTest
  @EnumSource
  void aSwitchToItselfReturnsWhatItPasses(Where where) throws Exception {
    where.run(() -> {
      assertEquals("of main", Greenlet.current().switchTo("of main"));
      assertEquals(
          "of a child", new Greenlet(_ -> Greenlet.current().switchTo("of a child")).switchTo());
    });
  }

  @ParameterizedTest
  @EnumSource
  void aSwitchToADeadOneGoesToTheNearestAncestorThatIsNot(Where where) throws Exception {
    where.run(() -> {
      var main = Greenlet.current();
      var grandparent =
          new Greenlet(_ -> {
            steps.add(main.switchTo());
            return "of the grandparent";
          });
      var parent = new Greenlet(_ -> null, grandparent);
      var child = new Greenlet(_ -> null, parent);
      grandparent.switchTo();
      parent.parent(main);
      parent.switchTo();
      parent.parent(grandparent);
      child.parent(main);
      child.switchTo();
      child.parent(parent);

      assertEquals("of the grandparent", child.switchTo("passed on"));
      assertEquals("to itself", child.switchTo("to itself"));

      assertEquals(List.of("passed on"), steps);
    });
  }

  @ParameterizedTest
  @EnumSource
  void oneThatIsRunningIsCurrent(Where where) throws Exception {
    where.run(() -> {
      var main = Greenlet.current();
      var greenlet = new Greenlet(_ -> Greenlet.current());

      assertSame(greenlet, greenlet.switchTo());
      assertSame(main, Greenlet.current());
    });
  }

  @ParameterizedTest
  @EnumSource
  void manyCanBeSuspendedAtATime(Where where) throws Exception {
    where.run(() -> {
      var main = Greenlet.current();
      var many =
          IntStream.range(0, 10_000)
              .mapToObj(i -> new Greenlet(_ -> i + (int) main.switchTo(i)))
              .toList();

      var before = many.stream().mapToInt(greenlet -> (int) greenlet.switchTo()).sum();
      var after = many.stream().mapToInt(greenlet -> (int) greenlet.switchTo(1)).sum();

      assertEquals(49_995_000, before);
      assertEquals(50_005_000, after);
    });
  }

  @ParameterizedTest
  @EnumSource
  void itsStackMayBeDeepWhenItSwitches(Where where) throws Exception {
    where.run(() -> {
      var main = Greenlet.current();
      var greenlet = new Greenlet(depth -> descend(main, (int) depth));

      assertEquals("at the bottom", greenlet.switchTo(2_000));
      assertEquals(2_000, greenlet.switchTo());
    });
  }

  private static int descend(Greenlet main, int depth) {
    if (depth == 0) {
      main.switchTo("at the bottom");
      return 0;
    }
    return 1 + descend(main, depth - 1);
  }

  // --------------------------------------------------------------------------------- ends, parents

  @ParameterizedTest
  @EnumSource
  void whatABodyReturnsGoesToTheParentNotToWhoeverSwitchedLast(Where where) throws Exception {
    where.run(() -> {
      var child = new Greenlet(_ -> "of the child");
      var other =
          new Greenlet(_ -> {
            child.switchTo();
            throw new AssertionError("nobody switches back here");
          });

      assertEquals("of the child", other.switchTo());
      assertTrue(other.active());
    });
  }

  @ParameterizedTest
  @EnumSource
  void aParentThatNeverBeganIsBegunWithWhatItsChildReturned(Where where) throws Exception {
    where.run(() -> {
      var parent = new Greenlet(first -> List.of("B", String.valueOf(first)));
      var child = new Greenlet(_ -> "A", parent);

      assertEquals(List.of("B", "A"), child.switchTo());
    });
  }

  @ParameterizedTest
  @EnumSource
  void theParentIsTheOneThatRunsUnlessGiven(Where where) throws Exception {
    where.run(() -> {
      var main = Greenlet.current();
      var child = new Greenlet(_ -> new Greenlet(_ -> null));

      var grandchild = assertInstanceOf(Greenlet.class, child.switchTo());

      assertSame(main, child.parent());
      assertSame(child, grandchild.parent());
      assertSame(main, new Greenlet(_ -> null, null).parent());
      assertSame(child, new Greenlet(_ -> null, child).parent());
    });
  }

  @ParameterizedTest
  @EnumSource
  void theParentAtTheEndCounts(Where where) throws Exception {
    where.run(() -> {
      var late = new Greenlet(first -> List.of("late", String.valueOf(first)));
      var child =
          new Greenlet(_ -> {
            Greenlet.current().parent(late);
            return "end";
          });

      assertEquals(List.of("late", "end"), child.switchTo());
    });
  }

  @ParameterizedTest
  @EnumSource
  void aCycleOfParentsIsRefused(Where where) throws Exception {
    where.run(() -> {
      var main = Greenlet.current();
      var parent = new Greenlet(_ -> null);
      var child = new Greenlet(_ -> null, parent);

      var thrown = assertThrows(IllegalArgumentException.class, () -> parent.parent(child));
      assertThrows(IllegalArgumentException.class, () -> parent.parent(parent));

      assertTrue(thrown.getMessage().contains("cyclic parent chain"), thrown::getMessage);
      assertTrue(thrown.getMessage().contains(child.toString()), thrown::getMessage);
      assertSame(main, parent.parent());
    });
  }

  @ParameterizedTest
  @EnumSource
  void theMainOneHasNoParentAndIsNeverDead(Where where) throws Exception {
    where.run(() -> {
      var main = Greenlet.current();
      var child = new Greenlet(_ -> null);

      assertNull(main.parent());
      assertTrue(main.active());
      assertFalse(main.dead());
      assertThrows(IllegalStateException.class, () -> main.parent(child));
      assertThrows(IllegalStateException.class, () -> main.parent(main));
    });
  }

  @ParameterizedTest
  @EnumSource
  void oneIsActiveFromItsFirstSwitchToItsEnd(Where where) throws Exception {
    where.run(() -> {
      var main = Greenlet.current();
      var greenlet =
          new Greenlet(_ -> {
            main.switchTo(Greenlet.current().active());
            return null;
          });

      assertEquals(List.of(false, false), List.of(greenlet.active(), greenlet.dead()));
      assertEquals(true, greenlet.switchTo());
      assertEquals(List.of(true, false), List.of(greenlet.active(), greenlet.dead()));
      greenlet.switchTo();
      assertEquals(List.of(false, true), List.of(greenlet.active(), greenlet.dead()));
    });
  }

  // ------------------------------------------------------------------------------------ exceptions

  @ParameterizedTest
  @EnumSource
  void whatABodyThrowsIsThrownInTheParentTheVeryObject(Where where) throws Exception {
    where.run(() -> {
      var failure = new Failure("of the body");
      var greenlet = new Greenlet(_ -> raise(failure));

      assertSame(failure, assertThrows(Failure.class, greenlet::switchTo));
      assertTrue(greenlet.dead());
    });
  }

  @ParameterizedTest
  @EnumSource
  void anExceptionKillsEachAncestorThatDoesNotCatchIt(Where where) throws Exception {
    where.run(() -> {
      var failure = new Failure("of the youngest");
      var grandparent = new Greenlet(_ -> catching(() -> awaitFromMain()));
      grandparent.switchTo();
      var parent = new Greenlet(_ -> awaitFromMain(), Greenlet.current());
      parent.switchTo();
      parent.parent(grandparent);
      var child = new Greenlet(_ -> raise(failure), parent);

      var received = child.switchTo();

      assertSame(failure, received);
      assertTrue(child.dead());
      assertTrue(parent.dead());
      assertTrue(grandparent.dead());
    });
  }

  @ParameterizedTest
  @EnumSource
  void anExitOutOfABodyIsReturnedToTheParent(Where where) throws Exception {
    where.run(() -> {
      var exit = new GreenletExit();

      assertSame(
          exit,
          new Greenlet(
                  _ -> {
                    throw exit;
                  })
              .switchTo());
    });
  }

  @ParameterizedTest
  @EnumSource
  void anExitIsNotCaughtAsAnException(Where where) throws Exception {
    where.run(() -> {
      var greenlet =
          new Greenlet(_ -> {
            try {
              return awaitFromMain();
            } catch (Exception e) {
              return "caught";
            } finally {
              steps.add("cleaned up");
            }
          });
      greenlet.switchTo();

      assertInstanceOf(GreenletExit.class, greenlet.throwTo());

      assertEquals(List.of("cleaned up"), steps);
      assertTrue(greenlet.dead());
    });
  }

  @ParameterizedTest
  @EnumSource
  void aThrowComesOutOfThePendingSwitchAndCanBeCaught(Where where) throws Exception {
    where.run(() -> {
      var failure = new Failure("from outside");
      var greenlet = new Greenlet(_ -> catching(() -> awaitFromMain()));
      greenlet.switchTo();

      assertSame(failure, greenlet.throwTo(failure));
    });
  }

  @ParameterizedTest
  @EnumSource
  void aThrowIntoOneThatNeverBeganKillsItAtOnce(Where where) throws Exception {
    where.run(() -> {
      var failure = new Failure("before the beginning");
      var failed = new Greenlet(_ -> steps.add("ran"));
      var ended = new Greenlet(_ -> steps.add("ran"));

      assertSame(failure, assertThrows(Failure.class, () -> failed.throwTo(failure)));
      assertInstanceOf(GreenletExit.class, ended.throwTo());

      assertTrue(failed.dead());
      assertTrue(ended.dead());
      assertEquals(List.of(), steps);
    });
  }

  @ParameterizedTest
  @EnumSource
  void aThrowIntoADeadOneIsThrownInTheNearestAncestorAndAnExitReturned(Where where)
      throws Exception {
    where.run(() -> {
      var failure = new Failure("too late");
      var exit = new GreenletExit();
      var dead = new Greenlet(_ -> null);
      dead.switchTo();

      assertSame(failure, assertThrows(Failure.class, () -> dead.throwTo(failure)));
      assertSame(exit, dead.throwTo(exit));
    });
  }

  @ParameterizedTest
  @EnumSource
  void aThrowIntoItselfIsThrownAtOnceAnExitToo(Where where) throws Exception {
    where.run(() -> {
      var main = Greenlet.current();
      var failure = new Failure("of mine");

      assertSame(failure, assertThrows(Failure.class, () -> main.throwTo(failure)));
      assertThrows(GreenletExit.class, main::throwTo);
      assertThrows(NullPointerException.class, () -> main.throwTo(null));
    });
  }

  @ParameterizedTest
  @EnumSource
  void aStackOverflowEndsTheGreenletAndNothingElse(Where where) throws Exception {
    where.run(() -> {
      var greenlet = new Greenlet(_ -> overflow(0));

      assertThrows(StackOverflowError.class, greenlet::switchTo);

      assertEquals("fine", new Greenlet(_ -> "fine").switchTo());
    });
  }

  @SuppressWarnings("InfiniteRecursion")
  private static int overflow(int depth) {
    return 1 + overflow(depth + 1);
  }

  @ParameterizedTest
  @EnumSource
  void aGreenletForWhichTheStackHasNoRoomIsAnErrorAndStaysSuspended(Where where) throws Exception {
    where.run(() -> {
      var main = Greenlet.current();
      var greenlet = new Greenlet(_ -> switchAtTheBottom(main, 1_000));

      assertThrows(StackOverflowError.class, () -> switchFurtherAndFurtherUp(greenlet));

      assertSame(main, Greenlet.current());
      assertEquals("at the bottom", greenlet.switchTo());
    });
  }

  private static int switchAtTheBottom(Greenlet main, int depth) {
    while (depth == 0) {
      main.switchTo("at the bottom");
    }
    return 1 + switchAtTheBottom(main, depth - 1);
  }

  @SuppressWarnings("InfiniteRecursion")
  private static int switchFurtherAndFurtherUp(Greenlet greenlet) {
    greenlet.switchTo();
    return 1 + switchFurtherAndFurtherUp(greenlet);
  }

  // --------------------------------------------------------------------------------------- tracing

  @ParameterizedTest
  @EnumSource
  void aTracerLearnsOfEverySwitchAndThrowInTheTarget(Where where) throws Exception {
    where.run(() -> {
      var main = Greenlet.current();
      var greenlet = new Greenlet(_ -> awaitFromMain());
      var failing = new Greenlet(_ -> raise(new Failure("of the body")));
      Greenlet.Tracer tracer =
          (event, origin, target) -> {
            assertSame(target, Greenlet.current());
            steps.add(event + (origin == main ? " from main" : " to main"));
          };

      assertNull(Greenlet.trace(tracer));
      greenlet.switchTo();
      greenlet.switchTo();
      assertThrows(Failure.class, failing::switchTo);
      assertSame(tracer, Greenlet.trace(null));
      main.switchTo();

      assertEquals(
          List.of(
              "switch from main",
              "switch to main",
              "switch from main",
              "switch to main",
              "switch from main",
              "throw to main"),
          steps);
    });
  }

  @ParameterizedTest
  @EnumSource
  void aTracerThatThrowsIsRemovedAndThrowsInTheTarget(Where where) throws Exception {
    where.run(() -> {
      var main = Greenlet.current();
      var greenlet = new Greenlet(_ -> catching(() -> awaitFromMain()));
      greenlet.switchTo();
      Greenlet.trace((_, _, _) -> {
        throw new IllegalStateException("of the tracer");
      });

      var caught = assertInstanceOf(IllegalStateException.class, greenlet.switchTo());

      assertEquals("of the tracer", caught.getMessage());
      assertNull(Greenlet.trace(null));
      assertSame(main, Greenlet.current());
    });
  }

  @ParameterizedTest
  @EnumSource
  void aTracerThatThrowsAtTheBeginningKillsTheGreenlet(Where where) throws Exception {
    where.run(() -> {
      var greenlet = new Greenlet(_ -> steps.add("ran"));
      Greenlet.trace((_, _, _) -> {
        throw new IllegalStateException("of the tracer");
      });

      assertThrows(IllegalStateException.class, greenlet::switchTo);

      assertTrue(greenlet.dead());
      assertEquals(List.of(), steps);
    });
  }

  @Test
  void aTracerIsOfOneThread() throws Exception {
    Where.PLAIN_THREAD.run(() -> {
      Greenlet.trace((event, _, _) -> steps.add(event));

      Where.PLAIN_THREAD.run(() -> {
        Greenlet.current().switchTo();
        assertNull(Greenlet.trace(null));
      });

      assertEquals(List.of(), steps);
    });
  }

  // ------------------------------------------------------------------------------------- bad input

  @Test
  @SuppressWarnings("NullAway")
  void nullsAreRefused() throws Exception {
    var greenlet = new Greenlet(_ -> null);

    assertThrows(NullPointerException.class, () -> new Greenlet(null));
    assertThrows(NullPointerException.class, () -> greenlet.parent(null));
  }

  @Test
  void oneTellsItsPlaceAndState() throws Exception {
    Where.PLAIN_THREAD.run(() -> {
      var main = Greenlet.current();
      var greenlet = new Greenlet(_ -> awaitFromMain());
      var thread = Thread.currentThread();

      assertEquals("Greenlet[main of " + thread + ", running]", main.toString());
      assertEquals("Greenlet[1 of " + thread + ", new]", greenlet.toString());
      greenlet.switchTo();
      assertEquals("Greenlet[1 of " + thread + ", active]", greenlet.toString());
      greenlet.switchTo();
      assertEquals("Greenlet[1 of " + thread + ", dead]", greenlet.toString());
    });
  }

  // --------------------------------------------------------------------------------------- helpers

  /// Switches to the main greenlet, as all do here that have nobody else.
  private static @Nullable Object awaitFromMain() {
    var main = Greenlet.current();
    for (var parent = main.parent(); parent != null; parent = main.parent()) {
      main = parent;
    }
    return main.switchTo();
  }

  /// {@return what a body returns, or throws}
  private static @Nullable Object catching(Callable<@Nullable Object> body) {
    try {
      return body.call();
    } catch (Exception e) {
      return e;
    }
  }

  private static Object raise(Failure failure) throws Failure {
    throw failure;
  }
}
