package net.eventlet.models;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One thing that the green threads of a program do: in earnest, and in the model.
interface Step {

  /// Does it.
  ///
  /// @param limit longest wait; null for ever
  /// @return what came of it
  String act(@Nullable Duration limit) throws Exception;

  /// Does it in the model.
  ///
  /// @param thread who does it
  /// @return what came of it; null if it waits, and [ModelThread] knows how to go on
  @Nullable String model(ModelThread thread);

  /// {@return whether its wait may have a limit}
  default boolean isLimited() {
    return false;
  }

  /// {@return whether an interrupt from outside is told to it, rather than a kill}
  default boolean isInterruptible() {
    return false;
  }

  /// A step, and how long it may take.
  ///
  /// @param step what is done
  /// @param bound who watches the time
  /// @param millis how long it may take
  record Bounded(Step step, Bound bound, int millis) {

    @Override
    public String toString() {
      return step + (bound == Bound.NONE ? "" : " within " + millis + " by " + bound);
    }
  }

  /// Who watches the time of a step.
  enum Bound {
    NONE,
    LIMIT,
    TIMEOUT
  }
}
