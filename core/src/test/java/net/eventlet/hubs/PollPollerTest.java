package net.eventlet.hubs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Where `poll(2)` differs from `epoll`.
@Bounded
class PollPollerTest {

  private final PollPoller poller;

  PollPollerTest() throws IOException {
    poller = new PollPoller();
  }

  @AfterEach
  void close() {
    poller.close();
  }

  @Test
  void itIsAskedBeforeEachWaitInsteadOfWatchingForGood() throws IOException {
    try (var pair = KernelPair.open()) {
      assertFalse(poller.register(pair.near()));
      pair.sendOne();

      assertEquals(List.of(), poll());
    }
  }

  @Test
  void whatCannotBeWatchedIsReportedAsBrokenOnce() throws IOException {
    var nowhere = 1_000_000; // more than a process may open here

    poller.watch(nowhere, Interest.READ);

    assertEquals(List.of("1000000 BOTH hung up"), poll());
    assertEquals(List.of(), poll());
  }

  private List<String> poll() throws IOException {
    var reports = new ArrayList<String>();
    poller.poll(
        0, (fd, ready, hungUp) -> reports.add(fd + " " + ready + (hungUp ? " hung up" : "")));
    return reports;
  }
}
