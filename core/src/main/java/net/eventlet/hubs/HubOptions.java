package net.eventlet.hubs;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

/// How a hub is made: its seams, and what looks on.
///
/// @param clock tells the time
/// @param poller makes what tells which descriptors are ready
/// @param order decides whose turn it is
/// @param seed of the hub's random numbers
/// @param instruments told what happens, in this order
/// @param cpu the processor that the hub's carrier is pinned to, from 0; -1 for none
/// @param closeLimit how long green threads that are unwound when the hub closes may take to end
/// @param exit makes what kills green threads from outside that say nothing else, from the reason
public record HubOptions(
    Clock clock,
    Poller.Factory poller,
    RunOrder order,
    long seed,
    List<Instrument> instruments,
    int cpu,
    Duration closeLimit,
    Function<String, ? extends Throwable> exit) {

  /// The system's clock; the poller that `-Deventlet.hub` or `EVENTLET_HUB` names, `epoll` or
  /// `poll`, the former if neither does; first in, first out; a seed of its own in each process; no
  /// instruments; any processor; five seconds; [CancellationException].
  public static final HubOptions DEFAULT =
      new HubOptions(
          new SystemClock(),
          HubOptions::namedPoller,
          RunOrder.FIRST_IN_FIRST_OUT,
          new Random().nextLong(),
          List.of(),
          -1,
          Duration.ofSeconds(5),
          CancellationException::new);

  /// Checks the options.
  ///
  /// @throws IllegalArgumentException if the processor is below -1, or the limit is negative
  public HubOptions {
    instruments = List.copyOf(instruments);
    if (cpu < -1 || closeLimit.isNegative()) {
      throw new IllegalArgumentException(
          "a hub needs a processor from 0, or -1 for any, and a limit that is not negative: cpu=%d closeLimit=%s"
              .formatted(cpu, closeLimit));
    }
  }

  /// {@return these options with another clock}
  ///
  /// @param clock tells the time
  public HubOptions withClock(Clock clock) {
    return new HubOptions(clock, poller, order, seed, instruments, cpu, closeLimit, exit);
  }

  /// {@return these options with another poller}
  ///
  /// @param poller makes it
  public HubOptions withPoller(Poller.Factory poller) {
    return new HubOptions(clock, poller, order, seed, instruments, cpu, closeLimit, exit);
  }

  /// {@return these options with another order}
  ///
  /// @param order decides whose turn it is
  public HubOptions withOrder(RunOrder order) {
    return new HubOptions(clock, poller, order, seed, instruments, cpu, closeLimit, exit);
  }

  /// {@return these options with another seed}
  ///
  /// @param seed of the hub's random numbers
  public HubOptions withSeed(long seed) {
    return new HubOptions(clock, poller, order, seed, instruments, cpu, closeLimit, exit);
  }

  /// {@return these options with other instruments}
  ///
  /// @param instruments told what happens, in this order
  public HubOptions withInstruments(List<Instrument> instruments) {
    return new HubOptions(clock, poller, order, seed, instruments, cpu, closeLimit, exit);
  }

  /// {@return these options with the carrier pinned}
  ///
  /// @param cpu a processor, from 0; -1 for any
  public HubOptions withCpu(int cpu) {
    return new HubOptions(clock, poller, order, seed, instruments, cpu, closeLimit, exit);
  }

  /// {@return these options with another limit for closing}
  ///
  /// @param closeLimit how long green threads that are unwound may take to end
  public HubOptions withCloseLimit(Duration closeLimit) {
    return new HubOptions(clock, poller, order, seed, instruments, cpu, closeLimit, exit);
  }

  /// {@return these options with another kill}
  ///
  /// @param exit makes what kills green threads from outside that say nothing else, from the reason
  public HubOptions withExit(Function<String, ? extends Throwable> exit) {
    return new HubOptions(clock, poller, order, seed, instruments, cpu, closeLimit, exit);
  }

  private static Poller namedPoller() throws IOException {
    var name =
        Optional.ofNullable(System.getProperty("eventlet.hub"))
            .or(() -> Optional.ofNullable(System.getenv("EVENTLET_HUB")))
            .orElse("epoll");
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "epoll" -> new EpollPoller();
      case "poll" -> new PollPoller();
      default ->
          throw new IllegalArgumentException(
              "eventlet.hub must be epoll or poll: \"" + name + "\"");
    };
  }
}
