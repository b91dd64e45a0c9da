package net.eventlet.hubs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.eventlet.posix.Errno;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What `epoll` does besides what every poller does: it watches a descriptor for good.
@Bounded
class EpollPollerTest {

  private static final long FOR_EVER = -1;

  private EpollPoller poller;
  private KernelPair pair;

  /// One report.
  private record Ready(int fd, Interest interest) {}

  @BeforeEach
  void open() throws IOException {
    poller = new EpollPoller();
    pair = KernelPair.open();
  }

  @AfterEach
  void close() {
    pair.close();
    poller.close();
  }

  @Test
  void aRegisteredDescriptorIsReportedAsItIsAndThenAtEachChange() throws IOException {
    assertTrue(poller.register(pair.near()));

    assertEquals(List.of(new Ready(pair.near(), Interest.WRITE)), poll(0));
    assertEquals(List.of(), poll(0));
    pair.sendOne();
    assertEquals(List.of(new Ready(pair.near(), Interest.BOTH)), poll(FOR_EVER));
    assertEquals(List.of(), poll(0));
    pair.sendOne(); // more is there, though nobody took what was there before
    assertEquals(List.of(new Ready(pair.near(), Interest.BOTH)), poll(FOR_EVER));
    KernelPair.drain(pair.near());
    assertEquals(List.of(), poll(0));
  }

  @Test
  void aDescriptorThatWasWatchedMayBeRegistered() throws IOException {
    poller.watch(pair.near(), Interest.READ);

    assertTrue(poller.register(pair.near()));
    poll(0);
    pair.sendOne();

    assertEquals(List.of(new Ready(pair.near(), Interest.BOTH)), poll(FOR_EVER));
  }

  @Test
  void aRegisteredDescriptorsRoomToWriteIsReportedWhenItComesBack() throws IOException {
    assertTrue(poller.register(pair.near()));
    poll(0);
    KernelPair.fill(pair.near());
    poll(0);

    KernelPair.drain(pair.far());

    assertEquals(List.of(new Ready(pair.near(), Interest.WRITE)), poll(FOR_EVER));
  }

  @Test
  void theNextOwnerOfANumberIsRegisteredAsIfItWereNew() throws IOException {
    for (var i = 0; i < 100; i++) {
      try (var next = KernelPair.open()) { // mostly under the numbers of the one before
        assertTrue(poller.register(next.near()));
        assertEquals(List.of(new Ready(next.near(), Interest.WRITE)), poll(FOR_EVER));
        next.sendOne();
        assertEquals(List.of(new Ready(next.near(), Interest.BOTH)), poll(FOR_EVER));
        next.sendOne(); // and nobody asks
      }
    }
  }

  @Test
  void whatCannotBeWatchedIsAnError() {
    var nowhere = 1_000_000; // more than a process may open here

    var watching = assertThrows(IOException.class, () -> poller.watch(nowhere, Interest.READ));
    var registering = assertThrows(IOException.class, () -> poller.register(nowhere));

    assertEquals("epoll_ctl: " + Errno.message(Errno.EBADF), watching.getMessage());
    assertEquals("epoll_ctl: " + Errno.message(Errno.EBADF), registering.getMessage());
  }

  private List<Ready> poll(long timeoutNanos) throws IOException {
    var reports = new ArrayList<Ready>();
    poller.poll(timeoutNanos, (fd, ready, _) -> reports.add(new Ready(fd, ready)));
    return reports;
  }
}
