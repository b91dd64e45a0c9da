package net.eventlet;

import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.eventlet.greenlet.Generator;
import net.eventlet.greenlet.Greenlet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a wrong call gets is what `docs/primitives.md` says, to the letter. Numbers of threads are
/// written as `N` there.
@SuppressWarnings({"NullAway", "CheckReturnValue", "resource"}) // they are mistakes
class WrongCallsTest {

  private static final Path PAGE = Path.of("../docs/primitives.md");
  private static final Duration SHORT = Duration.ofMillis(1);

  /// A row of a table.
  ///
  /// @param text of the call, or of what is wrong
  /// @param call makes it, as a green thread
  private record Wrong(String text, Action call) {

    @Override
    public String toString() {
      return text;
    }
  }

  static List<Wrong> wrongCalls() {
    return Stream.of(
            events(),
            queues(),
            semaphores(),
            greenPools(),
            pools(),
            dagPools(),
            tpool(),
            greenlets())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Wrong> events() {
    return List.of(
        new Wrong(
            "a second `send`",
            () -> {
              var event = new Event<Integer>();
              event.send(1);
              event.send(2);
            }),
        new Wrong("`event.sendException(null)`", () -> new Event<>().sendException(null)),
        new Wrong("`event.await(limit)`, and nothing is sent", () -> new Event<>().await(SHORT)));
  }

  private static List<Wrong> queues() {
    return List.of(
        new Wrong("`new Queue<>(-1)`", () -> new Queue<>(-1)),
        new Wrong("`queue.put(null)`", () -> new Queue<>().put(null)),
        new Wrong("`queue.get(limit)`, and nothing comes", () -> new Queue<>().get(SHORT)),
        new Wrong(
            "`queue.put(item, limit)`, and it stays full",
            () -> {
              var queue = new Queue<>(1);
              queue.put("first");
              queue.put("second", SHORT);
            }),
        new Wrong(
            "`queue.add(item)` to a full one",
            () -> {
              var queue = new Queue<>(1);
              queue.put("first");
              queue.add("second");
            }),
        new Wrong("`queue.taskDone()` too often", () -> new Queue<>().taskDone()),
        new Wrong("`queue.put(item)` after `close()`", () -> closed().put("item")),
        new Wrong("`queue.get()` from one that is closed and empty", () -> closed().get()),
        new Wrong(
            "waiting to get while it is closed",
            () -> {
              var queue = new Queue<>();
              var getting = spawn(() -> queue.get());
              sleep();
              queue.close();
              getting.await();
            }),
        new Wrong(
            "`queue.drainTo(queue)`",
            () -> {
              var queue = new Queue<>();
              queue.drainTo(queue);
            }));
  }

  private static Queue<Object> closed() {
    var queue = new Queue<>();
    queue.close();
    return queue;
  }

  private static List<Wrong> semaphores() {
    return List.of(
        new Wrong("`new Semaphore(-1)`", () -> new Semaphore(-1)),
        new Wrong("`new BoundedSemaphore(-1)`", () -> new BoundedSemaphore(-1)),
        new Wrong(
            "`release()` of a `BoundedSemaphore` that is full",
            () -> new BoundedSemaphore(1).release()),
        new Wrong("`new CappedSemaphore(3, 2)`", () -> new CappedSemaphore(3, 2)));
  }

  private static List<Wrong> greenPools() {
    return List.of(
        new Wrong("`new GreenPool(-1)`", () -> new GreenPool(-1)),
        new Wrong("`pool.resize(-1)`", () -> new GreenPool().resize(-1)),
        new Wrong(
            "`pool.spawn(body)` after `close()`",
            () -> {
              var pool = new GreenPool(1);
              pool.close();
              pool.spawn(() -> {});
            }),
        new Wrong(
            "`pool.waitAll()` in a member",
            () -> {
              var pool = new GreenPool(1);
              pool.spawn(() -> pool.waitAll()).await();
            }),
        new Wrong(
            "iterating over the results of one `imap` twice",
            () -> {
              var results = new GreenPool(1).imap(item -> item, List.of(1));
              results.iterator().next();
              results.iterator();
            }),
        new Wrong(
            "`next()` past the last result",
            () -> {
              var results = new GreenPool(1).imap(item -> item, List.of()).iterator();
              results.next();
            }),
        new Wrong("`next()` of an empty `GreenPile`", () -> new GreenPile<>().iterator().next()));
  }

  private static List<Wrong> pools() {
    return List.of(
        new Wrong("`new Pool<>(-1, create)`", () -> new Pool<>(-1, Object::new)),
        new Wrong("`new Pool<>(3, 2, …)`", () -> new Pool<>(3, 2, false, Object::new)),
        new Wrong("`pool.put(item)` more often than `get()`", () -> new TokenPool(1).put(token())),
        new Wrong(
            "`pool.get(limit)`, and nothing comes back",
            () -> {
              var pool = new TokenPool(1);
              pool.get();
              pool.get(SHORT);
            }),
        new Wrong(
            "`pool.get()` after `close()`",
            () -> {
              var pool = new TokenPool(1);
              pool.close();
              pool.get();
            }),
        new Wrong(
            "`pool.get()`, and `create` returns null", () -> new Pool<>(1, () -> null).get()));
  }

  private static TokenPool.Token token() throws Exception {
    return new TokenPool(1).get();
  }

  private static List<Wrong> dagPools() {
    return List.of(
        new Wrong(
            "`dag.spawn` of a key that has a result",
            () -> {
              var dag = new DagPool<String, Integer>(Map.of("a", 1));
              dag.spawn("a", Set.of(), (_, _) -> 2);
            }),
        new Wrong(
            "`dag.spawn` of a key that is being made",
            () -> {
              var dag = new DagPool<String, Integer>();
              dag.spawn("a", Set.of("b"), (_, _) -> 1);
              dag.spawn("a", Set.of(), (_, _) -> 2);
            }),
        new Wrong(
            "`dag.spawn` of a cycle",
            () -> {
              var dag = new DagPool<String, Integer>();
              dag.spawn("a", Set.of("b"), (_, _) -> 1);
              dag.spawn("b", Set.of("a"), (_, _) -> 2);
            }),
        new Wrong(
            "`dag.post` of a key that has a result",
            () -> {
              var dag = new DagPool<String, Integer>(Map.of("a", 1));
              dag.post("a", 2);
            }),
        new Wrong(
            "`dag.kill` of a key that nobody makes",
            () -> new DagPool<String, Integer>().kill("a")),
        new Wrong(
            "`dag.await` of a key whose maker failed",
            () -> {
              var dag = new DagPool<String, Integer>();
              dag.spawn(
                  "a",
                  Set.of(),
                  (_, _) -> {
                    throw new IOException("no luck");
                  });
              dag.spawn("b", Set.of("a"), (_, results) -> results.iterator().next().getValue());
              dag.await("b");
            }));
  }

  private static List<Wrong> tpool() {
    return List.of(
        new Wrong("`TPool.execute(null)`", () -> TPool.execute(null)),
        new Wrong("`TPool.proxy` of a class", () -> TPool.proxy(String.class, "text")),
        new Wrong(
            "`TPool.proxy` of an interface that is not public",
            () -> TPool.proxy(Hidden.class, new Hidden() {})));
  }

  interface Hidden {}

  private static List<Wrong> greenlets() {
    return List.of(
        new Wrong(
            "`switchTo` a greenlet of another thread",
            () -> {
              var other = new Greenlet(value -> value);
              spawn(() -> other.switchTo()).await();
            }),
        new Wrong(
            "`greenlet.parent(itself)`",
            () -> {
              var greenlet = new Greenlet(value -> value);
              greenlet.parent(greenlet);
            }),
        new Wrong(
            "`parent(…)` of a main greenlet",
            () -> {
              Greenlet.current().parent(new Greenlet(value -> value));
            }),
        new Wrong(
            "`next()` past a generator's end",
            () -> {
              new Generator<>(_ -> {}).next();
            }),
        new Wrong(
            "using a generator in its own body",
            () -> {
              var own = new Queue<Generator<Integer>>();
              var generator = new Generator<Integer>(_ -> own.get().hasNext());
              own.put(generator);
              generator.next();
            }));
  }

  @ParameterizedTest
  @MethodSource("wrongCalls")
  void aWrongCallGetsWhatThePageSays(Wrong wrong) throws IOException {
    var thrown = assertThrows(Throwable.class, () -> run(wrong.call()));

    var name = thrown.getClass().getName().replaceFirst("^.*[.]", "").replace('$', '.');
    var row = "| %s | `%s`: %s |".formatted(wrong.text(), name, withoutNumbers(thrown));
    assertTrue(Files.readString(PAGE).contains(row), () -> PAGE + " does not say\n" + row);
  }

  private static String withoutNumbers(Throwable thrown) {
    return String.valueOf(thrown.getMessage())
        .replaceAll("#\\d+", "#N")
        .replaceAll("(green-|hub-|generator-|greenlet-)\\d+", "$1N")
        .replaceAll("@[0-9a-f]+", "@N")
        .replace("|", "\\|");
  }

  @Test
  void thePageHasNoRowThatIsNotTried() throws IOException {
    var texts = wrongCalls().stream().map(Wrong::text).toList();

    var untried =
        Pattern.compile("(?m)^\\| (.*?) \\| `\\w+(?:\\.\\w+)?`: ")
            .matcher(Files.readString(PAGE))
            .results()
            .map(found -> found.group(1))
            .filter(text -> !texts.contains(text))
            .toList();

    assertEquals(List.of(), untried);
  }
}
