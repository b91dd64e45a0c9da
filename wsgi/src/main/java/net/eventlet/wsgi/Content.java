package net.eventlet.wsgi;

import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;

/// What comes behind the head of an answer.
sealed interface Content {

  /// {@return bytes of it; -1 if that is not known before}
  long length();

  /// Closes what it holds, which is not sent, or no more.
  default void close() throws IOException {}

  /// All of it.
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  record Whole(byte[] bytes) implements Content {
    @Override
    public long length() {
      return bytes.length;
    }
  }

  /// What a stream has.
  record Streamed(InputStream input, long length) implements Content {
    @Override
    public void close() throws IOException {
      input.close();
    }
  }

  /// Part of a file, or all of it.
  record Filed(OpenFile file, long position, long length) implements Content {
    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /// Pieces that go out as they come.
  record Pieces(Iterator<byte[]> pieces) implements Content {
    @Override
    public long length() {
      return -1;
    }

    @Override
    public void close() throws IOException {
      if (pieces instanceof AutoCloseable closeable) {
        Content.close(closeable);
      }
    }
  }

  /// What a writer writes.
  record Written(Response.Writer writer, long length) implements Content {}

  /// What has begun to go out already.
  record Begun(Sink sink, long length) implements Content {}

  /// The end of HTTP on this connection.
  record Switched(Upgraded handler) implements Content {
    @Override
    public long length() {
      return -1;
    }
  }

  static void close(AutoCloseable closeable) throws IOException {
    try {
      closeable.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
