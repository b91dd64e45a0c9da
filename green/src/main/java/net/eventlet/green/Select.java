package net.eventlet.green;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.Socket;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.eventlet.GreenServerSocket;
import net.eventlet.GreenSocket;
import net.eventlet.hubs.Deadline;
import net.eventlet.hubs.Descriptor;
import net.eventlet.hubs.Durations;
import net.eventlet.posix.Errno;
import net.eventlet.posix.Posix;
import net.eventlet.posix.Scratch;
import org.jspecify.annotations.Nullable;

/// Waits for several descriptors at once, and tells which are ready.
///
/// What it takes: a [GreenSocket], a [GreenServerSocket], a [GreenInputStream], a
/// [GreenOutputStream], a channel of the JDK's (of a socket, a server or a `Pipe`), a socket that
/// has one, or an [Integer], the number of a descriptor. Bytes that a stream or a socket has read
/// ahead count as ready, and so does a regular file, always. May be called from any thread.
///
/// Source: `eventlet/green/select.py`. There the first that is ready ends it, and it alone is told;
/// here all that are ready are.
public final class Select {

  private static final int MOST = 1 << 16; // of descriptors in one call

  private Select() {}

  /// What is ready.
  ///
  /// @param <T> what was given
  /// @param readers those of the readers that a read, or an accept, would not wait for, in the
  ///   order given
  /// @param writers those of the writers that a write would not wait for, in the order given
  public record Ready<T>(List<T> readers, List<T> writers) {

    /// {@return whether nothing is ready: the time ran out}
    public boolean isEmpty() {
      return readers.isEmpty() && writers.isEmpty();
    }
  }

  /// Waits until at least one is ready.
  ///
  /// @param readers to read from
  /// @param writers to write to
  /// @param limit longest wait; zero or less looks once, null waits for ever
  /// @param <T> what they are
  /// @return all that are ready; empty lists if the time ran out
  /// @throws IllegalArgumentException if one is nothing that can be waited for
  /// @throws IOException if one is closed
  public static <T> Ready<T> select(
      Collection<? extends T> readers, Collection<? extends T> writers, @Nullable Duration limit)
      throws IOException {
    var readable = new LinkedHashMap<T, Integer>();
    var writable = new LinkedHashMap<T, Integer>();
    var buffered = false;
    for (var reader : readers) {
      readable.put(reader, numberOf(reader));
      buffered |= hasBuffered(reader);
    }
    for (var writer : writers) {
      writable.put(writer, numberOf(writer));
    }
    if (readable.size() + writable.size() > MOST) {
      throw new IllegalArgumentException("more than " + MOST + " descriptors in one select");
    }
    try (var epoll = new Epoll()) {
      var toRead = new LinkedHashSet<>(readable.values());
      var toWrite = new LinkedHashSet<>(writable.values());
      for (var number : union(toRead, toWrite)) {
        epoll.add(number, toRead.contains(number), toWrite.contains(number));
      }
      var looks = new Deadline(buffered ? 0 : Durations.limitNanos(limit));
      epoll.await(looks);
      return new Ready<>(
          readable.entrySet().stream()
              .filter(
                  entry -> epoll.readable.contains(entry.getValue()) || hasBuffered(entry.getKey()))
              .<T>map(Map.Entry::getKey)
              .toList(),
          writable.entrySet().stream()
              .filter(entry -> epoll.writable.contains(entry.getValue()))
              .<T>map(Map.Entry::getKey)
              .toList());
    }
  }

  private static Set<Integer> union(Set<Integer> some, Set<Integer> others) {
    var all = new LinkedHashSet<>(some);
    all.addAll(others);
    return all;
  }

  /// {@return the number of a descriptor}
  private static int numberOf(Object thing) throws IOException {
    return switch (thing) {
      case Integer number when number >= 0 -> number;
      case GreenSocket socket -> socket.fileno();
      case GreenServerSocket socket -> socket.fileno();
      case GreenInputStream stream -> stream.fileno();
      case GreenOutputStream stream -> stream.fileno();
      case Socket socket when socket.getChannel() != null -> number(socket.getChannel());
      case Channel channel -> number(channel);
      default ->
          throw new IllegalArgumentException(
              "select cannot wait for "
                  + thing
                  + "; give it a green socket or stream, a channel of the JDK's, or a descriptor's"
                  + " number");
    };
  }

  private static int number(Channel channel) throws IOException {
    if (!channel.isOpen()) {
      throw new ClosedChannelException();
    }
    return Descriptor.numberOf(channel)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "select cannot wait for " + channel + ", which has no descriptor that is known"));
  }

  private static boolean hasBuffered(Object thing) {
    try {
      return switch (thing) {
        case GreenSocket socket when socket.isConnected() ->
            socket.getInputStream().available() > 0;
        case GreenInputStream stream -> stream.available() > 0;
        default -> false;
      };
    } catch (IOException broken) {
      return true; // as a read will say
    }
  }

  /// An `epoll` for one call.
  private static final class Epoll implements AutoCloseable {

    private final int fd;
    private final Descriptor descriptor;
    private final Set<Integer> readable = new LinkedHashSet<>();
    private final Set<Integer> writable = new LinkedHashSet<>();
    private int watched;

    Epoll() throws IOException {
      fd = Posix.epollCreate();
      if (fd < 0) {
        throw new IOException(StartFailure.words(-fd));
      }
      descriptor = new Descriptor(fd);
    }

    void add(int number, boolean read, boolean write) throws IOException {
      try (var scratch = Scratch.borrow()) {
        var events = (read ? Posix.IN | Posix.RDHUP : 0) | (write ? Posix.OUT : 0);
        var result = Posix.epollCtl(scratch, fd, Posix.EPOLL_CTL_ADD, number, events);
        if (result == -Errno.EPERM) { // a file, which is always ready
          note(number, events);
        } else if (result < 0) {
          throw new IOException("descriptor " + number + ": " + Errno.message(-result));
        } else {
          watched++;
        }
      }
    }

    void await(Deadline deadline) throws IOException {
      look();
      while (readable.isEmpty() && writable.isEmpty() && deadline.left() > 0) {
        Waiting.await(descriptor, false, deadline.left());
        look();
      }
    }

    private void look() {
      var most = Math.max(1, watched);
      try (var arena = Arena.ofConfined();
          var scratch = Scratch.borrow()) {
        var events = arena.allocate((long) most * Posix.EPOLL_EVENT_BYTES);
        var count = Posix.epollWait(scratch, fd, events, most, 0);
        for (var i = 0; i < count; i++) {
          var event = (long) i * Posix.EPOLL_EVENT_BYTES;
          note(
              events.get(JAVA_INT_UNALIGNED, event + Posix.EPOLL_EVENT_DATA),
              events.get(JAVA_INT_UNALIGNED, event));
        }
      }
    }

    private void note(int number, int events) {
      var broken = (events & (Posix.ERR | Posix.HUP)) != 0;
      if (broken || (events & (Posix.IN | Posix.RDHUP)) != 0) {
        readable.add(number);
      }
      if (broken || (events & Posix.OUT) != 0) {
        writable.add(number);
      }
    }

    @Override
    public void close() {
      descriptor.close();
    }
  }
}
