package net.eventlet.hubs;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import net.eventlet.posix.Posix;
import net.eventlet.posix.Scratch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What a hub relies on of each poller.
@Bounded
@ParameterizedClass(name = "{0}")
@EnumSource(Kernel.class)
class PollerTest {

  private static final long FOR_EVER = -1;

  @Parameter Kernel kernel;

  private final List<Ready> reports = new ArrayList<>();
  private Poller poller;
  private KernelPair pair;

  /// One report.
  private record Ready(int fd, Interest interest, boolean hungUp) {}

  @BeforeEach
  void open() throws IOException {
    poller = kernel.poller.open();
    pair = KernelPair.open();
  }

  @AfterEach
  void close() {
    pair.close();
    poller.close();
  }

  @Test
  void aDescriptorThatIsReadyWhenItIsWatchedIsReported() throws IOException {
    pair.sendOne();

    poller.watch(pair.near(), Interest.READ);

    assertEquals(List.of(new Ready(pair.near(), Interest.READ, false)), poll(FOR_EVER));
  }

  @Test
  void aDescriptorThatBecomesReadyLaterIsReported() throws IOException {
    poller.watch(pair.near(), Interest.READ);
    assertEquals(List.of(), poll(0));

    pair.sendOne();

    assertEquals(List.of(new Ready(pair.near(), Interest.READ, false)), poll(FOR_EVER));
  }

  @Test
  void aWatchedDescriptorIsReportedOnce() throws IOException {
    poller.watch(pair.near(), Interest.READ);
    pair.sendOne();
    poll(FOR_EVER);

    pair.sendOne();

    assertEquals(List.of(), poll(0));
  }

  @Test
  void aDescriptorThatIsStillReadyIsReportedWhenItIsWatchedAgain() throws IOException {
    poller.watch(pair.near(), Interest.READ);
    pair.sendOne();
    poll(FOR_EVER);

    poller.watch(pair.near(), Interest.READ);

    assertEquals(List.of(new Ready(pair.near(), Interest.READ, false)), poll(FOR_EVER));
  }

  @Test
  void onlyWhatIsWatchedForIsReported() throws IOException {
    pair.sendOne();

    poller.watch(pair.near(), Interest.WRITE);

    assertEquals(List.of(new Ready(pair.near(), Interest.WRITE, false)), poll(FOR_EVER));
  }

  @Test
  void bothDirectionsAreReportedTogether() throws IOException {
    pair.sendOne();

    poller.watch(pair.near(), Interest.BOTH);

    assertEquals(List.of(new Ready(pair.near(), Interest.BOTH, false)), poll(FOR_EVER));
  }

  @Test
  void aLaterWatchTakesThePlaceOfTheOneBefore() throws IOException {
    pair.sendOne();
    poller.watch(pair.near(), Interest.BOTH);

    poller.watch(pair.near(), Interest.READ);

    assertEquals(List.of(new Ready(pair.near(), Interest.READ, false)), poll(FOR_EVER));
  }

  @Test
  void whatIsNoLongerWatchedIsNotReported() throws IOException {
    poller.watch(pair.near(), Interest.READ);
    poller.watch(pair.near(), Interest.NONE);

    pair.sendOne();

    assertEquals(List.of(), poll(0));
  }

  @Test
  void notToWatchWhatWasNeverWatchedIsAllowed() {
    assertDoesNotThrow(() -> poller.watch(pair.near(), Interest.NONE));
  }

  @Test
  void aPeerThatWritesNoMoreIsSomethingToReadAndAHangUp() throws IOException {
    poller.watch(pair.near(), Interest.READ);

    Posix.shutdown(pair.far(), 1);

    assertEquals(List.of(new Ready(pair.near(), Interest.READ, true)), poll(FOR_EVER));
  }

  @Test
  void aBrokenConnectionIsReadyForBoth() throws IOException {
    var broken = KernelPair.open();
    poller.watch(broken.near(), Interest.READ);

    broken.reset();

    assertEquals(List.of(new Ready(broken.near(), Interest.BOTH, true)), poll(FOR_EVER));
    Posix.close(broken.near());
  }

  @Test
  void aDescriptorThatWasClosedWhileItWasWatchedHarmsNobody() throws IOException {
    var closed = KernelPair.open();
    poller.watch(closed.near(), Interest.READ);
    poller.watch(pair.near(), Interest.READ);
    closed.close();
    pair.sendOne();

    poll(FOR_EVER);
    poll(0);

    assertTrue(reports.contains(new Ready(pair.near(), Interest.READ, false)));
    assertEquals(List.of(), poll(0));
  }

