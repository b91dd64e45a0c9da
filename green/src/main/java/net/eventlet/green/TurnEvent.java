package net.eventlet.green;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import net.eventlet.hubs.Fiber;
import org.jspecify.annotations.Nullable;

/// A long turn of a green thread, for the Flight Recorder.
@Name("net.eventlet.Turn")
@Label("Green Thread Turn")
@Category("Eventlet")
@StackTrace(false)
final class TurnEvent extends Event {

  private static final long LONG_NANOS = 10_000_000;

  @Label("Green Thread")
  @Nullable String greenThread;

  @Label("Spawned At")
  @Nullable String place;

  @Label("Processor Time")
  @Timespan(Timespan.NANOSECONDS)
  long cpu;

  @Label("Held")
  @Timespan(Timespan.NANOSECONDS)
  long held;

  private TurnEvent() {}

  static void commit(Fiber fiber, long cpuNanos, long heldNanos) {
    if (heldNanos < LONG_NANOS) {
      return;
    }
    var event = new TurnEvent();
    if (event.isEnabled()) {
      event.greenThread = fiber.toString();
      event.place = Profile.placeOf(fiber);
      event.cpu = cpuNanos;
      event.held = heldNanos;
      event.commit();
    }
  }
}
