package net.eventlet.jdk.programs;

import java.util.concurrent.FutureTask;
import net.eventlet.hubs.Hub;

/// Prints the name of the hub that a green thread runs on, or why there is none. With an argument,
/// the hub is started in a virtual thread.
final class StartsAHub {

  private StartsAHub() {}

  public static void main(String[] args) throws Exception {
    var started = new FutureTask<>(StartsAHub::startAHub);
    if (args.length > 0) {
      Thread.ofVirtual().start(started);
    } else {
      started.run();
    }
    IO.println(started.get());
  }

  private static String startAHub() throws Exception {
    try (var hub = Hub.start("hub")) {
      return hub.spawn(() -> Hub.current().name()).get();
    } catch (IllegalStateException e) {
      return e.getMessage();
    }
  }
}
