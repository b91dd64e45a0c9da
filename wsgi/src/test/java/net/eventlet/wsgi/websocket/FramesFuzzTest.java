package net.eventlet.wsgi.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.eventlet.GreenConnection;
import org.jspecify.annotations.Nullable;

/// Any bytes for frames: read alike in whatever pieces, within the limits, and ended by nothing but
/// a close frame, a violation, or the end.
///
/// Run: `JAZZER_FUZZ=1 mvn test -pl wsgi -am -Djazzer.hooks=true -Dtest=FramesFuzzTest`. Without
/// that variable, what is in `FramesFuzzTestInputs` is tried again.
class FramesFuzzTest {

  private static final int MESSAGE_BYTES_MAX = 500;
  private static final WebSocketLimits LIMITS =
      WebSocketLimits.DEFAULT.withBytes(300, MESSAGE_BYTES_MAX).withPing(Duration.ZERO);

  /// What reading came to: messages, what was sent meanwhile, and the end.
  private record Outcome(List<String> messages, int sent, String end) {

    static Outcome of(byte[] bytes, int step) throws IOException {
      var pieces = new Pieces(bytes, step);
      var kit = new Kit(LIMITS, Compression.STREAM);
      var wire = new Wire(pieces, pieces.getInputStream(), pieces.getOutputStream());
      var deflate = new Deflate(kit, true, true, Extension.BITS_MAX);
      var reader =
          new FrameReader(wire, kit, new FrameWriter(wire, kit, null, deflate), deflate, true);
      var messages = new ArrayList<String>();
      var end = "";
      try {
        for (var message = reader.next(); message != null; message = reader.next()) {
          messages.add(describe(message));
        }
        end = String.valueOf(reader.heard());
      } catch (Violation violation) {
        end = violation.status().toString();
      } catch (EOFException ended) {
        end = "the end";
      } finally {
        reader.end();
      }
      return new Outcome(messages, Arrays.hashCode(pieces.sent.toByteArray()), end);
    }

    private static String describe(Message message) {
      return switch (message) {
        case Message.Text(var text) -> {
          assertTrue(text.length() <= MESSAGE_BYTES_MAX);
          yield "text " + text;
        }
        case Message.Binary(var bytes) -> {
          assertTrue(bytes.length <= MESSAGE_BYTES_MAX);
          yield "bytes " + Arrays.toString(bytes);
        }
      };
    }
  }

  @FuzzTest(maxDuration = "2m")
  void areReadAlikeInWhateverPieces(byte[] bytes) throws IOException {
    var whole = Outcome.of(bytes, Math.max(1, bytes.length));

    assertEquals(whole, Outcome.of(bytes, 1));
    assertEquals(whole, Outcome.of(bytes, 7));
  }

  /// A connection on which bytes come, some at a time, and then the end.
  private static final class Pieces implements GreenConnection {

    private final byte[] bytes;
    private final int step;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final InputStream input = InputStream.nullInputStream();
    private int at;
    private boolean closed;

    Pieces(byte[] bytes, int step) {
      this.bytes = bytes;
      this.step = step;
    }

    @Override
    public void awaitReadable() {}

    @Override
    public int read(byte[] room, int offset, int length) {
      if (at == bytes.length) {
        return -1;
      }
      var count = Math.min(Math.min(step, length), bytes.length - at);
      System.arraycopy(bytes, at, room, offset, count);
      at += count;
      return count;
    }

    @Override
    public int read(ByteBuffer buffer) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      sent.write(from, offset, length);
    }

    @Override
    public long write(ByteBuffer... buffers) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void readLimit(@Nullable Duration limit) {}

    @Override
    public void writeLimit(@Nullable Duration limit) {}

    @Override
    public InputStream getInputStream() {
      return input;
    }

    @Override
    public OutputStream getOutputStream() {
      return sent;
    }

    @Override
    public void shutdownOutput() {}

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
      return null;
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
      return null;
    }

    @Override
    public boolean isClosed() {
      return closed;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
