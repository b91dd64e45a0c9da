package net.eventlet.green.coverage;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The table says what happens, in both directions: what parks lets others run for the fifth of a
/// second that it waits, and what blocks does not.
class ProbesTest {

  private static final Duration WAITED = Probe.TIME.minusMillis(50);
  private static final int SEVERAL_TICKS = 3; // of 40, on a machine with nothing else to do
  private static final int HARDLY_A_TICK = 2;

  static Stream<Probe> thoseThatPark() {
    return Probes.ALL.stream().filter(probe -> probe.behaviour() != Behaviour.BLOCKS);
  }

  static Stream<Probe> thoseThatBlock() {
    return Probes.ALL.stream().filter(probe -> probe.behaviour() == Behaviour.BLOCKS);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("thoseThatPark")
  void othersRunWhileItWaits(Probe probe) throws Exception {
    var seen = probe.run();

    assertTrue(seen.waited().compareTo(WAITED) > 0, () -> "it did not wait: " + seen);
    assertTrue(seen.ticks() >= SEVERAL_TICKS, () -> "it holds the hub: " + seen);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("thoseThatBlock")
  void othersDoNotRunWhileItWaits(Probe probe) throws Exception {
    var seen = probe.run();

    assertTrue(seen.waited().compareTo(WAITED) > 0, () -> "it did not wait: " + seen);
    assertTrue(
        seen.ticks() <= HARDLY_A_TICK,
        () -> "it cooperates by now, and Rows.java says that it does not: " + seen);
  }
}
