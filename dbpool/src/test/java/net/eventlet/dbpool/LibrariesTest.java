package net.eventlet.dbpool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.eventlet.Eventlet;
import net.eventlet.GreenPool;
import org.flywaydb.core.Flyway;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.cfg.Configuration;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/// What people use on top of a pool takes ours as a `DataSource`: twenty green threads each add one
/// row, on four connections.
@Bounded
class LibrariesTest {

  private static final int GREEN_THREADS = 20;

  private ConnectionPool pool;

  @BeforeEach
  void open() throws Exception {
    pool = new RawConnectionPool(new Made(), PoolOptions.DEFAULT);
  }

  @AfterEach
  void close() {
    assertEquals(4, pool.free());
    pool.close(Duration.ofSeconds(20));
  }

  @Test
  void springsJdbcTemplate() throws Exception {
    var template = new JdbcTemplate(pool);
    template.execute("CREATE TABLE word (id INT, text VARCHAR(20))");

    atOnce(id -> template.update("INSERT INTO word VALUES (?, ?)", id, "word " + id));

    var count = template.queryForObject("SELECT COUNT(*) FROM word", Integer.class);
    assertEquals(GREEN_THREADS, count);
  }

  @Test
  void jooq() throws Exception {
    System.setProperty("org.jooq.no-logo", "true");
    System.setProperty("org.jooq.no-tips", "true");
    var sql = DSL.using(pool, SQLDialect.H2);
    sql.execute("CREATE TABLE word (id INT)");

    atOnce(id ->
        sql.transaction(
            transaction -> transaction.dsl().execute("INSERT INTO word VALUES (?)", id)));

    assertEquals(GREEN_THREADS, sql.fetchCount(DSL.table("word")));
  }

  @Test
  void flyway() throws Exception {
    var flyway =
        Flyway.configure()
            .dataSource(pool)
            .locations("classpath:net/eventlet/dbpool/migrations")
            .load();

    Eventlet.run(() -> assertEquals(1, flyway.migrate().migrationsExecuted));

    var template = new JdbcTemplate(pool);
    assertEquals(List.of("first"), template.queryForList("SELECT text FROM word", String.class));
  }

  /// What Hibernate keeps.
  @Entity(name = "Word")
  static class Word {

    @Id int id;
    String text;

    Word() {}

    Word(int id, String text) {
      this.id = id;
      this.text = text;
    }
  }

  @Test
  void hibernate() throws Exception {
    var configuration = new Configuration().addAnnotatedClass(Word.class);
    configuration.getProperties().put(AvailableSettings.JAKARTA_NON_JTA_DATASOURCE, pool);
    configuration.setProperty(AvailableSettings.HBM2DDL_AUTO, "create");
    try (var sessions = configuration.buildSessionFactory()) {
      atOnce(id -> sessions.inTransaction(session -> session.persist(new Word(id, "word " + id))));

      var texts = new ArrayList<String>();
      Eventlet.run(() ->
          sessions.inSession(session ->
              session
                  .createQuery("from Word order by id", Word.class)
                  .list()
                  .forEach(word -> texts.add(word.text))));
      assertEquals(GREEN_THREADS, texts.size());
      assertEquals("word 0", texts.getFirst());
    }
  }

  private interface Addition {

    void of(int id) throws Exception;
  }

  private static void atOnce(Addition addition) throws Exception {
    Eventlet.run(() -> {
      var workers = new GreenPool(GREEN_THREADS);
      for (var i = 0; i < GREEN_THREADS; i++) {
        var id = i;
        workers.spawnN(() -> addition.of(id));
      }
      workers.waitAll();
    });
  }
}
