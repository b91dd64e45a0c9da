package net.eventlet.green;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousChannel;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.InterruptedByTimeoutException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import net.eventlet.hubs.Fiber;
import org.jspecify.annotations.Nullable;

/// One operation on a channel: a green thread that does it, and then tells the handler or whoever
/// holds this future.
///
/// @param <V> its result
/// @param <A> what is given back to the handler
final class AsyncOperation<V extends @Nullable Object, A extends @Nullable Object>
    extends CompletableFuture<V> implements Fiber.Body {

  private final AsynchronousChannel channel;
  private final AsyncGroup group;
  private final Callable<V> work;
  private final Consumer<@Nullable Throwable> over;
  private final A attachment;
  private final @Nullable CompletionHandler<V, ? super A> handler;
  private @Nullable Fiber fiber; // null before it starts
  private boolean told; // that it is over

  /// Creates an operation.
  ///
  /// @param channel on which it is
  /// @param group of the channel
  /// @param work what it does, and parks in
  /// @param over told how that ended, before anybody else is: null if well
  /// @param attachment for the handler
  /// @param handler null if there is only the future
  AsyncOperation(
      AsynchronousChannel channel,
      AsyncGroup group,
      Callable<V> work,
      Consumer<@Nullable Throwable> over,
      A attachment,
      @Nullable CompletionHandler<V, ? super A> handler) {
    this.channel = channel;
    this.group = group;
    this.work = work;
    this.over = over;
    this.attachment = attachment;
    this.handler = handler;
  }

  /// Begins it.
  ///
  /// @return this
  /// @throws IllegalStateException if the group's hub is closed
  AsyncOperation<V, A> start() {
    fiber = group.hub().fiber(this, handler == null ? work : handler);
    try {
      fiber.start();
    } catch (IllegalStateException closed) {
      over.accept(closed);
      throw closed;
    }
    return this;
  }

  @Override
  public void run() {
    V result;
    try {
      result = work.call();
    } catch (Exception failure) {
      tell(failure);
      return;
    }
    told = true;
    over.accept(null);
    complete(result);
    if (handler != null) {
      group.dispatch(() -> handler.completed(result, attachment));
    }
  }

  @Override
  public void ended(Fiber ended, @Nullable Throwable failure) {
    if (told) {
      Fiber.Body.super.ended(ended, failure); // the handler's
    } else if (failure != null) { // it was unwound
      tell(failure instanceof CancellationException ? failure : new AsynchronousCloseException());
    }
  }

  private void tell(Throwable failure) {
    told = true;
    var cause = translated(failure);
    over.accept(cause);
    completeExceptionally(cause);
    if (handler != null) {
      group.dispatch(() -> handler.failed(cause, attachment));
    }
  }

  private Throwable translated(Throwable failure) {
    if (failure instanceof SocketTimeoutException) {
      return new InterruptedByTimeoutException();
    }
    return failure instanceof IOException
            && !(failure instanceof ClosedChannelException)
            && !channel.isOpen()
            && !(failure instanceof ConnectException)
        ? new AsynchronousCloseException()
        : failure;
  }

  /// Ends the operation, whether or not it may be interrupted: what it waits in is a wait of ours,
  /// which leaves nothing behind.
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    var first = super.cancel(mayInterruptIfRunning);
    if (first && fiber != null) {
      fiber.unwind(new CancellationException("cancelled"));
    }
    return first;
  }
}
