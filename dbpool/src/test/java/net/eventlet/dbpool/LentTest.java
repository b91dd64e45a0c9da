package net.eventlet.dbpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Wrapper;
import java.util.Map;
import org.h2.jdbc.JdbcBlob;
import org.h2.jdbc.JdbcConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What comes from a connection that is lent, while it is and afterwards.
@Bounded
class LentTest {

  private ConnectionPool pool;
  private Connection connection;

  @BeforeEach
  void open() throws SQLException {
    pool = new RawConnectionPool(new Made(), PoolOptions.DEFAULT.withMaxSize(1));
    connection = pool.get();
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    assertEquals(1, pool.free());
    pool.close();
  }

  @Test
  void valuesThatMayAskTheServerAreRefusedOnceTheConnectionIsReturned() throws Exception {
    var row = row("SELECT CAST('abc' AS BLOB), CAST('abc' AS CLOB), ARRAY[1, 2]");
    var blob = row.getBlob(1);
    var clob = row.getClob(2);
    var array = row.getArray(3);
    var type = row.getMetaData();
    connection.close();

    assertThrows(SQLNonTransientConnectionException.class, blob::length);
    assertThrows(SQLNonTransientConnectionException.class, () -> clob.getSubString(1, 1));
    assertThrows(SQLNonTransientConnectionException.class, array::getResultSet);
    assertThrows(SQLNonTransientConnectionException.class, type::getColumnCount);
    blob.free();
    clob.free();
    array.free();
  }

  @Test
  void whatGetObjectReturnsIsRefusedAsWell() throws Exception {
    var row = row("SELECT CAST('abc' AS BLOB), CAST('abc' AS CLOB), ARRAY[1, 2], 4, 'text'");
    var blob = (Blob) row.getObject(1);
    var clob = row.getObject(2, Clob.class);
    var array = (Array) row.getObject(3);
    assertEquals(4, row.getObject(4));
    assertEquals("text", row.getObject(5));
    connection.close();

    assertThrows(SQLNonTransientConnectionException.class, blob::length);
    assertThrows(SQLNonTransientConnectionException.class, clob::length);
    assertThrows(SQLNonTransientConnectionException.class, array::getArray);
  }

  @Test
  void streamsAreRefusedOnceTheConnectionIsReturned() throws Exception {
    var row = row("SELECT CAST('6162' AS BLOB), CAST('abc' AS CLOB)");
    var stream = row.getBlob(1).getBinaryStream();
    var reader = row.getCharacterStream(2);
    assertEquals('a', reader.read());
    var writer = connection.createClob().setCharacterStream(1);
    writer.write("text");
    var output = connection.createBlob().setBinaryStream(1);
    output.write(1);
    connection.close();

    assertThrows(IOException.class, stream::read);
    assertThrows(IOException.class, stream::readAllBytes);
    assertThrows(IOException.class, reader::read);
    assertThrows(IOException.class, () -> writer.write('a'));
    assertThrows(IOException.class, () -> output.write(1));
    stream.close();
    reader.close();
    writer.close();
    output.close();
  }

  @Test
  void wrappedValuesAreTakenAsArguments() throws Exception {
    execute("CREATE TABLE item (data BLOB, text CLOB, numbers INT ARRAY)");
    var blob = connection.createBlob();
    blob.setBytes(1, "abc".getBytes(StandardCharsets.UTF_8));
    var clob = connection.createClob();
    try (var writer = clob.setCharacterStream(1)) {
      writer.write("def");
    }
    try (var insert = connection.prepareStatement("INSERT INTO item VALUES (?, ?, ?)")) {
      insert.setBlob(1, blob);
      insert.setObject(2, clob);
      insert.setArray(3, connection.createArrayOf("INT", new Object[] {1, 2}));
      assertEquals(3, insert.getParameterMetaData().getParameterCount());
      insert.executeUpdate();
    }

    var row = row("SELECT data, text, numbers FROM item");

    assertEquals("abc", new String(row.getBlob(1).getBytes(1, 3), StandardCharsets.UTF_8));
    assertEquals("def", row.getString(2));
    try (var numbers = row.getArray(3).getResultSet()) {
      assertTrue(numbers.next());
      assertEquals(1, numbers.getInt(2));
      assertNull(numbers.getStatement());
    }
  }

  @Test
  void aValueOfAConnectionThatWasReturnedIsNoArgument() throws Exception {
    execute("CREATE TABLE item (data BLOB)");
    var blob = connection.createBlob();
    connection.close();
    connection = pool.get();

    try (var insert = connection.prepareStatement("INSERT INTO item VALUES (?)")) {
      assertThrows(SQLNonTransientConnectionException.class, () -> insert.setBlob(1, blob));
    }
  }

  @Test
  void theDriversOwnIsBehindEachWrapper() throws Exception {
    var blob = connection.createBlob();

    assertSame(connection, connection.unwrap(Connection.class));
    assertTrue(connection.isWrapperFor(JdbcConnection.class));
    assertInstanceOf(JdbcConnection.class, connection.unwrap(JdbcConnection.class));
    assertFalse(connection.isWrapperFor(String.class));
    assertThrows(SQLException.class, () -> connection.unwrap(String.class));
    assertInstanceOf(JdbcBlob.class, ((Wrapper) blob).unwrap(JdbcBlob.class));
    assertThrows(SQLException.class, () -> ((Wrapper) blob).unwrap(String.class));
    assertFalse(((Wrapper) blob).isWrapperFor(String.class));
    connection.close();
    assertThrows(SQLException.class, () -> connection.unwrap(JdbcConnection.class));
  }

  @Test
  void nothingLeadsToTheDriversConnectionButUnwrapping() throws Exception {
    try (var statement = connection.createStatement();
        var results = statement.executeQuery("SELECT 1")) {
      assertSame(connection, statement.getConnection());
      assertSame(connection, results.getStatement().getConnection());
      assertSame(connection, connection.getMetaData().getConnection());
    }
    try (var tables = connection.getMetaData().getTables(null, null, "%", null)) {
      assertNull(tables.getStatement());
    }
    try (var statement = connection.prepareCall("CALL 1")) {
      assertSame(connection, statement.getConnection());
    }
  }

  @Test
  void warningsAreCleared() throws Exception {
    var made = new Made();
    var cleared = new boolean[1];
    made.before = method -> cleared[0] |= method.equals("clearWarnings");
    try (var other = new RawConnectionPool(made, PoolOptions.DEFAULT)) {
      other.get().close();
    }

    assertTrue(cleared[0]);
  }

  @Test
  void whatWasSetIsSetBack() throws Exception {
    var timeout = connection.getNetworkTimeout();
    var holdability = connection.getHoldability();
    var made = new StringBuilder();
    connection.setNetworkTimeout(Runnable::run, 12_345);
    connection.setHoldability(ResultSet.CLOSE_CURSORS_AT_COMMIT);
    connection.setAutoCommit(false);
    connection.setTypeMap(Map.of());
    connection.close();

    connection = pool.get();

    assertEquals(timeout, connection.getNetworkTimeout(), made::toString);
    assertEquals(holdability, connection.getHoldability());
    assertTrue(connection.getAutoCommit());
  }

  private ResultSet row(String query) throws SQLException {
    var results = connection.createStatement().executeQuery(query);
    assertTrue(results.next());
    return results;
  }

  private void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
