package net.eventlet.bench;

import static net.eventlet.bench.Rows.GEVENT;
import static net.eventlet.bench.Rows.GO;
import static net.eventlet.bench.Rows.KERNEL;
import static net.eventlet.bench.Rows.NETTY;
import static net.eventlet.bench.Rows.OURS;
import static net.eventlet.bench.Rows.PYTHON;
import static net.eventlet.bench.Rows.VIRTUAL;

import java.util.ArrayList;
import java.util.List;
import net.eventlet.bench.Peers.Language;

/// The questions put to web servers, which all answer the same thirteen bytes with the true date.
///
/// Each has one event loop, selector, carrier or worker. Peers are used as their own documentation
/// says for speed, and check less than ours does.
final class HttpRows {

  private static final String VERTX = "Vert.x";
  private static final String HELIDON = "Helidon";
  private static final String JETTY = "Jetty";
  private static final String UNDERTOW = "Undertow";
  private static final String GUNICORN = "gunicorn, gevent's worker";
  private static final String GUNICORN_PLAIN = "gunicorn";

  private final Rows rows;
  private final Peers peers;

  HttpRows(Rows rows, Peers peers) {
    this.rows = rows;
    this.peers = peers;
  }

  /// {@return every row, in the order of the table}
  List<Row> all() {
    return List.of(
        keptAlive(), pipelined(), churn(), allocation(), resting(10_000), resting(18_000));
  }

  private Row keptAlive() {
    return new Row(
        "http",
        "A small answer on 64 connections that are kept alive: CPU time of the server for each",
        "cpu_us",
        "µs of CPU",
        List.copyOf(all(List.of("--mode", "http", "--connections", "64"), GUNICORN)),
        List.of(
            Goal.ratio("≤ 1.12 × C", OURS, KERNEL, "cpu_us", 1.12),
            Goal.ratio("below Netty's", OURS, NETTY, "cpu_us", 1),
            Goal.ratio("user time ≤ 0.7 × Netty's", OURS, NETTY, "user_us", 0.7),
            Goal.ratio("below Vert.x's", OURS, VERTX, "cpu_us", 1),
            Goal.ratio("below Helidon's", OURS, HELIDON, "cpu_us", 1),
            Goal.ratio("below Jetty's", OURS, JETTY, "cpu_us", 1),
            Goal.ratio("below Undertow's", OURS, UNDERTOW, "cpu_us", 1),
            Goal.ratio("below stock virtual threads'", OURS, VIRTUAL, "cpu_us", 1),
            Goal.ratio("below Go's", OURS, GO, "cpu_us", 1),
            Goal.ratio("Eventlet (Python) ≥ 10 ×", OURS, PYTHON, "cpu_us", 0.1),
            Goal.ratio("gevent ≥ 10 ×", OURS, GEVENT, "cpu_us", 0.1),
            Goal.ratio("gunicorn ≥ 10 ×", OURS, GUNICORN, "cpu_us", 0.1)));
  }

  private Row pipelined() {
    return new Row(
        "http-pipelined",
        "The same, 16 requests sent at a time: CPU time of the server for each",
        "cpu_us",
        "µs of CPU",
        List.copyOf(
            all(List.of("--mode", "http", "--connections", "64", "--pipeline", "16"), GUNICORN)),
        List.of(Goal.ratio("≤ 0.65 × Netty's", OURS, NETTY, "cpu_us", 0.65)));
  }

  private Row churn() {
    return new Row(
        "http-churn",
        "A small answer on a connection of its own: CPU time of the server for each",
        "cpu_us",
        "µs of CPU",
        List.copyOf(closing(List.of("--mode", "close", "--connections", "64"))),
        List.of(
            Goal.ratio("≤ 0.92 × Netty's", OURS, NETTY, "cpu_us", 0.92),
            Goal.ratio("Eventlet (Python) ≥ 5 ×", OURS, PYTHON, "cpu_us", 0.2),
            Goal.ratio("gevent ≥ 5 ×", OURS, GEVENT, "cpu_us", 0.2),
            Goal.ratio("gunicorn ≥ 5 ×", OURS, GUNICORN_PLAIN, "cpu_us", 0.2)));
  }

  private Row allocation() {
    return new Row(
        "http-allocation",
        "What a small answer allocates on the heap",
        "bytes",
        "bytes",
        List.of(rows.ours("", "EventletHttpAllocation", "http-allocation", "http-allocation")),
        List.of(Goal.atMost("≤ 200 bytes", OURS, "bytes", 200)));
  }

  private Row resting(int connections) {
    var load = List.of("--mode", "http", "--connections", "64");
    var contenders = new ArrayList<Contender>();
    for (var server : all(load, GUNICORN)) {
      contenders.add(new Contender.Resting(server, connections));
    }
    return new Row(
        "http-resting-" + connections,
        "Each of %,d connections that are kept alive and rest: resident memory of the server"
            .formatted(connections),
        "bytes",
        "bytes",
        List.copyOf(contenders),
        List.of(Goal.atMost("≤ 2.1 KB", OURS, "bytes", 2.1 * 1024)));
  }

  /// {@return those that close a connection when asked to: Helidon 4.5.0 says that it will, and
  /// leaves it open (its issue 12324)}
  private List<Contender.Server> closing(List<String> load) {
    var servers = new ArrayList<>(all(load, GUNICORN_PLAIN));
    servers.removeIf(server -> server.name().equals(HELIDON));
    return servers;
  }

  private List<Contender.Server> all(List<String> load, String gunicorn) {
    var worker = gunicorn.equals(GUNICORN) ? "gevent" : "sync";
    var arguments = new ArrayList<>(peers.python("gunicorn_http.py"));
    arguments.addAll(List.of(worker, "1"));
    return List.of(
        rows.server(OURS, rows.ours, "EventletHttp", load),
        rows.native_(KERNEL, Language.C, List.of(peers.binary("http")), load),
        rows.server(NETTY, Rows.NETTY_FLAGS, "NettyHttp", load),
        rows.server(VERTX, Rows.NETTY_FLAGS, "VertxHttp", load),
        rows.server(VIRTUAL, Rows.ONE_CARRIER, "StockThreadsHttp", load),
        rows.server(HELIDON, Rows.ONE_CARRIER, "HelidonHttp", load),
        rows.server(JETTY, List.of(), "JettyHttp", load),
        rows.server(UNDERTOW, List.of(), "UndertowHttp", load),
        rows.native_(GO, Language.GO, List.of(peers.binary("go-http")), load),
        rows.native_(PYTHON, Language.EVENTLET, peers.python("eventlet_http.py"), load),
        rows.native_(GEVENT, Language.GEVENT, peers.python("gevent_http.py"), load),
        rows.native_(gunicorn, Language.GUNICORN, arguments, load));
  }
}
