package net.eventlet;

import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

@Bounded
class TokenPoolTest {

  @Test
  void thereAreAsManyTokensAsAreAllowed() throws Exception {
    run(() -> {
      var pool = new TokenPool(2);
      var first = pool.get();
      var second = pool.get();
      assertNotSame(first, second);
      assertEquals(0, pool.free());
      var waiter = spawn(() -> pool.get());
      sleep();
      assertFalse(waiter.isDone());

      pool.put(first);

      assertSame(first, waiter.await());
    });
  }

  @Test
  void aTokenIsHeldForABlock() throws Exception {
    var pool = new TokenPool(1);

    try (var _ = pool.item()) {
      assertThrows(TimeoutException.class, () -> pool.get(Duration.ZERO));
    }

    assertEquals(1, pool.free());
  }

  @Test
  void aTokenThatComesBackTwiceIsRefused() throws Exception {
    var pool = new TokenPool(1);
    var token = pool.get();
    pool.put(token);

    assertThrows(IllegalStateException.class, () -> pool.put(token));
  }

  @Test
  void aNegativeSizeIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new TokenPool(-1));
  }

  @Test
  void itSaysHowItIs() throws Exception {
    var pool = new TokenPool(2);
    pool.get();

    assertEquals("TokenPool[1 lent and 0 idle of 2, 0 waiting]", pool.toString());
  }
}
