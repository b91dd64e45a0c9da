package net.eventlet.hubs;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static net.eventlet.hubs.OnHub.get;
import static net.eventlet.hubs.OnHub.pass;
import static net.eventlet.hubs.OnHub.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import net.eventlet.jdk.Jdk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Waiting for a descriptor that somebody else made, here the two ends of a pipe of the JDK's.
@Bounded
@ParameterizedClass(name = "{0}")
@EnumSource(Kernel.class)
class TrampolineTest {

  @Parameter Kernel kernel;

  private Pipe pipe;
  private int source;
  private int sink;

  @BeforeEach
  void open() throws IOException {
    pipe = Pipe.open();
    pipe.source().configureBlocking(false);
    pipe.sink().configureBlocking(false);
    source = Jdk.descriptorOf(pipe.source()).orElseThrow();
    sink = Jdk.descriptorOf(pipe.sink()).orElseThrow();
  }

  @AfterEach
  void close() throws IOException {
    pipe.source().close();
    pipe.sink().close();
  }

  @Test
  void itParksUntilThereIsSomethingToRead() throws Exception {
    run(() -> {
      var reader = start(() -> trampoline(source, Interest.READ, null));
      for (var i = 0; i < 100; i++) {
        pass();
      }
      assertFalse(reader.ended());
      write();
      untilEnded(reader);
    });
  }

  @Test
  void itParksUntilThereIsRoomToWrite() throws Exception {
    run(() -> {
      while (pipe.sink().write(ByteBuffer.allocate(4096)) > 0) {
        Thread.onSpinWait();
      }
      var writer = start(() -> trampoline(sink, Interest.WRITE, null));
      for (var i = 0; i < 100; i++) {
        pass();
      }
      assertFalse(writer.ended());
      while (pipe.source().read(ByteBuffer.allocate(4096)) > 0) {
        Thread.onSpinWait();
      }
      untilEnded(writer);
    });
  }

  @Test
  void whatIsReadyAndNotTakenIsReadyTheNextTime() throws Exception {
    run(() -> {
      write();
      trampoline(source, Interest.READ, null);
      trampoline(source, Interest.READ, null);
    });
  }

  @Test
  void theEndOfTheOtherSideIsSomethingToRead() throws Exception {
    run(() -> {
      var reader = start(() -> trampoline(source, Interest.READ, null));
      pass();
      pipe.sink().close();
      untilEnded(reader);
      trampoline(source, Interest.READ, null);
    });
  }

  @Test
  void itsTimeRunsOutWithAMessage() throws Exception {
    run(() -> {
      var failure =
          assertThrows(
              TimeoutException.class, () -> trampoline(source, Interest.READ, ofMillis(1)));
      assertEquals("descriptor " + source + " was not ready within PT0.001S", failure.getMessage());
      write();
      trampoline(source, Interest.READ, ofSeconds(10)); // and is none the worse for it
    });
  }

  @Test
  void withoutTimeItGivesTheOthersATurnAndLooksOnce() throws Exception {
    run(() -> {
      assertThrows(TimeoutException.class, () -> trampoline(source, Interest.READ, Duration.ZERO));
      assertThrows(TimeoutException.class, () -> trampoline(source, Interest.READ, ofSeconds(-1)));
    });
  }

  @Test
  void unwindingItThrowsThatAndLeavesNothingBehind() throws Exception {
    var unwound = new Error("unwound");
    run(() -> {
      var reader =
          start(() ->
              assertSame(
                  unwound,
                  assertThrows(Error.class, () -> trampoline(source, Interest.READ, null))));
      pass();
      reader.unwind(unwound);
      untilEnded(reader);
      write();
      trampoline(source, Interest.READ, null);
    });
  }

  @Test
  void anInterruptIsAKill() throws Exception {
    run(() -> {
      var reader =
          start(() -> {
            assertThrows(
                CancellationException.class, () -> trampoline(source, Interest.READ, null));
            assertFalse(Thread.currentThread().isInterrupted());
          });
      pass();
      reader.thread().interrupt();
      untilEnded(reader);
    });
  }

  @Test
  void twoMayWaitForTheTwoEnds() throws Exception {
    run(() -> {
      var reader = start(() -> trampoline(source, Interest.READ, null));
      trampoline(sink, Interest.WRITE, null);
      assertFalse(reader.ended());
      write();
      untilEnded(reader);
    });
  }

