package net.eventlet.hubs;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import net.eventlet.posix.Errno;
import net.eventlet.posix.Posix;
import net.eventlet.posix.Scratch;

/// POSIX's `poll(2)`, for systems without `epoll`.
///
/// Keeps the array that the kernel wants: what is watched, without gaps, behind the `eventfd` that
/// wakes it up. Each look costs the kernel a walk over all of it.
final class PollPoller implements Poller {

  private static final int ENTRY = 8; // struct pollfd: int fd; short events; short revents
  private static final int EVENTS = 4;
  private static final int REVENTS = 6;
  private static final int ABSENT = -1;

  private final Scratch scratch = Scratch.borrow();
  private final int wakeUp;

  @SuppressWarnings("MustBeClosed") // close() does, and growing
  private Arena arena = Arena.ofShared();

  private MemorySegment entries = arena.allocate(64 * ENTRY, 8);
  private int count;
  private int[] places = new int[0]; // by descriptor, or ABSENT

  PollPoller() throws IOException {
    wakeUp = Posix.eventfd();
    if (wakeUp < 0) {
      throw new IOException("eventfd: " + Errno.message(-wakeUp));
    }
    watch(wakeUp, Interest.READ);
  }

  @Override
  public boolean register(int fd) {
    return false;
  }

  @Override
  public void watch(int fd, Interest interest) {
    var place = placeOf(fd);
    if (interest == Interest.NONE) {
      if (place != ABSENT) {
        remove(place);
      }
      return;
    }
    if (place == ABSENT) {
      place = add(fd);
    }
    var events =
        (interest.reads() ? Posix.IN | Posix.RDHUP : 0) | (interest.writes() ? Posix.OUT : 0);
    entries.set(JAVA_SHORT, (long) place * ENTRY + EVENTS, (short) events);
  }

  @Override
  public int poll(long timeoutNanos, Report report) throws IOException {
    var ready = Posix.poll(scratch, entries, count, timeoutNanos);
    if (ready < 0) {
      if (ready == -Errno.EINTR) {
        return 0;
      }
      throw new IOException("poll: " + Errno.message(-ready));
    }
    var reported = 0;
    for (var place = count - 1;
        ready > 0;
        place--) { // backwards, since a report takes its entry out
      var bits = entries.get(JAVA_SHORT, (long) place * ENTRY + REVENTS);
      if (bits == 0) {
        continue;
      }
      ready--;
      var fd = fdAt(place);
      if (fd == wakeUp) {
        Posix.drain(scratch, wakeUp);
      } else {
        remove(place);
        Readiness.report(report, fd, bits);
        reported++;
      }
    }
    return reported;
  }

  @Override
  public void wakeUp() {
    try (var own = Scratch.borrow()) { // the caller is another thread
      Posix.signal(own, wakeUp);
    }
  }

  @Override
  public void close() {
    Posix.close(wakeUp);
    arena.close();
    scratch.close();
  }

  private int placeOf(int fd) {
    return fd < places.length ? places[fd] : ABSENT;
  }

  private int fdAt(int place) {
    return entries.get(JAVA_INT, (long) place * ENTRY);
  }

  @SuppressWarnings("MustBeClosed") // the larger one takes the place of the other
  private int add(int fd) {
    if (fd >= places.length) {
      var before = places.length;
      places = Arrays.copyOf(places, Math.max(fd + 1, before * 2));
      Arrays.fill(places, before, places.length, ABSENT);
    }
    if ((long) count * ENTRY == entries.byteSize()) {
      var larger = Arena.ofShared();
      var copy = larger.allocate(entries.byteSize() * 2, 8);
      copy.copyFrom(entries);
      arena.close();
      arena = larger;
      entries = copy;
    }
    places[fd] = count;
    entries.set(JAVA_INT, (long) count * ENTRY, fd);
    entries.set(JAVA_SHORT, (long) count * ENTRY + REVENTS, (short) 0);
    return count++;
  }

  private void remove(int place) {
    places[fdAt(place)] = ABSENT;
    var last = --count;
    if (place != last) {
      MemorySegment.copy(entries, (long) last * ENTRY, entries, (long) place * ENTRY, ENTRY);
      places[fdAt(place)] = place;
    }
  }
}
