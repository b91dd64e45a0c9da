package net.eventlet.hubs;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import net.eventlet.posix.Errno;
import net.eventlet.posix.Posix;
import net.eventlet.posix.Scratch;

/// Linux's `epoll`.
///
/// A registered descriptor is added once, edge-triggered, for both directions; the kernel takes it
/// out when it is closed. A watched one is added for one report, and changed for the next. An
/// `eventfd`, edge-triggered as well and therefore never read, wakes it up.
final class EpollPoller implements Poller {

  private static final int EVENTS = 512; // in one look; the rest come with the next

  private final Scratch scratch = Scratch.borrow();
  private final Arena arena = Arena.ofShared();
  private final MemorySegment events = arena.allocate((long) EVENTS * Posix.EPOLL_EVENT_BYTES, 16);
  private final int epoll;
  private final int wakeUp;

  EpollPoller() throws IOException {
    epoll = check("epoll_create1", Posix.epollCreate());
    wakeUp = check("eventfd", Posix.eventfd());
    check("epoll_ctl", control(Posix.EPOLL_CTL_ADD, wakeUp, Posix.IN | Posix.EDGE));
  }

  @Override
  public boolean register(int fd) throws IOException {
    var events = Posix.IN | Posix.PRI | Posix.OUT | Posix.RDHUP | Posix.EDGE;
    var result = control(Posix.EPOLL_CTL_ADD, fd, events);
    if (result == -Errno.EEXIST) { // watched before, under this or an earlier owner of the number
      result = control(Posix.EPOLL_CTL_MOD, fd, events);
    }
    check("epoll_ctl", result);
    return true;
  }

  @Override
  public void watch(int fd, Interest interest) throws IOException {
    var events = Posix.ONESHOT;
    if (interest.reads()) {
      events |= Posix.IN | Posix.RDHUP;
    }
    if (interest.writes()) {
      events |= Posix.OUT;
    }
    var result = control(Posix.EPOLL_CTL_MOD, fd, events);
    if (result == -Errno.ENOENT) {
      result = control(Posix.EPOLL_CTL_ADD, fd, events);
    }
    check("epoll_ctl", result);
  }

  @Override
  public int poll(long timeoutNanos, Report report) throws IOException {
    var count = Posix.epollWait(scratch, epoll, events, EVENTS, timeoutNanos);
    if (count < 0) {
      if (count == -Errno.EINTR) {
        return 0;
      }
      throw failed("epoll_wait", count);
    }
    var reported = 0;
    for (var i = 0; i < count; i++) {
      var event = (long) i * Posix.EPOLL_EVENT_BYTES;
      var fd = events.get(JAVA_INT_UNALIGNED, event + Posix.EPOLL_EVENT_DATA);
      if (fd != wakeUp) {
        Readiness.report(report, fd, events.get(JAVA_INT_UNALIGNED, event));
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
    Posix.close(epoll);
    arena.close();
    scratch.close();
  }

  private int control(int operation, int fd, int events) {
    return Posix.epollCtl(scratch, epoll, operation, fd, events);
  }

  private static int check(String call, int result) throws IOException {
    if (result < 0) {
      throw failed(call, result);
    }
    return result;
  }

  private static IOException failed(String call, int result) {
    return new IOException(call + ": " + Errno.message(-result));
  }
}
