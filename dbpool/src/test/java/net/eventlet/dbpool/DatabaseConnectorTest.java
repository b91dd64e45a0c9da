package net.eventlet.dbpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

@Bounded
class DatabaseConnectorTest {

  private static final Map<String, Map<String, String>> CREDENTIALS =
      Map.of("one", Map.of("user", "a"), "default", Map.of("user", "b"));

  private final DatabaseConnector connector =
      new DatabaseConnector("jdbc:h2:mem:{host}-{database}", CREDENTIALS, PoolOptions.DEFAULT);

  @Test
  void eachDatabaseOfEachHostHasItsPool() throws Exception {
    var pool = connector.get("one", "x");

    assertSame(pool, connector.get("one", "x"));
    assertNotSame(pool, connector.get("one", "y"));
    assertNotSame(pool, connector.get("two", "x"));
    try (var connection = pool.item()) {
      assertEquals("jdbc:h2:mem:one-x", connection.getMetaData().getURL());
      assertEquals("A", connection.getMetaData().getUserName());
    }
    connector.close();
  }

  @Test
  void aHostThatIsNotListedHasTheDefaultCredentials() {
    assertEquals(Map.of("user", "a"), connector.credentialsFor("one"));
    assertEquals(Map.of("user", "b"), connector.credentialsFor("two"));
  }

  @Test
  void closingClosesAllPools() throws Exception {
    var pool = connector.get("one", "x");

    connector.close();

    assertThrows(SQLException.class, pool::get);
    assertThrows(IllegalStateException.class, () -> connector.get("one", "x"));
  }

  @Test
  void closingWithALimitWaitsForAllPools() throws Exception {
    var idle = connector.get("one", "x");
    idle.get().close();
    var lender = connector.get("two", "x");
    lender.get();

    assertFalse(connector.close(Duration.ofMillis(20)));
    assertTrue(connector.close(Duration.ofSeconds(60)));

    assertEquals(1, idle.statistics().expired());
    assertEquals(1, lender.statistics().broken());
  }

  @Test
  void aUrlWithoutADriverIsRefused() {
    var nowhere = new DatabaseConnector("jdbc:nothing:{host}", Map.of(), PoolOptions.DEFAULT);

    assertThrows(SQLException.class, () -> nowhere.get("one", "x"));
  }
}
