package net.eventlet.hubs;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static net.eventlet.hubs.OnHub.get;
import static net.eventlet.hubs.OnHub.pass;
import static net.eventlet.hubs.OnHub.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import net.eventlet.hubs.Descriptor.Result;
import net.eventlet.posix.Errno;
import net.eventlet.posix.Posix;
import net.eventlet.posix.Scratch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Waiting for a connection's two ends, `near` and `far`.
@Bounded
@ParameterizedClass(name = "{0}")
@EnumSource(Kernel.class)
class DescriptorTest {

  private static final boolean READ = false;
  private static final boolean WRITE = true;
  private static final long FOR_EVER = Long.MAX_VALUE;

  @Parameter Kernel kernel;

  private Descriptor near;
  private Descriptor far;

  @BeforeEach
  void open() throws IOException {
    var pair = KernelPair.open();
    near = new Descriptor(pair.near());
    far = new Descriptor(pair.far());
  }

  @AfterEach
  void close() {
    near.close();
    far.close();
  }

  @Test
  void theNumberOfAStockChannelIsKnown() throws IOException {
    var pipe = Pipe.open();
    try (var source = pipe.source();
        var sink = pipe.sink()) {
      var number = Descriptor.numberOf(source).orElseThrow();

      assertNotEquals(number, Descriptor.numberOf(sink).orElseThrow());
      assertTrue(Files.exists(Path.of("/proc/self/fd/" + number)), () -> "not open: " + number);
    }
  }

  @Test
  void aWaitEndsWhenSomethingComes() throws Exception {
    run(() -> {
      var waiting = start(() -> assertReads(near, 'x'));
      pass();
      pass();
      assertFalse(waiting.ended());
      send(far, 'x');
      untilEnded(waiting);
    });
  }

  @Test
  void aWaitForWhatIsThereDoesNotLast() throws Exception {
    run(() -> {
      send(far, 'x');
      assertReads(near, 'x');
    });
  }

  @Test
  void othersRunWhileOneWaits() throws Exception {
    run(() -> {
      var reader = start(() -> assertReads(near, 'x'));
      start(() -> {
        for (var i = 0; i < 1000; i++) {
          pass();
        }
        assertFalse(reader.ended());
        send(far, 'x');
      });
      untilEnded(reader);
    });
  }

  @Test
  void anActionIsDoneOnceWhenThereIsSomethingToRead() throws Exception {
    run(() -> {
      var done = new ArrayList<String>();
      while (!near.whenReadable(() -> done.add("done"))) {
        assertEquals(-Errno.EAGAIN, near.receive(MemorySegment.ofArray(new byte[1]), 0));
      }
      pass();
      pass();
      assertEquals(List.of(), done);
      send(far, 'x');
      while (done.isEmpty()) {
        new Waiter().await(ofMillis(1).toNanos());
      }
      send(far, 'y');
      new Waiter().await(ofMillis(5).toNanos());

      assertEquals(List.of("done"), done);
      assertReads(near, 'x');
      assertReads(near, 'y');
    });
  }

  @Test
  void anActionThatDoesTheSameAgainMissesNothing() throws Exception {
    var rounds = 1000;
    run(() -> {
      var echo = new Echo(near, rounds);
      echo.run();
      for (var i = 0; i < rounds; i++) {
        send(far, i % 256);
        assertReads(far, i % 256);
      }
      assertEquals(0, echo.left);
    });
  }

  /// Sends back byte by byte, without a thread.
  private static final class Echo implements Runnable {

    private final Descriptor descriptor;
    private int left;

    Echo(Descriptor descriptor, int rounds) {
      this.descriptor = descriptor;
      left = rounds;
    }

