package net.eventlet.dbpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Bounded
class CredentialsTest {

  @Test
  void aUrlWithoutADriverSaysWhatIsMissing() {
    var failure =
        assertThrows(
            SQLException.class, () -> ConnectionPool.of("jdbc:nonesuch://host/x?password=open"));

    assertEquals(
        "no driver for jdbc:nonesuch: is on the class path; add its jar, as in"
            + " bin/eventlet run -cp DRIVER.jar PROGRAM.java",
        failure.getMessage());
    assertEquals("08001", failure.getSQLState());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "postgresql://host/x", "jdbc:", "jdbc:x"})
  void whatIsNoUrlOfADatabaseSaysHowOneBegins(String url) {
    var failure = assertThrows(SQLException.class, () -> ConnectionPool.of(url));

    assertEquals(
        "a database's URL begins with jdbc: and the kind of database, as"
            + " jdbc:postgresql://host/database does; this one does not",
        failure.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          jdbc:h2:mem:x, jdbc:h2:mem:x
          jdbc:h2:mem:x;PASSWORD=open, jdbc:h2:mem:x;…
          jdbc:postgresql://host/x?password=open, jdbc:postgresql://host/x?…
          jdbc:mysql://me:open@host/x, jdbc:mysql:…@host/x
          jdbc:oracle:thin:me/open@//host/x, jdbc:oracle:…@//host/x
          """)
  void noPasswordIsShown(String url, String shown) throws Exception {
    assertEquals("Credentials[" + shown + "]", Credentials.of(url).toString());
  }

  @Test
  void aDataSourceShowsNoPropertyEither() throws Exception {
    for (var text :
        List.of(
            new Credentials("jdbc:h2:mem:x", "me", "open").dataSource().toString(),
            new Credentials("jdbc:h2:mem:x", "me", "open").toString())) {
      assertFalse(text.contains("open"), text);
    }
  }
}