  @Test
  void theNextOwnerOfANumberIsWatchedAsIfItWereNew() throws IOException {
    for (var i = 0; i < 100; i++) {
      try (var next = KernelPair.open()) { // mostly under the numbers of the one before
        poller.watch(next.near(), Interest.READ);
        assertEquals(List.of(), poll(0));
        next.sendOne();
        assertEquals(List.of(new Ready(next.near(), Interest.READ, false)), poll(FOR_EVER));
        poller.watch(next.near(), Interest.BOTH);
      }
      poll(0); // of poll(2), a report that the number is free
    }
  }

  @Test
  void roomToWriteIsReportedWhenItComesBack() throws IOException {
    KernelPair.fill(pair.near());
    poller.watch(pair.near(), Interest.WRITE);
    assertEquals(List.of(), poll(0));

    KernelPair.drain(pair.far());

    assertEquals(List.of(new Ready(pair.near(), Interest.WRITE, false)), poll(FOR_EVER));
  }

  @Test
  void aWaitEndsWhenItsTimeIsUp() throws IOException {
    var before = Hub.CLOCK.nanoTime();

    poll(5_000_000);

    assertTrue(Hub.CLOCK.nanoTime() - before >= 5_000_000);
    assertEquals(List.of(), reports);
  }

  @Test
  void aWakeUpEndsTheNextWait() throws IOException {
    poller.wakeUp();

    assertEquals(List.of(), poll(FOR_EVER));
  }

  @Test
  void aWakeUpEndsTheCurrentWait() throws Exception {
    for (var i = 0; i < 1000; i++) {
      var waiting = new CountDownLatch(1);
      var waker =
          Thread.ofPlatform()
              .start(() -> {
                awaitQuietly(waiting);
                poller.wakeUp();
              });

      waiting.countDown();
      poll(FOR_EVER);

      waker.join();
    }
    assertEquals(List.of(), reports);
  }

  @Test
  void wakeUpsAddUpToOneAndAreUsedUpByAWait() throws IOException {
    for (var i = 0; i < 1000; i++) {
      poller.wakeUp();
    }

    poll(FOR_EVER);

    var before = Hub.CLOCK.nanoTime();
    poll(5_000_000);
    assertTrue(Hub.CLOCK.nanoTime() - before >= 5_000_000);
  }

  @Test
  void moreThanOneLookHoldsAreAllReported() throws IOException {
    var counters = IntStream.range(0, 1300).mapToObj(_ -> Posix.eventfd()).toList();
    try (var scratch = Scratch.borrow()) {
      for (var counter : counters) {
        poller.watch(counter, Interest.READ);
        Posix.signal(scratch, counter);
      }

      for (var looks = 0; looks < 4; looks++) {
        poll(0);
      }

      assertEquals(counters.size(), reports.size());
      assertEquals(
          new HashSet<>(counters), new HashSet<>(reports.stream().map(Ready::fd).toList()));
    } finally {
      counters.forEach(Posix::close);
    }
  }

  @Test
  void aReportMayWatchAgainAtOnce() throws IOException {
    var counters = IntStream.range(0, 100).mapToObj(_ -> Posix.eventfd()).toList();
    try (var scratch = Scratch.borrow()) {
      for (var counter : counters) {
        poller.watch(counter, Interest.READ);
        Posix.signal(scratch, counter);
      }
      var seen = new ArrayList<Integer>();

      for (var look = 0; look < 3; look++) {
        var reported =
            poller.poll(
                0,
                (fd, _, _) -> {
                  seen.add(fd);
                  assertDoesNotThrow(() -> poller.watch(fd, Interest.READ));
                });
        assertEquals(counters.size(), reported);
      }

      for (var counter : counters) {
        assertEquals(3, seen.stream().filter(counter::equals).count());
      }
    } finally {
      counters.forEach(Posix::close);
    }
  }

  @Test
  void itGivesUpAllThatItHolds() throws IOException {
    var before = openDescriptors();

    for (var i = 0; i < 200; i++) {
      kernel.poller.open().close();
    }

    assertTrue(openDescriptors() - before < 100);
  }

  private List<Ready> poll(long timeoutNanos) throws IOException {
    var before = reports.size();
    var reported =
        poller.poll(timeoutNanos, (fd, ready, hungUp) -> reports.add(new Ready(fd, ready, hungUp)));
    assertEquals(reports.size() - before, reported);
    return List.copyOf(reports.subList(before, reports.size()));
  }

  private static long openDescriptors() throws IOException {
    try (var numbers = Files.list(Path.of("/proc/self/fd"))) {
      return numbers.count();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
