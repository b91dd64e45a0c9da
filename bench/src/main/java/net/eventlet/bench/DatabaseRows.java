package net.eventlet.bench;

import static net.eventlet.bench.Rows.OURS;

import java.util.List;
import java.util.Optional;

/// The questions put to connection pools. All have ten connections to PostgreSQL by the same
/// driver; HikariCP has the size that its documentation wants, fixed, and is otherwise as it comes.
final class DatabaseRows {

  private static final String VIRTUAL = "HikariCP, stock virtual threads";
  private static final String PLATFORM = "HikariCP, ten platform threads";
  private static final String HIKARI = "HikariCP, in a green thread";

  private final Rows rows;

  DatabaseRows(Rows rows) {
    this.rows = rows;
  }

  /// {@return every row, in the order of the table}
  List<Row> all() {
    return List.of(transactions(), borrow());
  }

  private Row transactions() {
    return new Row(
        "database",
        "A transaction of one update on ten connections: CPU time of the client",
        "cpu_us",
        "µs of CPU",
        List.of(
            client(OURS, rows.ours, "eventlet"),
            client(VIRTUAL, Rows.STOCK, "virtual"),
            client(PLATFORM, Rows.STOCK, "platform")),
        List.of(
            Goal.ratio("virtual threads ≥ 1.2 ×", OURS, VIRTUAL, "cpu_us", 1 / 1.2),
            Goal.ratio("platform threads ≥ 1.2 ×", OURS, PLATFORM, "cpu_us", 1 / 1.2)));
  }

  private Row borrow() {
    return new Row(
        "borrow",
        "Borrow a connection that nobody else wants, and return it",
        "ns",
        "ns",
        List.of(
            rows.micro(OURS, "DatabaseBorrow", "eventlet", "borrow"),
            rows.micro(HIKARI, "DatabaseBorrow", "hikari", "borrow")),
        List.of(Goal.atMost("≤ 150 ns", OURS, "ns", 150)));
  }

  private static Contender client(String name, List<String> flags, String contender) {
    return new Contender.Client(
        name,
        Optional.empty(),
        Rows.java(flags, Rows.SERVER_HEAP, "DatabaseClient", List.of(contender)),
        "database",
        Rows.java(Rows.STOCK, Rows.SERVER_HEAP, "DatabaseServer", List.of()));
  }
}
