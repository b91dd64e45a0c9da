package net.eventlet.jdk.programs;

import static java.net.InetAddress.getLoopbackAddress;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.eventlet.hubs.Hub;

/// Lets a stock virtual thread off the hub read from a socket, while the hub is busy with something
/// else. The first that ever waits for a stock socket is a green thread, unless there is an
/// argument.
final class BusyHub {

  private static volatile boolean over;

  private BusyHub() {}

  public static void main(String[] args) throws Exception {
    try (var hub = Hub.start("hub")) {
      if (args.length == 0) {
        hub.spawn(BusyHub::readOneByte).get();
      }
      var busy = hub.spawn(BusyHub::spin);
      var reader = new FutureTask<>(BusyHub::readOneByte);
      Thread.ofVirtual().start(reader);
      try {
        IO.println("read " + reader.get(5, TimeUnit.SECONDS));
      } catch (TimeoutException e) {
        IO.println("it waits for the hub");
      }
      over = true;
      busy.get();
    }
  }

  private static int readOneByte() throws Exception {
    try (var listener = new ServerSocket(0, 50, getLoopbackAddress());
        var near = new Socket(getLoopbackAddress(), listener.getLocalPort());
        var far = listener.accept()) {
      var reader = Thread.currentThread();
      Thread.ofPlatform()
          .start(() -> {
            while (reader.getState() != Thread.State.WAITING) {
              Thread.onSpinWait();
            }
            try {
              far.getOutputStream().write('x');
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });
      return near.getInputStream().read();
    }
  }

  private static boolean spin() {
    while (!over) {
      Thread.onSpinWait();
    }
    return over;
  }
}
