package net.eventlet.hubs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// What other threads ask a hub to run, in the order they asked.
///
/// A stack that any thread pushes onto with one compare-and-set, and that the hub takes whole and
/// turns over.
final class RemoteQueue {

  private static final VarHandle TOP;

  static {
    try {
      TOP = MethodHandles.lookup().findVarHandle(RemoteQueue.class, "top", Node.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile @Nullable Node top;

  /// One request.
  ///
  /// @param task what to run
  /// @param next the one that was asked before it, or, once taken, after it
  record Node(Runnable task, @Nullable Node next) {}

  /// Adds a request; from any thread.
  ///
  /// @param task what to run
  void push(Runnable task) {
    Node before;
    do {
      before = top;
    } while (!TOP.compareAndSet(this, before, new Node(task, before)));
  }

  /// {@return whether there is nothing to take}
  boolean isEmpty() {
    return top == null;
  }

  /// {@return all requests, first asked first; null if there are none}
  @Nullable Node take() {
    if (isEmpty()) {
      return null;
    }
    Node ordered = null;
    for (var node = (Node) TOP.getAndSet(this, null); node != null; node = node.next()) {
      ordered = new Node(node.task(), ordered);
    }
    return ordered;
  }
}
