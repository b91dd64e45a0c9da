package net.eventlet;

import java.util.Iterator;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// What a [GreenPool] makes of many items, as it comes.
///
/// Iterating waits for the next result. Where the function failed, or the source of the items did,
/// [Iterator#next()] throws that, unchecked as it is and checked in a [CompletionException]; after
/// a failed item one can go on. Whoever leaves early closes it, which kills what is in flight: `try
/// (var pages = pool.imap(fetch, urls)) { … }`. Having come to the end, it is closed.
///
/// @param <R> what the function returns
public interface Results<R extends @Nullable Object> extends Iterable<R>, AutoCloseable {

  /// {@return the results, once: there is one iterator, for one thread}
  ///
  /// @throws IllegalStateException the second time
  @Override
  Iterator<R> iterator();

  /// Kills what is in flight and stops reading the source. Does nothing at the end, or the second
  /// time.
  @Override
  void close();
}
