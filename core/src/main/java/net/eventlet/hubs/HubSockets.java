package net.eventlet.hubs;

import java.io.IOException;
import net.eventlet.jdk.Jdk;
import net.eventlet.jdk.SocketWaits;

/// Lets the JDK's own sockets wait on the hub of the green thread that uses them.
///
/// That is not set up before it is of use: the JDK's pollers are threads of which a program without
/// stock sockets needs none. The first of them to wake a green thread is the sign.
final class HubSockets implements SocketWaits {

  private static volatile boolean settled; // whether it was done, or cannot be
  private static volatile boolean inherited; // whether pollers of the JDK's were begun on a hub

  private HubSockets() {}

  /// {@return whether a stock thread is one of the JDK's pollers}
  ///
  /// They are begun by whoever uses a socket first; where that is a green thread, they inherit its
  /// hub. They serve the whole process, and must not wait for a hub's turn.
  ///
  /// @param thread begun on a hub
  static boolean leavesToJdk(Thread thread) {
    if (!Jdk.isPoller(thread)) {
      return false;
    }
    inherited = true;
    return true;
  }

  /// {@return whether a continuation is that of one of the JDK's pollers}
  ///
  /// @param continuation given to a hub
  static boolean belongsToJdk(Runnable continuation) {
    return inherited && Jdk.isPoller(Jdk.threadOf(continuation));
  }

  /// Takes over, if that is not settled and a thread is one of the JDK's pollers.
  ///
  /// @param waker wakes a green thread
  static void takeOverFrom(Thread waker) {
    if (!settled && Jdk.isPoller(waker)) {
      takeOver();
    }
  }

  private static synchronized void takeOver() {
    if (settled) {
      return;
    }
    settled = true;
    Jdk.redirectSockets(new HubSockets())
        .ifPresent(reason ->
            System.getLogger("net.eventlet")
                .log(
                    System.Logger.Level.WARNING,
                    "java.net and java.nio sockets keep to the JDK''s own pollers, which works"
                        + " but is slower, since {0}; a JDK 25 started with {1} mends it",
                    reason,
                    Jdk.FLAGS));
  }

  @Override
  public boolean begin(int fd, boolean write) throws IOException {
    var hub = Hub.currentOrNull();
    if (hub == null) {
      return false;
    }
    hub.parkNext(fd, write);
    return true;
  }

  @Override
  public boolean end(int fd, boolean write) {
    var hub = Hub.currentOrNull();
    if (hub == null) {
      return false;
    }
    hub.parked(fd, write);
    return true;
  }
}
