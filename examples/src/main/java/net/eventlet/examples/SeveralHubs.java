package net.eventlet.examples;

import static net.eventlet.Eventlet.*;

import java.math.BigInteger;
import java.time.Duration;
import net.eventlet.hubs.Hub;

/// Has a hub of its own for work that never waits, and would hold up everybody on this one.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/SeveralHubs.java`
public final class SeveralHubs {

  public static void main() throws Exception {
    try (var cellar = Hub.start("cellar")) {
      var prime =
          spawn(
              cellar, () -> BigInteger.TWO.pow(2203).subtract(BigInteger.ONE).isProbablePrime(100));
      var ticks = 0;
      while (!prime.isDone()) {
        sleep(Duration.ofMillis(1));
        ticks++;
      }
      IO.println("2^2203 - 1 is " + (prime.await() ? "prime" : "not prime"));
      IO.println(ticks > 1 ? "and this hub went on meanwhile" : "and this hub had to wait");
    }
  }
}
