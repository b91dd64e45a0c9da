package net.eventlet.bench;

import static net.eventlet.bench.Rows.OURS;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.eventlet.bench.Peers.Language;

/// The questions put to application servers of several processes, on two CPUs, one of which the
/// load shares. Nobody writes an access log.
final class SpawnRows {

  private static final String HUBS = "one process, two hubs";
  private static final String SPAWNED_HUBS = OURS + ", one child, two hubs";
  private static final String GUNICORN = "gunicorn, which closes each connection";
  private static final String GUNICORN_GEVENT = "gunicorn, gevent's workers";
  private static final String QUIET = OURS + ", left alone";
  private static final String WORKERS = "4";

  /// Five thousand requests a second, on connections that may come and go.
  private static final List<String> STEADY =
      List.of("--mode", "http", "--pool", "--connections", "64", "--rate", "78.125");

  private static final List<String> KEPT = List.of("--mode", "http", "--connections", "64");
  private static final List<String> CLOSED = List.of("--mode", "close", "--connections", "64");

  private final Rows rows;
  private final Peers peers;
  private final List<Integer> both;

  /// @param rows where contenders are made
  /// @param peers that were built
  /// @param both CPUs
  SpawnRows(Rows rows, Peers peers, List<Integer> both) {
    this.rows = rows;
    this.peers = peers;
    this.both = both;
  }

  /// {@return every row, in the order of the table}
  List<Row> all() {
    return List.of(
        kept(),
        churn(),
        restart(),
        kill(),
        start("child-start", "ms", "A child from its start until it serves", 400),
        start("child-memory", "mb", "Resident memory of a child that serves", 60),
        start("child-memory-after", "mb", "The same after a thousand requests", 60));
  }

  private Row kept() {
    return new Row(
        "processes",
        "A small answer on 64 connections, from four processes on two CPUs: CPU time of all for"
            + " each",
        "cpu_us",
        "µs of CPU",
        List.of(
            spawned(OURS, 4, 1, KEPT),
            hubs(KEPT),
            spawned(SPAWNED_HUBS, 1, 2, KEPT),
            gunicorn(GUNICORN, "sync", CLOSED),
            gunicorn(GUNICORN_GEVENT, "gevent", KEPT)),
        List.of(
            Goal.ratio(
                "requests per CPU second ≥ 0.95 × one process with two hubs",
                OURS,
                HUBS,
                "cpu_us",
                1 / 0.95),
            Goal.ratio("gunicorn ≥ 10 ×", OURS, GUNICORN, "cpu_us", 0.1),
            Goal.ratio("gunicorn, gevent's workers ≥ 10 ×", OURS, GUNICORN_GEVENT, "cpu_us", 0.1)));
  }

  private Row churn() {
    return new Row(
        "processes-churn",
        "A small answer on a connection of its own, from four processes on two CPUs: CPU time of"
            + " all for each",
        "cpu_us",
        "µs of CPU",
        List.of(
            spawned(OURS, 4, 1, CLOSED),
            hubs(CLOSED),
            gunicorn(GUNICORN, "sync", CLOSED),
            gunicorn(GUNICORN_GEVENT, "gevent", CLOSED)),
        List.of());
  }

  private Row restart() {
    return new Row(
        "processes-restart",
        "5,000 requests a second while SIGHUP replaces all four children, once",
        "p99_us",
        "p99 µs",
        List.of(
            new Contender.Signalled(spawned(OURS, 4, 1, STEADY), Contender.Signal.REPLACE),
            spawned(QUIET, 4, 1, STEADY)),
        List.of(
            Goal.atMost("no request is lost", OURS, "errors", 0),
            Goal.ratio("p99 < 5 × the quiet one", OURS, QUIET, "p99_us", 5)));
  }

  private Row kill() {
    return new Row(
        "processes-kill",
        "5,000 requests a second while kill -9 ends one of four children each second: what is lost",
        "errors",
        "lost",
        List.of(new Contender.Signalled(spawned(OURS, 4, 1, STEADY), Contender.Signal.KILL)),
        List.of());
  }

  private Row start(String id, String metric, String question, double limit) {
    var top = peers.sources().resolve("../..").normalize();
    return new Row(
        id,
        question + ", for the hello application",
        metric,
        metric.equals("mb") ? "MB" : metric,
        List.of(
            new Contender.Micro(
                OURS,
                Optional.empty(),
                Rows.java(
                    List.of(),
                    Rows.SERVER_HEAP,
                    "SpawnStart",
                    List.of(top.resolve("bin/spawn").toString(), classes())),
                id,
                both)),
        List.of(Goal.atMost("≤ %.0f".formatted(limit), OURS, metric, limit)));
  }

  // ---- contenders -------------------------------------------------------------------------------

  private Contender.Server spawned(String name, int processes, int hubs, List<String> load) {
    var command =
        List.of(
            peers.shell("spawn_http"),
            Integer.toString(processes),
            Integer.toString(hubs),
            classes());
    return new Contender.Server(name, peers.obstacle(Language.C), command, true, load, both);
  }

  private Contender.Server hubs(List<String> load) {
    var command = Rows.java(rows.ours, Rows.SERVER_HEAP, "EventletHttp", List.of("2"));
    return new Contender.Server(HUBS, peers.obstacle(Language.C), command, true, load, both);
  }

  private Contender.Server gunicorn(String name, String worker, List<String> load) {
    var command = new ArrayList<>(peers.python("gunicorn_http.py"));
    command.addAll(List.of(worker, WORKERS));
    return new Contender.Server(
        name,
        peers.obstacle(Language.GUNICORN).or(() -> peers.obstacle(Language.C)),
        command,
        false,
        load,
        both);
  }

  /// The folder of this program's classes, [Hello] among them.
  private static String classes() {
    return Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1))
        .filter(entry -> entry.contains("bench"))
        .findFirst()
        .orElseThrow();
  }
}
