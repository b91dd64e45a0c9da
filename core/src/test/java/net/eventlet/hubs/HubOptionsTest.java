package net.eventlet.hubs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HubOptionsTest {

  private static final String PROPERTY = "eventlet.hub";

  private final String before = System.getProperty(PROPERTY);

  @AfterEach
  void restore() {
    if (before == null) {
      System.clearProperty(PROPERTY);
    } else {
      System.setProperty(PROPERTY, before);
    }
  }

  @Test
  void thePropertyNamesThePollerInAnyCase() throws IOException {
    assertInstanceOf(EpollPoller.class, pollerOf("epoll"));
    assertInstanceOf(PollPoller.class, pollerOf("poll"));
    assertInstanceOf(PollPoller.class, pollerOf("POLL"));
  }

  @Test
  void epollIsWhatOneGetsWithoutAName() throws IOException {
    System.clearProperty(PROPERTY);

    try (var poller = HubOptions.DEFAULT.poller().open()) {
      var named = System.getenv("EVENTLET_HUB");
      assertEquals("poll".equals(named), poller instanceof PollPoller);
    }
  }

  @Test
  void anUnknownNameIsRefusedWithTheKnownOnes() {
    var refusal = assertThrows(IllegalArgumentException.class, () -> pollerOf("selects"));

    assertEquals("eventlet.hub must be epoll or poll: \"selects\"", refusal.getMessage());
  }

  @Test
  void anUnknownNameIsRefusedWhereAHubIsStarted() {
    System.setProperty(PROPERTY, "selects");

    assertThrows(IllegalArgumentException.class, () -> Hub.start("never"));
  }

  @Test
  void aProcessorBelowMinusOneIsRefused() {
    var refusal =
        assertThrows(IllegalArgumentException.class, () -> HubOptions.DEFAULT.withCpu(-2));

    assertTrue(refusal.getMessage().contains("cpu=-2"), refusal::getMessage);
  }

  @Test
  void aNegativeLimitIsRefused() {
    var refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> HubOptions.DEFAULT.withCloseLimit(Duration.ofMillis(-1)));

    assertTrue(refusal.getMessage().contains("closeLimit=PT-0.001S"), refusal::getMessage);
  }

  @Test
  void eachPartIsReplacedAlone() {
    Clock clock = () -> 7;
    RunOrder order = runnable -> runnable.size() - 1;
    Poller.Factory poller = PollPoller::new;
    var instrument = new Instrument() {};
    Function<String, Throwable> exit = IllegalStateException::new;

    var options =
        HubOptions.DEFAULT
            .withClock(clock)
            .withPoller(poller)
            .withOrder(order)
            .withSeed(3)
            .withInstruments(List.of(instrument))
            .withCpu(1)
            .withCloseLimit(Duration.ZERO)
            .withExit(exit);

    assertEquals(
        new HubOptions(clock, poller, order, 3, List.of(instrument), 1, Duration.ZERO, exit),
        options);
  }

  @Test
  void theInstrumentsAreThoseThatWereThere() {
    var instruments = new ArrayList<Instrument>();
    var options = HubOptions.DEFAULT.withInstruments(instruments);

    instruments.add(new Instrument() {});

    assertEquals(List.of(), options.instruments());
  }

  private static Poller pollerOf(String name) throws IOException {
    System.setProperty(PROPERTY, name);
    var poller = HubOptions.DEFAULT.poller().open();
    poller.close();
    return poller;
  }
}
