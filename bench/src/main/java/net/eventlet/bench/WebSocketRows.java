package net.eventlet.bench;

import static net.eventlet.bench.Rows.NETTY;
import static net.eventlet.bench.Rows.OURS;

import java.util.ArrayList;
import java.util.List;

/// The questions put to WebSocket servers, which send back what they get. Each has one event loop
/// or carrier.
final class WebSocketRows {

  private static final String VERTX = "Vert.x";

  private final Rows rows;

  WebSocketRows(Rows rows) {
    this.rows = rows;
  }

  /// {@return every row, in the order of the table}
  List<Row> all() {
    return List.of(echo(), resting(18_000));
  }

  private Row echo() {
    return new Row(
        "websocket",
        "A text of 32 bytes there and back on 64 WebSockets: CPU time of the server for each",
        "cpu_us",
        "µs of CPU",
        List.copyOf(servers()),
        List.of(
            Goal.ratio("≥ 1.2 × Netty's", OURS, NETTY, "cpu_us", 1 / 1.2),
            Goal.ratio("≥ 1.2 × Vert.x's", OURS, VERTX, "cpu_us", 1 / 1.2)));
  }

  private Row resting(int connections) {
    var contenders = new ArrayList<Contender>();
    for (var server : servers()) {
      contenders.add(new Contender.Resting(server, connections));
    }
    return new Row(
        "websocket-resting-" + connections,
        "Each of %,d open WebSockets that rest: resident memory of the server"
            .formatted(connections),
        "bytes",
        "bytes",
        List.copyOf(contenders),
        List.of());
  }

  private List<Contender.Server> servers() {
    var load = List.of("--mode", "websocket", "--connections", "64");
    return List.of(
        rows.server(OURS, rows.ours, "EventletWebSocket", load),
        rows.server(NETTY, Rows.NETTY_FLAGS, "NettyWebSocket", load),
        rows.server(VERTX, Rows.NETTY_FLAGS, "VertxWebSocket", load));
  }
}
