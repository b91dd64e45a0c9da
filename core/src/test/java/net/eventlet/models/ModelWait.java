package net.eventlet.models;

import org.jspecify.annotations.Nullable;

/// One wait of a thread of the model, which is over once.
final class ModelWait {

  private final ModelThread thread;
  private @Nullable End end; // null while it waits
  private String result = "";

  /// Why a wait is over.
  enum End {
    SERVED,
    TIMED_OUT,
    UNWOUND,
    INTERRUPTED
  }

  ModelWait(ModelThread thread) {
    this.thread = thread;
  }

  /// {@return whether it is over}
  boolean isOver() {
    return end != null;
  }

  /// {@return why it is over; null while it waits}
  @Nullable End end() {
    return end;
  }

  /// {@return what it was served with}
  String result() {
    return result;
  }

  /// Serves the one who waits. It must not be over.
  void serve(String with) {
    if (isOver()) {
      throw new AssertionError("the model serves who no longer waits");
    }
    result = with;
    end(End.SERVED);
  }

  /// Ends it, unless it is over, and has its thread run.
  void end(End how) {
    if (end == null) {
      end = how;
      thread.queue();
    }
  }

  /// Ends it, in a turn of its thread.
  void giveUp(End how) {
    end = how;
  }
}
