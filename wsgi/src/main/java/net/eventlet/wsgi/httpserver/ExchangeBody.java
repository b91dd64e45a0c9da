package net.eventlet.wsgi.httpserver;

import java.io.IOException;
import java.io.OutputStream;
import net.eventlet.Event;
import net.eventlet.Eventlet;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// The body of an answer: what the handler writes goes to the output that the connection lends once
/// the head has gone. May be written from another thread than the handler's; it then goes through
/// the hub.
final class ExchangeBody extends OutputStream {

  private final Hub hub = Hub.current();
  private final Event<OutputStream> lent = new Event<>();
  private final Event<@Nullable Void> ended = new Event<>(); // nothing more is written
  private long left = -1; // bytes that may still come; -1 before the head

  /// The head goes, and after it so many bytes.
  void begin(long length) {
    left = length;
    if (length == 0) {
      end();
    }
  }

  /// Lends an output, and waits until it is needed no more. Runs in the connection's green thread.
  void lend(OutputStream output) throws Exception {
    lent.send(output);
    ended.await();
  }

  /// Nothing more comes, in order or because the connection is gone.
  ///
  /// @return whether that was not so already
  boolean end() {
    if (!lent.ready()) {
      lent.sendException(new IOException("the connection takes no body, or is gone"));
    }
    if (ended.ready()) {
      return false;
    }
    ended.send(null);
    return true;
  }

  /// The handler failed: the client must see that the body is not whole.
  void fail(Throwable failure) {
    if (!ended.ready() && left >= 0) {
      ended.sendException(failure);
    }
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (left < 0) {
      throw new IOException("response headers not sent yet");
    }
    if (length > left) {
      throw new IOException("too many bytes to write to stream");
    }
    if (length > 0) {
      onHub(output -> output.write(bytes, offset, length));
      left -= length;
    }
  }

  @Override
  public void flush() throws IOException {
    if (left >= 0 && !ended.ready()) {
      onHub(OutputStream::flush);
    }
  }

  @Override
  public void close() throws IOException {
    if (ended.ready()) {
      return;
    }
    if (left > 0 && left < Long.MAX_VALUE / 2) {
      var failure = new IOException("insufficient bytes written");
      fail(failure);
      throw failure;
    }
    end();
  }

  private interface Writing {
    void to(OutputStream output) throws IOException;
  }

  private void onHub(Writing writing) throws IOException {
    try {
      if (Hub.currentOrNull() == hub) {
        write(writing);
      } else {
        Eventlet.spawn(hub, () -> write(writing)).await();
      }
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private void write(Writing writing) throws Exception {
    var output = lent.await();
    if (ended.ready()) {
      throw new IOException("stream is closed");
    }
    writing.to(output);
  }
}
