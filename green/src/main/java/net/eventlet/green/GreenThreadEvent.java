package net.eventlet.green;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/// The end of a green thread, and what it took, for the Flight Recorder.
@Name("net.eventlet.GreenThread")
@Label("Green Thread")
@Category("Eventlet")
@StackTrace(false)
final class GreenThreadEvent extends Event {

  @Label("Green Thread")
  @Nullable String greenThread;

  @Label("Spawned At")
  @Nullable String place;

  @Label("Turns")
  long turns;

  @Label("Processor Time")
  @Timespan(Timespan.NANOSECONDS)
  long cpu;

  @Label("Held")
  @Timespan(Timespan.NANOSECONDS)
  long held;

  @Label("Waiting")
  @Timespan(Timespan.NANOSECONDS)
  long waiting;

  private GreenThreadEvent() {}

  static void commit(
      String name, String place, long turns, long cpuNanos, long heldNanos, long waitingNanos) {
    var event = new GreenThreadEvent();
    if (event.isEnabled()) {
      event.greenThread = name;
      event.place = place;
      event.turns = turns;
      event.cpu = cpuNanos;
      event.held = heldNanos;
      event.waiting = waitingNanos;
      event.commit();
    }
  }
}
