package net.eventlet.examples;

import static net.eventlet.Eventlet.*;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import net.eventlet.green.Profile;

/// Shows who computes and who waits.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/Profiled.java`
public final class Profiled {

  public static void main() throws Exception {
    try (var profile = Profile.start()) {
      var workers = List.of(spawn(Profiled::compute), spawn(Profiled::rest), spawn(Profiled::rest));
      for (var worker : workers) {
        worker.await();
      }
      IO.print(profile.table());
    }
  }

  private static void compute() {
    if (!BigInteger.TWO.pow(521).subtract(BigInteger.ONE).isProbablePrime(100)) {
      throw new AssertionError("it is prime");
    }
  }

  private static void rest() {
    sleep(Duration.ofMillis(50));
  }
}