    @Override
    public void run() {
      try {
        do {
          var one = new byte[1];
          while (left > 0 && descriptor.receive(MemorySegment.ofArray(one), 0) == 1) {
            send(descriptor, one[0]);
            left--;
          }
        } while (left > 0 && !descriptor.whenReadable(this));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void closingDoesWhatWasToBeDoneWhenThereIsSomethingToRead() throws Exception {
    run(() -> {
      var done = new ArrayList<String>();
      assertTrue(near.whenReadable(() -> done.add("done")));

      near.close();

      assertEquals(List.of("done"), done);
      assertFalse(near.whenReadable(() -> done.add("again")));
    });
  }

  @Test
  void noThreadCanWaitForWhatAnActionWaitsFor() throws Exception {
    run(() -> {
      Runnable action = () -> {};
      assertTrue(near.whenReadable(action));

      var refused = assertThrows(IllegalStateException.class, () -> near.await(READ, FOR_EVER));

      assertTrue(refused.getMessage().contains("is watched by " + action), refused.getMessage());
      assertThrows(IllegalStateException.class, () -> near.whenReadable(action));
    });
  }

  @Test
  void anActionThatFailsIsReportedAndEndsNothing() throws Exception {
    var failure = new IllegalStateException("on purpose");
    try (var uncaught = Uncaught.watch()) {
      run(() -> {
        assertTrue(
            near.whenReadable(() -> {
              throw failure;
            }));
        send(far, 'x');
        while (uncaught.causes().isEmpty()) {
          new Waiter().await(ofMillis(1).toNanos());
        }
        assertReads(near, 'x');
      });

      assertEquals(List.of(failure), uncaught.causes());
    }
  }

  @Test
  void whoLooksAtADescriptorOnAnotherHubDoesNotMakeThatItsHome() throws Exception {
    try (var here = Hub.start("here", kernel.options());
        var there = Hub.start("there", kernel.options())) {
      int number = get(here.spawn(() -> near.use(fd -> fd)));
      assertEquals(near.fd(), number);

      assertTrue(get(there.spawn(() -> near.whenReadable(() -> {}))));
    }
  }

  @Test
  void twoThatWaitForEachOtherManyTimesMissNothing() throws Exception {
    var rounds = 5000;
    run(() -> {
      start(() -> {
        for (var i = 0; i < rounds; i++) {
          assertReads(near, i % 256);
          send(near, i % 256);
        }
      });
      for (var i = 0; i < rounds; i++) {
        send(far, i % 256);
        assertReads(far, i % 256);
      }
    });
  }

  @Test
  void twoHubsThatWaitForEachOtherManyTimesMissNothing() throws Exception {
    var rounds = 5000;
    try (var here = Hub.start("here", kernel.options());
        var there = Hub.start("there", kernel.options())) {
      var echo =
          there.spawn(() -> {
            for (var i = 0; i < rounds; i++) {
              assertReads(near, i % 256);
              send(near, i % 256);
            }
            return true;
          });
      var caller =
          here.spawn(() -> {
            for (var i = 0; i < rounds; i++) {
              send(far, i % 256);
              assertReads(far, i % 256);
            }
            return true;
          });

      assertTrue(get(caller));
      assertTrue(get(echo));
    }
  }

  @Test
  void roomToWriteEndsAWaitForIt() throws Exception {
    run(() -> {
      KernelPair.fill(near.fd());
      var writer = start(() -> assertEquals(Result.READY, untilRoom(near)));
      pass();
      pass();
      assertFalse(writer.ended());
      KernelPair.drain(far.fd());
      untilEnded(writer);
    });
  }

  @Test
  void oneMayWaitToReadWhileAnotherWaitsToWrite() throws Exception {
    run(() -> {
      KernelPair.fill(near.fd());
      var writer = start(() -> assertEquals(Result.READY, untilRoom(near)));
      var reader = start(() -> assertReads(near, 'x'));
      pass();
      send(far, 'x');
      untilEnded(reader);
      assertFalse(writer.ended());
      KernelPair.drain(far.fd());
      untilEnded(writer);
    });
  }

  @Test
  void itsTimeRunsOut() throws Exception {
    run(() -> {
      assertEquals(Result.TIMED_OUT, untilSilent(near, 1_000_000));
      assertEquals(Result.TIMED_OUT, near.await(READ, 0));
      send(far, 'x');
      assertReads(near, 'x'); // and nothing of it is left
    });
  }

  @Test
  void anInterruptEndsIt() throws Exception {
    run(() -> {
      var reader = start(() -> assertEquals(Result.INTERRUPTED, near.await(READ, FOR_EVER)));
      pass();
      reader.thread().interrupt();
      untilEnded(reader);
      send(far, 'x');
      assertReads(near, 'x');
    });
  }

  @Test
  void oneThatIsUnwoundLeavesRoomForTheNext() throws Exception {
    var unwound = new Error("unwound");
    run(() -> {
      var reader = start(() -> assertThrows(Error.class, () -> near.await(READ, FOR_EVER)));
      pass();
      reader.unwind(unwound);
      untilEnded(reader);
      send(far, 'x');
      assertReads(near, 'x');
    });
  }

  @Test
  void aPeerThatClosesIsSomethingToRead() throws Exception {
    run(() -> {
      var reader =
          start(() -> {
            assertEquals(0, receive(near));
            assertTrue(near.hungUp());
          });
      pass();
      far.close();
      untilEnded(reader);
    });
  }

  @Test
  void closingWakesWhoReadsAndWhoWrites() throws Exception {
    run(() -> {
      KernelPair.fill(near.fd());
      var reader = start(() -> assertEquals(Result.CLOSED, near.await(READ, FOR_EVER)));
      var writer = start(() -> assertEquals(Result.CLOSED, untilRoom(near)));
      pass();
      assertTrue(near.close());
      untilEnded(reader);
      untilEnded(writer);
    });
  }

  @Test
  void closingFromAPlainThreadWakesAsWell() throws Exception {
    try (var hub = Hub.start("closes", kernel.options())) {
      for (var i = 0; i < 200; i++) {
        var pair = KernelPair.open();
        var closed = new Descriptor(pair.near());
        var begun = new CountDownLatch(1);
        var reader =
            hub.spawn(() -> {
              begun.countDown();
              return closed.await(READ, FOR_EVER);
            });
        begun.await();

        closed.close();

        assertEquals(Result.CLOSED, get(reader));
        Posix.close(pair.far());
      }
    }
  }

  @Test
  void closingFromAnotherHubWakesAsWell() throws Exception {
    try (var here = Hub.start("here", kernel.options());
        var there = Hub.start("there", kernel.options())) {
      var begun = new CountDownLatch(1);
      var reader =
          here.spawn(() -> {
            begun.countDown();
            return near.await(READ, FOR_EVER);
          });
      begun.await();

      assertTrue(get(there.spawn(near::close)));

      assertEquals(Result.CLOSED, get(reader));
    }
  }

  @Test
  void closedIsClosedForGood() throws Exception {
    run(() -> {
      assertFalse(near.closed());
      assertTrue(near.close());
      assertFalse(near.close());
      assertTrue(near.closed());
      assertEquals(Result.CLOSED, near.await(READ, FOR_EVER));
      assertEquals(-Errno.EBADF, near.receive(MemorySegment.ofArray(new byte[1]), 0));
      assertEquals(-Errno.EBADF, near.send(MemorySegment.ofArray(new byte[1]), 0));
      assertEquals(-Errno.EBADF, near.accept());
      assertThrows(IOException.class, () -> near.use(fd -> fd));
      assertTrue(near.toString().endsWith(", closed]"));
    });
  }

  @Test
  void theNumberIsNotGivenBackWhileAnotherThreadMakesACallOnIt() throws Exception {
    run(() -> assertEquals(Result.READY, untilRoom(near))); // so that a hub is its home
    var inside = new CountDownLatch(1);
    var closed = new CountDownLatch(1);
    var call =
        new FutureTask<>(() ->
            near.use(fd -> {
              inside.countDown();
              awaitQuietly(closed);
              return isOpen(fd);
            }));
    var thread = Thread.ofPlatform().start(call);
    inside.await();

    near.close();
    closed.countDown();

    assertTrue(get(call));
    thread.join();
    assertFalse(isOpen(near.fd()));
  }

  @Test
  void aForeignDescriptorStaysOpenWhenItIsClosedHere() throws Exception {
    var foreign = Descriptor.foreign(near.fd());
    run(() -> {
      var reader = start(() -> assertEquals(Result.CLOSED, foreign.await(READ, FOR_EVER)));
      pass();
      foreign.close();
      untilEnded(reader);
    });

    assertTrue(isOpen(near.fd()));
  }

  @Test
  void aForeignDescriptorIsAskedAboutBeforeEachWait() throws Exception {
    var foreign = Descriptor.foreign(near.fd());
    run(() -> {
      send(far, 'x');
      for (var i = 0; i < 3; i++) { // though nobody takes what is there
        assertEquals(Result.READY, foreign.await(READ, FOR_EVER));
      }
      assertReads(near, 'x');
      assertEquals(Result.TIMED_OUT, foreign.await(READ, 1_000_000));
    });
  }

  @Test
  void theSecondThatWaitsForTheSameGetsAMessageThatNamesBoth() throws Exception {
    run(() -> {
      var first = start(() -> assertReads(near, 'x'));
      pass();
      var second =
          start(() -> {
            var refusal =
                assertThrows(IllegalStateException.class, () -> near.await(READ, FOR_EVER));
            var message = refusal.getMessage();
            var me = Fiber.currentOrNull();
            assertTrue(message.contains("read from descriptor " + near.fd()), message);
            assertTrue(message.contains(first + ", which waits at"), message);
            assertTrue(message.contains("DescriptorTest.assertReads"), message);
            assertTrue(message.contains(me + " came at"), message);
          });
      untilEnded(second);
      send(far, 'x');
      untilEnded(first); // is not disturbed
    });
  }

  @Test
  void aSecondThatComesFromAPlainThreadIsNamedAsWell() throws Exception {
    run(() -> {
      var first = start(() -> assertReads(near, 'x'));
      first.thread().setName("the reader");
      pass();
      var refusal = new AtomicReference<Throwable>();
      Thread.ofPlatform()
          .name("the intruder")
          .start(() ->
              refusal.set(
                  assertThrows(IllegalStateException.class, () -> near.await(READ, FOR_EVER))))
          .join();
      var message = refusal.get().getMessage();
      assertTrue(message.contains("the reader, which waits at"), message);
      assertTrue(message.contains("the intruder came at"), message);
      send(far, 'x');
      untilEnded(first);
    });
  }

  @Test
  void aPlainThreadWaitsForADescriptorOfAHub() throws Exception {
    try (var hub = Hub.start("home", kernel.options())) {
      assertEquals(Result.READY, get(hub.spawn(() -> untilRoom(near))));

      assertEquals(Result.TIMED_OUT, untilSilent(near, 1_000_000));
      send(far, 'x');
      assertReads(near, 'x');
    }
  }

  @Test
  void aPlainThreadWaitsForADescriptorWithoutAHub() throws Exception {
    assertEquals(Result.TIMED_OUT, untilSilent(near, 1_000_000));
    send(far, 'x');

    assertReads(near, 'x');
  }

  @Test
  void aGreenThreadOfAnotherHubWaitsForADescriptor() throws Exception {
    try (var home = Hub.start("home", kernel.options());
        var other = Hub.start("other", kernel.options())) {
      assertEquals(Result.READY, get(home.spawn(() -> untilRoom(near))));
      var begun = new CountDownLatch(1);

      var reader =
          other.spawn(() -> {
            begun.countDown();
            assertReads(near, 'x');
            return true;
          });
      begun.await();
      send(far, 'x');

      assertTrue(get(reader));
    }
  }

  @Test
  void aDescriptorThatOutlivesItsHubGoesOnOnAnother() throws Exception {
    try (var home = Hub.start("home", kernel.options())) {
      assertEquals(Result.READY, get(home.spawn(() -> untilRoom(near))));
    }

    try (var other = Hub.start("other", kernel.options())) {
      var reader =
          other.spawn(() -> {
            assertReads(near, 'x');
            return true;
          });
      assertTrue(get(other.spawn(() -> true))); // after the reader's first turn
      send(far, 'x');

      assertTrue(get(reader));
    }
  }

  @Test
  void whoWaitsElsewhereForADescriptorOfAHubDoesNotHangWhenThatHubIsClosed() throws Exception {
    var home = Hub.start("home", kernel.options());
    assertEquals(Result.READY, get(home.spawn(() -> untilRoom(near))));
    var waiting = new CountDownLatch(1);
    var reader =
        new FutureTask<>(() -> {
          assertEquals(Result.TIMED_OUT, untilSilent(near, 0));
          waiting.countDown();
          assertReads(near, 'x');
          return true;
        });
    var thread = Thread.ofPlatform().daemon().start(reader);
    waiting.await();
    while (thread.getState() == Thread.State.RUNNABLE) {
      Thread.onSpinWait();
    }

    home.close();
    send(far, 'x');

    assertTrue(thread.join(ofSeconds(5)), "it waits for ever");
  }

  @Test
  void theNextOwnersOfANumberGetTheirOwnEventsOnly() throws Exception {
    run(() -> {
      for (var i = 0; i < 1000; i++) {
        var pair = KernelPair.open(); // mostly under the numbers of the one before
        var one = new Descriptor(pair.near());
        var other = new Descriptor(pair.far());
        var expected = i % 256;
        var reader = start(() -> assertReads(one, expected));
        pass();
        send(other, expected);
        untilEnded(reader);
        send(other, 0); // which nobody reads
        other.close();
        one.close();
      }
    });
  }

  @Test
  void theNextOwnerOfANumberMayLiveOnAnotherHub() throws Exception {
    try (var first = Hub.start("first", kernel.options());
        var second = Hub.start("second", kernel.options())) {
      for (var i = 0; i < 300; i++) {
        var hub = i % 2 == 0 ? first : second;
        var pair = KernelPair.open();
        var one = new Descriptor(pair.near());
        var other = new Descriptor(pair.far());
        var expected = i % 256;
        var reader =
            hub.spawn(() -> {
              assertReads(one, expected);
              return true;
            });
        send(other, expected);
        assertTrue(get(reader));
        send(other, 0); // which nobody reads
        one.close();
        other.close();
      }
    }
  }

  @Test
  void moreBecomeReadyAtOnceThanOneLookHolds() throws Exception {
    var counters = IntStream.range(0, 1300).mapToObj(_ -> Posix.eventfd()).toList();
    run(() -> {
      var read = new ArrayList<Integer>();
      for (var counter : counters) {
        start(() -> {
          var descriptor = new Descriptor(counter);
          assertEquals(Result.READY, untilCounted(descriptor));
          read.add(counter);
          descriptor.close();
        });
      }
      pass();
      pass();
      assertEquals(List.of(), read);
      try (var scratch = Scratch.borrow()) {
        counters.forEach(counter -> Posix.signal(scratch, counter));
      }
      while (read.size() < counters.size()) {
        pass();
      }
    });
  }

  @Test
  void whatCannotBeWatchedSaysWhy() throws Exception {
    if (kernel == Kernel.EPOLL) {
      run(() -> {
        var nowhere = Descriptor.foreign(1_000_000);
        var error = assertThrows(IOException.class, () -> nowhere.await(READ, FOR_EVER));
        assertEquals("epoll_ctl: " + Errno.message(Errno.EBADF), error.getMessage());
        assertThrows(IOException.class, () -> nowhere.await(READ, FOR_EVER));
      });
    }
  }

  private static void assertReads(Descriptor from, int expected) throws IOException {
    var bytes = new byte[1];
    while (true) {
      var count = from.receive(MemorySegment.ofArray(bytes), 0);
      if (count == 1) {
        break;
      }
      assertEquals(-Errno.EAGAIN, count);
      assertEquals(Result.READY, from.await(READ, FOR_EVER));
    }
    assertEquals(expected, Byte.toUnsignedInt(bytes[0]));
  }

  private static int receive(Descriptor from) throws IOException {
    var bytes = MemorySegment.ofArray(new byte[1]);
    while (true) {
      var count = from.receive(bytes, 0);
      if (count != -Errno.EAGAIN) {
        return count;
      }
      assertEquals(Result.READY, from.await(READ, FOR_EVER));
    }
  }

  /// Waits to read where nothing comes; the first answer may be a spurious one.
  private static Result untilSilent(Descriptor from, long limitNanos) throws IOException {
    var result = from.await(READ, limitNanos);
    return result == Result.READY ? from.await(READ, limitNanos) : result;
  }

  private static Result untilRoom(Descriptor to) throws IOException {
    while (true) {
      var sent = to.send(MemorySegment.ofArray(new byte[0]), 0);
      var result = to.await(WRITE, FOR_EVER);
      if (sent >= 0 || result != Result.READY) {
        return result;
      }
    }
  }

  private static Result untilCounted(Descriptor counter) throws IOException {
    while (true) {
      var result = counter.await(READ, FOR_EVER);
      try (var scratch = Scratch.borrow()) {
        if (result != Result.READY || Posix.drain(scratch, counter.fd()) > 0) {
          return result;
        }
      }
    }
  }

  private static void send(Descriptor to, int value) {
    assertEquals(1, to.send(MemorySegment.ofArray(new byte[] {(byte) value}), 0));
  }

  private static boolean isOpen(int fd) {
    try (var scratch = Scratch.borrow()) {
      return Posix.available(scratch, fd) != -Errno.EBADF;
    }
  }

  private static void untilEnded(Fiber fiber) {
    while (!fiber.ended()) {
      new Waiter().await(ofMillis(1).toNanos());
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void run(OnHub.Body body) throws Exception {
    OnHub.run(kernel.options(), body);
  }
}
