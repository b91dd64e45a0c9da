package net.eventlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.Failures.assertSays;
import static net.eventlet.Failures.raise;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Bounded
@SuppressWarnings("FutureReturnValueIgnored")
class TPoolTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(2);

  // ------------------------------------------------------------------------------------- execute

  @Test
  void aBodyRunsInADaemonOfThePool() throws Exception {
    run(() -> {
      var thread = TPool.execute(Thread::currentThread);

      assertFalse(thread.isVirtual());
      assertTrue(thread.isDaemon());
      assertSays(new AssertionError(thread.getName()), "tpool-");
    });
  }

  @Test
  void theOthersRunMeanwhile() throws Exception {
    run(() -> {
      var ticked = new CountDownLatch(3);
      spawn(() -> {
        while (true) {
          ticked.countDown();
          sleep();
        }
      });

      assertTrue(TPool.execute(() -> ticked.await(10, SECONDS)));
    });
  }

  @Test
  void bodiesRunAtOnce() throws Exception {
    run(() -> {
      var all = new CyclicBarrier(10);
      var callers = new ArrayList<GreenThread<Integer>>();
      for (var i = 0; i < 10; i++) {
        callers.add(spawn(() -> TPool.execute(() -> all.await(10, SECONDS))));
      }

      for (var caller : callers) {
        caller.await();
      }
    });
  }

  @Test
  void nullIsAResult() throws Exception {
    assertNull(TPool.<@Nullable String>execute(() -> null));
  }

  static Stream<Throwable> failures() {
    return Stream.of(
        new IOException("checked"), new IllegalStateException("unchecked"), new Error("error"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void theVeryFailureCrossesOver(Throwable failure) throws Exception {
    run(() ->
        assertSame(
            failure, assertThrows(Throwable.class, () -> TPool.execute(() -> raise(failure)))));
  }

  @Test
  void aFailureBringsTheStackOfThePoolsThread() throws Exception {
    run(() -> {
      var thrown = assertThrows(IOException.class, () -> TPool.execute(TPoolTest::failDeepDown));

      assertTrue(
          Stream.of(thrown.getStackTrace())
              .anyMatch(frame -> frame.getMethodName().equals("failDeepDown")));
    });
  }

  private static Object failDeepDown() throws IOException {
    throw new IOException("mine");
  }

  @Test
  void inAThreadOfThePoolItRunsInPlace() throws Exception {
    run(() -> {
      var threads =
          TPool.execute(() ->
              List.of(
                  Thread.currentThread(),
                  TPool.execute(() -> TPool.execute(Thread::currentThread))));

      assertSame(threads.getFirst(), threads.getLast());
    });
  }

  @Test
  void aPlainThreadMayWaitForIt() throws Exception {
    assertNotEquals(Thread.currentThread(), TPool.execute(Thread::currentThread));
  }

  @Test
  @SuppressWarnings("NullAway") // that is the mistake
  void noBodyIsRefused() {
    assertThrows(NullPointerException.class, () -> TPool.execute(null));
  }

  // ------------------------------------------------------------------------------------- abandon

  @Test
  void aTimeoutAbandonsTheResult() throws Exception {
    run(() -> {
      var end = new CountDownLatch(1);
      var ended = new CountDownLatch(1);

      assertFalse(
          Timeout.run(
              SHORT,
              () ->
                  TPool.execute(() -> {
                    end.await();
                    ended.countDown();
                    return "late";
                  })));
      assertEquals("next", TPool.execute(() -> "next"));
      end.countDown();

      assertTrue(TPool.execute(() -> ended.await(10, SECONDS)), "its thread finishes it");
    });
  }

  @Test
  void whoIsKilledAbandonsTheResult() throws Exception {
    run(() -> {
      var end = new CountDownLatch(1);
      var victim =
          spawn(() ->
              TPool.execute(() -> {
                end.await();
                return "late";
              }));
      sleep();

      victim.kill();

      assertThrows(GreenThreadExit.class, victim::await);
      end.countDown();
    });
  }

  @Test
  void aPlainThreadThatIsInterruptedAbandonsTheResult() {
    var end = new CountDownLatch(1);
    Thread.currentThread().interrupt();

    assertThrows(
        InterruptedException.class,
        () ->
            TPool.execute(() -> {
              end.await();
              return "late";
            }));

    end.countDown();
  }

  // --------------------------------------------------------------------------------------- proxy

  /// A driver's connection, as drivers are.
  public interface Connection extends AutoCloseable {

    Statement statement(String text) throws IOException;

    boolean owns(Statement statement);

    Thread thread();

    List<Statement> all();

    @Nullable Statement none();

    default String twice(String text) {
      return text + text + isPlatform();
    }

    private static boolean isPlatform() {
      return !Thread.currentThread().isVirtual();
    }

    @Override
    void close() throws IOException;
  }

  /// A driver's statement.
  public interface Statement {

    Rows rows() throws IOException;

    Statement self();

    int count(Callable<Integer> counter) throws Exception;
  }

  /// A driver's result set.
  public interface Rows {

    String next() throws IOException;

    Thread thread();
  }

  private static final class FakeConnection implements Connection {

    private final FakeStatement statement = new FakeStatement();
    private boolean closed;

    @Override
    public Statement statement(String text) throws IOException {
      if (text.isEmpty()) {
        throw new IOException("no text");
      }
      return statement;
    }

    @Override
    public boolean owns(Statement given) {
      return given == statement;
    }

    @Override
    public Thread thread() {
      return Thread.currentThread();
    }

    @Override
    public List<Statement> all() {
      return List.of(statement);
    }

    @Override
    public @Nullable Statement none() {
      return null;
    }

    @Override
    public void close() {
      closed = true;
    }

    @Override
    public String toString() {
      return "fake in " + (Thread.currentThread().isVirtual() ? "place" : "the pool");
    }
  }

  private static final class FakeStatement implements Statement {

    @Override
    public Rows rows() {
      return new Rows() {
        private int row;

        @Override
        public String next() throws IOException {
          if (row == 2) {
            throw new IOException("no more");
          }
          return "row " + row++;
        }

        @Override
        public Thread thread() {
          return Thread.currentThread();
        }
      };
    }

    @Override
    public Statement self() {
      return this;
    }

    @Override
    public int count(Callable<Integer> counter) throws Exception {
      return counter.call();
    }
  }

  private final FakeConnection behind = new FakeConnection();
  private final Connection connection = TPool.proxy(Connection.class, behind);

  @Test
  void aWrappedObjectsMethodsRunInThePool() throws Exception {
    run(() -> {
      assertSays(new AssertionError(connection.thread().getName()), "tpool-");
      assertEquals("aatrue", connection.twice("a"));
      connection.close();
      assertTrue(behind.closed);
    });
  }

  @Test
  void whatItReturnsIsWrappedAsWell() throws Exception {
    run(() -> {
      var rows = connection.statement("text").rows();

      assertEquals("row 0", rows.next());
      assertEquals("row 1", rows.next());
      assertThrows(IOException.class, rows::next);
      assertSays(new AssertionError(rows.thread().getName()), "tpool-");
    });
  }

  @Test
  void whatWasWrappedIsUnwrappedWhereItIsGiven() throws Exception {
    run(() -> {
      assertTrue(connection.owns(connection.statement("text")));
      assertFalse(connection.owns(new FakeStatement()));
    });
  }

  @Test
  void collectionsFunctionsAndNullAreNotWrapped() throws Exception {
    run(() -> {
      assertSame(behind.statement, connection.all().getFirst());
      assertNull(connection.none());
      assertEquals(7, connection.statement("text").count(() -> 7));
    });
  }

  @Test
  void theVeryFailureOfAWrappedMethodCrossesOver() throws Exception {
    run(() -> {
      var failure = new IOException("mine");
      var statement = connection.statement("text");

      var thrown =
          assertThrows(
              IOException.class,
              () ->
                  statement.count(() -> {
                    throw failure;
                  }));

      assertSame(failure, thrown);
      assertSays(assertThrows(IOException.class, () -> connection.statement("")), "no text");
    });
  }

  @Test
  void toStringAndEqualityAreInPlace() throws Exception {
    run(() -> {
      var statement = connection.statement("text");

      assertEquals("fake in place", connection.toString());
      assertEquals(connection, connection);
      assertEquals(TPool.proxy(Connection.class, behind), connection);
      assertEquals(behind.hashCode(), connection.hashCode());
      assertEquals(statement, statement.self());
      assertNotEquals(statement, connection.statement("text").rows());
      assertNotEquals(connection, new FakeConnection());
    });
  }

  @Test
  @SuppressWarnings("unchecked") // a proxy of a function's type
  void anInterfaceOfTheJdkCanBeWrapped() throws Exception {
    run(() -> {
      Supplier<Thread> wrapped = TPool.proxy(Supplier.class, Thread::currentThread);

      assertSays(new AssertionError(wrapped.get().getName()), "tpool-");
    });
  }

  @Test
  void aTimeoutAbandonsAWrappedCall() throws Exception {
    run(() -> {
      var end = new CountDownLatch(1);
      var statement = connection.statement("text");

      assertFalse(
          Timeout.run(
              SHORT,
              () ->
                  statement.count(() -> {
                    end.await();
                    return 1;
                  })));

      end.countDown();
    });
  }

  @Test
  @SuppressWarnings("NullAway") // that is the mistake
  void onlyAnInterfaceCanBeWrapped() {
    var thrown =
        assertThrows(
            IllegalArgumentException.class, () -> TPool.proxy(FakeConnection.class, behind));

    assertSays(thrown, "FakeConnection", "TPool.execute");
    assertThrows(NullPointerException.class, () -> TPool.proxy(Connection.class, null));
  }

  interface Hidden {}

  @Test
  void anInterfaceThatIsNotPublicIsRefused() {
    var thrown =
        assertThrows(
            IllegalArgumentException.class, () -> TPool.proxy(Hidden.class, new Hidden() {}));

    assertSays(thrown, "Hidden is not public", "TPool.execute");
  }

  // ------------------------------------------------------------------- size and end, in a child

  @ParameterizedTest
  @CsvSource({
    "       ,   , 20",
    "3      ,   , 3",
    "       , 4 , 4",
    "2      , 4 , 2",
    "1      ,   , 1"
  })
  void thereAreAsManyThreadsAsIsSaid(
      @Nullable String property, @Nullable String variable, int threads) throws Exception {
    assertEquals(threads + " threads\n", child("size", property, variable));
  }

  @Test
  void noThreadsAreInPlace() throws Exception {
    assertEquals("in place\n", child("place", "0", null));
  }

  @ParameterizedTest
  @CsvSource({"-1", "many", "''", "1.5"})
  void aSizeThatIsNoneIsRefused(String size) throws Exception {
    var printed = child("place", size, null);

    assertSays(new AssertionError(printed), "IllegalArgumentException", "\"" + size + "\"");
    assertSays(
        new AssertionError(child("place", null, size)),
        "IllegalArgumentException",
        "\"" + size + "\"");
  }

  @Test
  void afterItsEndItRunsNothing() throws Exception {
    assertEquals(
        """
        false while a body runs
        true after it ended
        IllegalStateException: the thread pool was shut down and runs nothing any more
        """,
        child("shutdown", "2", null));
  }

  /// What runs in a process of its own, which has no JUnit.
  static final class Child {

    private Child() {}

    /// Does one thing, and prints what came of it.
    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws Exception {
      try {
        switch (args[0]) {
          case "size" -> printSize();
          case "place" -> printPlace();
          default -> shutDown();
        }
      } catch (ExceptionInInitializerError e) {
        System.out.println(e.getCause());
      }
    }

    @SuppressWarnings("SystemOut")
    private static void printSize() {
      var end = new CountDownLatch(1);
      for (var i = 0; i < 30; i++) {
        Plain.startWaiting(() ->
            TPool.execute(() -> {
              end.await();
              return true;
            }));
      }
      System.out.println(
          Thread.getAllStackTraces().keySet().stream()
                  .filter(thread -> thread.getName().startsWith("tpool-"))
                  .count()
              + " threads");
      end.countDown();
    }

    @SuppressWarnings("SystemOut")
    private static void printPlace() throws Exception {
      var here = Thread.currentThread();
      System.out.println(TPool.execute(Thread::currentThread) == here ? "in place" : "elsewhere");
    }

    @SuppressWarnings("SystemOut")
    private static void shutDown() throws Exception {
      run(() -> {
        var end = new CountDownLatch(1);
        var caller =
            spawn(() ->
                TPool.execute(() -> {
                  end.await();
                  return "served";
                }));
        sleep();
        System.out.println(TPool.shutdown(SHORT) + " while a body runs");
        end.countDown();
        caller.await();
        System.out.println(TPool.shutdown(LONG) + " after it ended");
        try {
          System.out.println(TPool.execute(() -> "it goes on"));
        } catch (IllegalStateException thrown) {
          System.out.println("IllegalStateException: " + thrown.getMessage());
        }
      });
    }
  }

  private static String child(String what, @Nullable String property, @Nullable String variable)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(System.getProperty("eventlet.flags").trim().split("\\s+")));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp", classPath()));
    if (property != null) {
      command.add("-Deventlet.threadpool.size=" + property);
    }
    command.addAll(List.of(Child.class.getName(), what));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    setVariable(builder.environment(), variable);
    var process = builder.start();
    try (var output = process.getInputStream()) {
      var printed = new String(output.readAllBytes(), UTF_8);
      assertTrue(process.waitFor(10, SECONDS));
      return printed;
    } finally {
      process.destroyForcibly();
    }
  }

  private static void setVariable(Map<String, String> environment, @Nullable String value) {
    environment.remove("EVENTLET_THREADPOOL_SIZE");
    if (value != null) {
      environment.put("EVENTLET_THREADPOOL_SIZE", value);
    }
  }

  private static String classPath() {
    return String.join(
        File.pathSeparator, Stream.of(Hub.class, TPoolTest.class).map(TPoolTest::placeOf).toList());
  }

  private static String placeOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
