package net.eventlet.greenlet;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.eventlet.hubs.Bounded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// For any program: greenlets do what a sequential model of them does.
///
/// A program is a tree of greenlets, each with a list of steps: switch to one, throw into one, give
/// one another parent. The model has no stacks, but for each greenlet how far it is. Both write
/// down every switch, result and exception. (The same programs were run by greenlet 3.5 on Python,
/// which wrote down the same.)
@Bounded
class GreenletModelTest {

  private static final int SEEDS = 300;
  private static final int VALUES = 50; // from here on, numbers are values, and failures before

  static Stream<Arguments> seeds() {
    return Arrays.stream(Where.values())
        .flatMap(
            where -> IntStream.range(0, SEEDS).mapToObj(seed -> Arguments.of(where, (long) seed)));
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("seeds")
  void greenletsDoWhatTheModelDoes(Where where, long seed) throws Exception {
    var program = Program.random(new Random(seed));
    var expected = new Model(program).run();

    where.run(() -> assertEquals(expected, new Real(program).run(), program::toString));
  }

  /// What a step does if it fails.
  enum Catches {
    NOTHING,
    FAILURES,
    EVERYTHING
  }

  /// One step of a greenlet.
  sealed interface Step {

    /// Switches, and passes a number.
    record Switch(int target, int value, Catches catches) implements Step {}

    /// Throws a failure of a number; an exit if that is 0.
    record Throw(int target, int cause, Catches catches) implements Step {}

    /// Gives a greenlet another parent.
    record Adopt(int child, int parent) implements Step {}
  }

  /// How a greenlet ends: with a number, or with a failure of one; an exit if that is 0.
  ///
  /// @param fails whether with a failure
  record End(boolean fails, int number) {}

  /// What a greenlet does.
  ///
  /// @param parent an earlier one
  record Script(int parent, List<Step> steps, End end) {}

  /// Greenlets by number, of which 0 is the main one.
  record Program(List<Script> scripts) {

    static Program random(Random random) {
      var size = 2 + random.nextInt(6);
      return new Program(
          IntStream.range(0, size).mapToObj(number -> script(random, number, size)).toList());
    }

    private static Script script(Random random, int number, int size) {
      var steps = new ArrayList<Step>();
      for (var i = random.nextInt(number == 0 ? 20 : 6); i >= 0; i--) {
        var catches = number == 0 ? Catches.EVERYTHING : Catches.values()[random.nextInt(3)];
        var target = random.nextInt(size);
        steps.add(
            switch (random.nextInt(8)) {
              case 0 -> new Step.Adopt(target, random.nextInt(size));
              case 1 -> new Step.Throw(target, 0, catches);
              case 2 -> new Step.Throw(target, 1 + random.nextInt(VALUES - 1), catches);
              default -> new Step.Switch(target, VALUES + random.nextInt(VALUES), catches);
            });
      }
      var fails = random.nextInt(4) == 0;
      return new Script(
          random.nextInt(Math.max(1, number)),
          List.copyOf(steps),
          new End(fails, random.nextInt(VALUES) + (fails ? 0 : VALUES)));
    }
  }

  /// A sequential model.
  private static final class Model {

    private final List<String> log = new ArrayList<>();
    private final List<Script> scripts;
    private final int[] parents;
    private final int[] steps; // how far each is
    private final boolean[] begun;
    private final boolean[] dead;
    private int running;

    Model(Program program) {
      scripts = program.scripts();
      parents = scripts.stream().mapToInt(Script::parent).toArray();
      steps = new int[parents.length];
      begun = new boolean[parents.length];
      dead = new boolean[parents.length];
      begun[0] = true;
    }

    List<String> run() {
      while (running != 0 || steps[0] < scripts.getFirst().steps().size()) {
        var script = scripts.get(running);
        if (steps[running] == script.steps().size()) {
          end(script.end().fails(), script.end().number());
        } else {
          take(script.steps().get(steps[running]));
        }
      }
      return log;
    }

    private void take(Step step) {
      switch (step) {
        case Step.Switch(var target, var value, _) -> move(target, false, value);
        case Step.Throw(var target, var cause, _) when dead[target] && cause == 0 ->
            move(target, false, EXIT);
        case Step.Throw(var target, var cause, _) -> move(target, true, cause);
        case Step.Adopt(var child, var parent) -> {
          log.add(running + " adopts " + adopt(child, parent));
          steps[running]++;
        }
      }
    }

    private String adopt(int child, int parent) {
      if (child == 0) {
        return "main";
      }
      for (var ancestor = parent; ; ancestor = parents[ancestor]) {
        if (ancestor == child) {
          return "cycle";
        }
        if (ancestor == 0) {
          break;
        }
      }
      parents[child] = parent;
      return "done";
    }

    private void move(int to, boolean throwing, int number) {
      var target = to;
      while (dead[target]) {
        target = parents[target];
      }
      log.add((throwing ? "throw " : "switch ") + running + " " + target);
      running = target;
      if (!begun[target]) {
        begun[target] = true;
        if (throwing) {
          end(true, number);
        } else {
          log.add(target + " begins with " + name(number));
        }
      } else {
        back(throwing, number);
      }
    }

    private void back(boolean throwing, int number) {
      var catches =
          switch (scripts.get(running).steps().get(steps[running])) {
            case Step.Switch step -> step.catches();
            case Step.Throw step -> step.catches();
            case Step.Adopt _ -> throw new AssertionError("this one does not switch");
          };
      if (!throwing) {
        log.add(running + " receives " + name(number));
        steps[running]++;
      } else if (catches == Catches.EVERYTHING || (catches == Catches.FAILURES && number != 0)) {
        log.add(running + " catches " + name(number));
        steps[running]++;
      } else {
        end(true, number);
      }
    }

    private void end(boolean failing, int number) {
      dead[running] = true;
      if (failing && number == 0) {
        move(parents[running], false, EXIT);
      } else {
        move(parents[running], failing, number);
      }
    }

    private static final int EXIT = -1; // passed as a value

    private static String name(int number) {
      return number == EXIT || number == 0 ? "exit" : Integer.toString(number);
    }
  }

  /// The same with greenlets.
  private static final class Real {

    private final List<String> log = new ArrayList<>();
    private final List<Script> scripts;
    private final List<Greenlet> greenlets = new ArrayList<>();

    Real(Program program) {
      scripts = program.scripts();
      greenlets.add(Greenlet.current());
      for (var number = 1; number < scripts.size(); number++) {
        greenlets.add(greenlet(number, scripts.get(number)));
      }
    }

    private Greenlet greenlet(int number, Script script) {
      return new Greenlet(
          first -> {
            log.add(number + " begins with " + name(first));
            for (var step : script.steps()) {
              take(number, step);
            }
            if (script.end().fails()) {
              throw Real.<RuntimeException>sneak(failure(script.end().number()));
            }
            return script.end().number();
          },
          greenlets.get(script.parent()));
    }

    List<String> run() {
      var before =
          Greenlet.trace((event, origin, target) ->
              log.add(event + " " + greenlets.indexOf(origin) + " " + greenlets.indexOf(target)));
      for (var step : scripts.getFirst().steps()) {
        take(0, step);
      }
      Greenlet.trace(before);
      return log;
    }

    private void take(int number, Step step) {
      switch (step) {
        case Step.Switch(var target, var value, var catches) ->
            await(number, catches, greenlets.get(target), value, null);
        case Step.Throw(var target, var cause, var catches) ->
            await(number, catches, greenlets.get(target), null, failure(cause));
        case Step.Adopt(var child, var parent) ->
            log.add(number + " adopts " + adopt(child, parent));
      }
    }

    private void await(
        int number,
        Catches catches,
        Greenlet target,
        @Nullable Object value,
        @Nullable Throwable cause) {
      try {
        log.add(
            number
                + " receives "
                + name(cause == null ? target.switchTo(value) : target.throwTo(cause)));
      } catch (GreenletExit e) {
        if (catches != Catches.EVERYTHING) {
          throw e;
        }
        log.add(number + " catches " + name(e));
      } catch (Exception e) {
        if (catches == Catches.NOTHING) {
          throw e;
        }
        log.add(number + " catches " + e.getMessage());
      }
    }

    private String adopt(int child, int parent) {
      try {
        greenlets.get(child).parent(greenlets.get(parent));
        return "done";
      } catch (IllegalArgumentException e) {
        return "cycle";
      } catch (IllegalStateException e) {
        return "main";
      }
    }

    private static Throwable failure(int number) {
      return number == 0 ? new GreenletExit() : new Failure(Integer.toString(number));
    }

    private static String name(@Nullable Object received) {
      return received instanceof GreenletExit ? "exit" : requireNonNull(received).toString();
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E sneak(Throwable cause) throws E {
      throw (E) cause;
    }
  }
}
