package net.eventlet.jdk;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import net.eventlet.hubs.Bounded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Bounded
class JdkTest {

  private final LinkedBlockingQueue<Runnable> given = new LinkedBlockingQueue<>();
  private final Executor scheduler = given::add;

  @Test
  void thisJdkIsMadeAsWeKnowIt() {
    assertDoesNotThrow(Jdk::require);
  }

  @Test
  void theCheckMayBeMadeInAVirtualThread() throws Exception {
    var check =
        new FutureTask<>(() -> {
          Jdk.require();
          return true;
        });

    Thread.ofVirtual().start(check);

    assertTrue(check.get(10, SECONDS));
  }

  @Test
  void theFlagsAreThoseThatAreNeeded() {
    assertEquals(
        "--add-opens java.base/java.lang=ALL-UNNAMED"
            + " --add-opens java.base/jdk.internal.vm=ALL-UNNAMED"
            + " --add-opens java.base/sun.nio.ch=ALL-UNNAMED"
            + " --enable-native-access=ALL-UNNAMED",
        Jdk.FLAGS);
  }

  @Test
  void aVirtualThreadIsRunByTheSchedulerItWasMadeWith() throws Exception {
    var ran = new ArrayList<Thread>();
    Runnable task =
        () -> {
          ran.add(Thread.currentThread());
          LockSupport.park();
          ran.add(Jdk.currentCarrier());
        };

    var thread = Jdk.newVirtualThread(scheduler, task);
    assertSame(scheduler, Jdk.schedulerOf(thread));
    assertSame(task, Jdk.taskOf(thread));
    assertTrue(given.isEmpty());

    thread.start();
    var continuation = given.take();
    assertSame(thread, Jdk.threadOf(continuation));
    assertSame(continuation, Jdk.continuationOf(thread));
    continuation.run();
    assertEquals(List.of(thread), ran);

    LockSupport.unpark(thread);
    assertSame(continuation, given.take());
    continuation.run();
    assertEquals(List.of(thread, Thread.currentThread()), ran);
    assertFalse(thread.isAlive());
  }

  @Test
  void whatAVirtualThreadStartsIsGivenToTheSameScheduler() throws Exception {
    var child = new ArrayList<Thread>();
    Jdk.newVirtualThread(scheduler, () -> child.add(Thread.startVirtualThread(() -> {}))).start();

    given.take().run();

    assertSame(child.getFirst(), Jdk.threadOf(given.take()));
  }

  @Test
  void aPlainThreadIsItsOwnCarrierAndAVirtualOneIsNot() throws Exception {
    var carrier = new FutureTask<>(Jdk::currentCarrier);

    Thread.ofVirtual().start(carrier);

    assertSame(Thread.currentThread(), Jdk.currentCarrier());
    assertFalse(carrier.get(10, SECONDS).isVirtual());
  }

  @Test
  void theDefaultSchedulerRunsThreadsThatSayNothing() {
    assertSame(Jdk.defaultScheduler(), Jdk.schedulerOf(Thread.ofVirtual().unstarted(() -> {})));
  }

  @Test
  void theJdksPollersAreKnownByTheirNames() {
    assertTrue(Jdk.isPoller(Thread.ofPlatform().name("MasterPoller").unstarted(() -> {})));
    assertTrue(Jdk.isPoller(Thread.ofVirtual().name("SubPoller-3").unstarted(() -> {})));
    assertFalse(Jdk.isPoller(Thread.ofPlatform().name("SubPoller-3").unstarted(() -> {})));
    assertFalse(Jdk.isPoller(Thread.ofVirtual().unstarted(() -> {})));
    assertFalse(Jdk.isPoller(Thread.currentThread()));
  }

  @Test
  void theDescriptorsOfChannelsAreKnown() throws IOException {
    var pipe = Pipe.open();
    try (var socket = SocketChannel.open();
        var datagrams = DatagramChannel.open();
        var source = pipe.source();
        var sink = pipe.sink()) {
      for (var channel : List.of(socket, datagrams, source, sink)) {
        var number = Jdk.descriptorOf(channel);
        assertTrue(number.isPresent());
        var link = Path.of("/proc/self/fd/" + number.getAsInt());
        assertTrue(Files.readSymbolicLink(link).toString().matches("(socket|pipe):.*"));
      }
    }
  }

  @Test
  void theDescriptorOfAFileIsNotKnown(@TempDir Path folder) throws IOException {
    try (var file = FileChannel.open(Files.createFile(folder.resolve("file")))) {
      assertEquals(OptionalInt.empty(), Jdk.descriptorOf(file));
    }
  }
}