  @Test
  void theSecondForTheSameIsRefusedAndTheFirstGoesOn() throws Exception {
    run(() -> {
      var first = start(() -> trampoline(source, Interest.READ, null));
      pass();
      var refusal =
          assertThrows(IllegalStateException.class, () -> trampoline(source, Interest.READ, null));
      assertTrue(refusal.getMessage().contains(first.toString()), refusal::getMessage);
      write();
      untilEnded(first);
    });
  }

  @Test
  void aNumberMayBeUsedAgainByTheNextPipe() throws Exception {
    run(() -> {
      for (var i = 0; i < 500; i++) {
        var next = Pipe.open();
        next.source().configureBlocking(false);
        var fd = Jdk.descriptorOf(next.source()).orElseThrow();
        assertThrows(TimeoutException.class, () -> trampoline(fd, Interest.READ, Duration.ZERO));
        var reader = start(() -> trampoline(fd, Interest.READ, null));
        pass();
        next.sink().write(ByteBuffer.allocate(1));
        untilEnded(reader);
        next.sink().close();
        next.source().close();
      }
    });
  }

  @Test
  void aPlainThreadIsRefused() throws Exception {
    try (var hub = Hub.start("trampoline", kernel.options())) {
      var refusal =
          assertThrows(
              IllegalStateException.class, () -> hub.trampoline(source, Interest.READ, null));

      var message = refusal.getMessage();
      assertTrue(message.startsWith("trampoline parks a green thread of Hub[trampoline]"), message);
      assertTrue(message.contains(Thread.currentThread().toString()), message);
    }
  }

  @Test
  void aGreenThreadOfAnotherHubIsRefused() throws Exception {
    try (var hub = Hub.start("trampoline", kernel.options());
        var other = Hub.start("other", kernel.options())) {
      var refused =
          other.spawn(() ->
              assertThrows(
                  IllegalStateException.class, () -> hub.trampoline(source, Interest.READ, null)));

      assertTrue(get(refused).getMessage().contains("Hub[trampoline]"));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "BOTH"})
  void onlyOneDirectionIsWaitedFor(Interest interest) throws Exception {
    run(() -> {
      var refusal =
          assertThrows(IllegalArgumentException.class, () -> trampoline(source, interest, null));
      assertTrue(
          refusal.getMessage().contains("fd=" + source + " interest=" + interest),
          refusal::getMessage);
    });
  }

  @Test
  void aNegativeDescriptorIsRefused() throws Exception {
    run(() -> {
      var refusal =
          assertThrows(IllegalArgumentException.class, () -> trampoline(-1, Interest.READ, null));
      assertTrue(refusal.getMessage().contains("fd=-1"), refusal::getMessage);
    });
  }

  @Test
  void aNumberThatIsNotOpenDoesNotHang() throws Exception {
    run(() -> {
      switch (kernel) {
        case EPOLL ->
            assertThrows(
                java.io.UncheckedIOException.class,
                () -> trampoline(1_000_000, Interest.READ, null));
        case POLL -> trampoline(1_000_000, Interest.READ, null);
      }
    });
  }

  @Test
  void closingTheHubUnwindsWhoWaits() throws Exception {
    var hub = Hub.start("trampoline", kernel.options());
    var begun = new CountDownLatch(1);
    var reader =
        hub.spawn(() -> {
          begun.countDown();
          hub.trampoline(source, Interest.READ, null);
          return true;
        });
    begun.await();

    hub.close();

    assertThrows(CancellationException.class, () -> get(reader));
    assertNull(Hub.currentOrNull());
  }

  private void write() throws IOException {
    assertEquals(1, pipe.sink().write(ByteBuffer.allocate(1)));
  }

  private static void trampoline(int fd, Interest interest, Duration limit) throws Exception {
    Hub.current().trampoline(fd, interest, limit);
  }

  private static void untilEnded(Fiber fiber) {
    while (!fiber.ended()) {
      new Waiter().await(ofMillis(1).toNanos());
    }
  }

  private void run(OnHub.Body body) throws Exception {
    OnHub.run(kernel.options(), body);
  }
}
