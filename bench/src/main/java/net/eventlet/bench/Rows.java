package net.eventlet.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Every question, who is asked, and what is to be reached.
///
/// Peers are started as their own documentation says for speed. All programs on the JVM have the
/// serial collector, which the JVM itself picks on one CPU, and compact object headers. Ours have
/// the flags that the runner was started with, which `make bench` takes from `eventlet.flags`.
final class Rows {

  /// What ours is called in tables.
  static final String OURS = "Eventlet for Java";

  static final String STOCK_SOCKETS = OURS + ", stock sockets";
  private static final String BARE = "bare scheduler";
  static final String VIRTUAL = "virtual threads, one carrier";
  private static final String VIRTUAL_AS_SET = "virtual threads, as the JDK sets them";
  private static final String VIRTUAL_TWO = "virtual threads, two carriers";
  private static final String VIRTUAL_EACH = "virtual threads, a carrier each";
  private static final String CONTINUATION = "raw continuation";
  static final String KERNEL = "C";
  static final String NETTY = "Netty epoll";
  static final String GO = "Go";
  static final String PYTHON = "Eventlet (Python)";
  static final String GEVENT = "gevent";

  static final List<String> MICRO_HEAP = List.of("-Xms2g", "-Xmx6g");
  static final List<String> SERVER_HEAP = List.of("-Xms256m", "-Xmx2g");
  static final List<String> STOCK = List.of("-Djdk.trackAllThreads=false");
  static final List<String> ONE_CARRIER =
      List.of(
          "-Djdk.trackAllThreads=false",
          "-Djdk.virtualThreadScheduler.parallelism=1",
          "-Djdk.virtualThreadScheduler.maxPoolSize=1");

  private static final List<String> TWO_CARRIERS =
      List.of(
          "-Djdk.trackAllThreads=false",
          "-Djdk.virtualThreadScheduler.parallelism=2",
          "-Djdk.virtualThreadScheduler.maxPoolSize=2");

  /// Netty's own advice for benchmarks, and access to what it is faster with.
  static final List<String> NETTY_FLAGS =
      List.of(
          "-Dio.netty.leakDetection.level=disabled",
          "-Dio.netty.buffer.checkBounds=false",
          "-Dio.netty.buffer.checkAccessible=false",
          "-Dio.netty.noUnsafe=false",
          "-Dio.netty.tryReflectionSetAccessible=true",
          "--sun-misc-unsafe-memory-access=allow",
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
          "--enable-native-access=ALL-UNNAMED");

  private final Peers peers;
  private final Options options;
  final List<String> ours = ManagementFactory.getRuntimeMXBean().getInputArguments();

  private Rows(Peers peers, Options options) {
    this.peers = peers;
    this.options = options;
  }

  /// {@return every row, in the order of the table}
  ///
  /// @param peers that were built
  /// @param options where programs run
  static List<Row> all(Peers peers, Options options) {
    var rows = new Rows(peers, options);
    var all =
        new ArrayList<>(
            List.of(
                rows.switching(),
                rows.switchingAmongMany(),
                rows.handOff(),
                rows.spawn(),
                rows.uncontended("event", "Make an event, send it, await it"),
                rows.uncontended("queue", "Put into a queue and get"),
                rows.uncontended("semaphore", "Acquire a semaphore and release it"),
                rows.queueAcross(),
                rows.imap(),
                rows.greenlet(),
                rows.crawler(),
                rows.memory(),
                rows.timers(),
                rows.wake("wake", "on one CPU", options.cpu(), options.cpu()),
                rows.wake(
                    "wake-across", "from one CPU to another", options.loadCpu(), options.cpu()),
                rows.echo(),
                rows.roundTrip(),
                rows.crowd(),
                rows.tls("tls-handshake", "A TLS 1.3 handshake"),
                rows.tls("tls-bulk", "A mebibyte echoed over TLS"),
                rows.tls("tls-line", "A line of 32 bytes echoed over TLS"),
                rows.children(),
                rows.clients()));
    all.addAll(new HttpRows(rows, peers).all());
    all.addAll(new WebSocketRows(rows).all());
    all.addAll(new SpawnRows(rows, peers, List.of(options.cpu(), options.loadCpu())).all());
    all.addAll(new DatabaseRows(rows).all());
    return List.copyOf(all);
  }

  private Row switching() {
    return new Row(
        "switch",
        "From one green thread to the other, each calling sleep()",
        "ns",
        "ns",
        List.of(
            ours("", "EventletMicro", "switch", "switch"),
            bare("switch"),
            virtual("switch"),
            go("switch"),
            eventlet("switch"),
            gevent("switch")),
        List.of(Goal.ratio("≤ 1.25 × the bare scheduler", OURS, BARE, "ns", 1.25)));
  }

  private Row switchingAmongMany() {
    return new Row(
        "switch-1000",
        "From one green thread to the next of a thousand, each calling sleep()",
        "ns",
        "ns",
        List.of(
            ours("", "EventletMicro", "switch-1000", "switch-1000"),
            bare("switch-1000"),
            virtual("switch-1000"),
            go("switch-1000"),
            eventlet("switch-1000"),
            gevent("switch-1000")),
        List.of());
  }

  private Row handOff() {
    return new Row(
        "handoff",
        "A value to another green thread through an event, a channel or a future, with waiting",
        "ns",
        "ns",
        List.of(
            ours("", "EventletHandOff", "handoff", "handoff"),
            ours(", by parking", "EventletMicro", "handoff-park", "handoff"),
            bare("handoff"),
            virtual("handoff"),
            go("handoff"),
            eventlet("handoff"),
            gevent("handoff")),
        List.of(
            Goal.ratio("≤ 1.25 × the bare scheduler's park and unpark", OURS, BARE, "ns", 1.25),
            Goal.ratio("≤ 1.2 × Go's channel", OURS, GO, "ns", 1.2)));
  }

  private Row spawn() {
    return new Row(
        "spawn",
        "Spawn, run, await the result",
        "ns",
        "ns",
        List.of(
            ours("", "EventletMicro", "spawn", "spawn"),
            ours(", spawnN", "EventletMicro", "spawn-n", "spawn"),
            bare("spawn"),
            virtual("spawn"),
            go("spawn"),
            eventlet("spawn"),
            gevent("spawn")),
        List.of(Goal.ratio("≤ 1.3 × Go's", OURS, GO, "ns", 1.3)));
  }

  private Row uncontended(String id, String question) {
    return new Row(
        id,
        question + ", in one green thread",
        "ns",
        "ns",
        List.of(ours("", "EventletPrimitives", id, id)),
        List.of(Goal.atMost("≤ 30 ns over the switches, of which it needs none", OURS, "ns", 30)));
  }

  private Row queueAcross() {
    var both = List.of(options.cpu(), options.loadCpu());
    return new Row(
        "queue-across",
        "An item to a green thread on another hub through a queue, or one back",
        "ns",
        "ns",
        List.of(
            micro(
                OURS,
                java(ours, MICRO_HEAP, "EventletPrimitives", List.of("queue-across")),
                "queue-across",
                both),
            micro(
                VIRTUAL_TWO,
                java(TWO_CARRIERS, MICRO_HEAP, "StockThreadsQueue", List.of()),
                "queue-across",
                both),
            micro(
                VIRTUAL_EACH,
                java(ours, MICRO_HEAP, "StockThreadsQueue", List.of("apart")),
                "queue-across",
                both)),
        List.of(
            Goal.ratio(
                "≤ 1.5 × a LinkedTransferQueue between two carriers",
                OURS,
                VIRTUAL_EACH,
                "ns",
                1.5),
            Goal.ratio(
                "the same, where the JDK may put both on one", OURS, VIRTUAL_TWO, "ns", 1.5)));
  }

  private Row imap() {
    return new Row(
        "imap",
        "GreenPool.imap of a trivial function over 100,000 items, for each",
        "ns",
        "ns",
        List.of(
            ours("", "EventletPrimitives", "imap", "imap"),
            ours(", by hand", "EventletPrimitives", "by-hand", "imap")),
        List.of(
            Goal.ratio("≤ 2 × spawning all and awaiting each", OURS, OURS + ", by hand", "ns", 2)));
  }

  private Row greenlet() {
    return new Row(
        "greenlet",
        "From one greenlet to another",
        "ns",
        "ns",
        List.of(
            ours("", "EventletPrimitives", "greenlet", "greenlet"),
            ours(", a generator's item", "EventletPrimitives", "generator", "greenlet"),
            micro(
                CONTINUATION,
                java(ours, MICRO_HEAP, "BareContinuation", List.of()),
                "greenlet",
                List.of(options.cpu())),
            python("greenlet (Python)", Peers.Language.EVENTLET, "greenlet_micro.py", "greenlet")),
        List.of(
            Goal.ratio("≤ 1.3 × a raw continuation", OURS, CONTINUATION, "ns", 1.3),
            Goal.ratio("below Python's", OURS, "greenlet (Python)", "ns", 1)));
  }

  private Row crawler() {
    return new Row(
        "crawler",
        "Pages of a local server, 200 at once: CPU time of the client for each",
        "cpu_us",
        "µs of CPU",
        List.of(
            client(OURS, Optional.empty(), java(ours, SERVER_HEAP, "EventletCrawler", List.of())),
            client(GO, Optional.empty(), List.of(peers.binary("go-crawler"))),
            client(
                PYTHON,
                peers.obstacle(Peers.Language.EVENTLET),
                peers.python("eventlet_crawler.py"))),
        List.of(
            Goal.ratio("pages per CPU second ≥ 1.2 × Go's", OURS, GO, "cpu_us", 1 / 1.2),
            Goal.ratio("Eventlet's (Python) ≥ 5 ×", OURS, PYTHON, "cpu_us", 1.0 / 5)));
  }

  private Contender client(String name, Optional<String> obstacle, List<String> command) {
    return new Contender.Client(
        name,
        obstacle.or(() -> peers.obstacle(Peers.Language.GO)), // the server is written in Go
        command,
        "crawler",
        List.of(peers.binary("go-pages")));
  }

  private Row memory() {
    return new Row(
        "memory",
        "Each of a million parked green threads: heap, for Go heap and stack, for Python resident"
            + " memory of a hundred thousand",
        "bytes",
        "bytes",
        List.of(
            ours("", "EventletMicro", "memory", "memory"),
            ours(", asleep", "EventletMicro", "memory-asleep", "memory"),
            bare("memory"),
            virtual("memory"),
            go("memory"),
            eventlet("memory"),
            gevent("memory")),
        List.of(
            Goal.atMost("≤ 800 bytes", OURS, "bytes", 800),
            Goal.ratio("≤ a third of a goroutine", OURS, GO, "bytes", 1.0 / 3)));
  }

  private Row timers() {
    return new Row(
        "timers",
        "Arm a timeout and cancel it while a million are pending (Python: a hundred thousand)",
        "ns",
        "ns",
        List.of(
            ours("", "EventletMicro", "timers", "timers"),
            ours(", none pending", "EventletMicro", "timers-0", "timers"),
            onJvm(
                "ScheduledThreadPoolExecutor",
                ONE_CARRIER,
                "StockThreadsMicro",
                "timers",
                List.of("timers")),
            go("timers"),
            eventlet("timers"),
            gevent("timers")),
        List.of(Goal.atMost("≤ 150 ns", OURS, "ns", 150)));
  }

  private Row wake(String id, String where, int leader, int follower) {
    var cpus = List.of(Integer.toString(leader), Integer.toString(follower));
    var both = List.of(leader, follower);
    var kernel = new ArrayList<>(List.of(peers.binary("wake")));
    kernel.addAll(cpus);
    return new Row(
        id,
        "A plain thread wakes a parked green thread and is woken by it, " + where,
        "ns",
        "ns",
        List.of(
            micro(OURS, java(ours, MICRO_HEAP, "EventletWake", cpus), "wake", both),
            micro(
                OURS + ", hub to hub",
                java(ours, MICRO_HEAP, "EventletWake", cpus),
                "wake-hubs",
                both),
            new Contender.Micro(KERNEL, peers.obstacle(Peers.Language.C), kernel, "wake", both),
            new Contender.Micro(
                KERNEL + ", back by futex",
                peers.obstacle(Peers.Language.C),
                kernel,
                "wake-futex",
                both),
            micro(
                VIRTUAL,
                java(
                    with(ONE_CARRIER, "--enable-native-access=ALL-UNNAMED"),
                    MICRO_HEAP,
                    "StockThreadsWake",
                    cpus),
                "wake",
                both)),
        List.of(
            Goal.ratio("≤ 1.2 × the kernel's eventfd, there and back", OURS, KERNEL, "ns", 1.2)));
  }

  private Row echo() {
    var load = List.of("--connections", "64", "--bytes", "32");
    return new Row(
        "echo",
        "Echo of lines on 64 connections: CPU time of the server for each",
        "cpu_us",
        "µs of CPU",
        List.of(
            server(OURS, ours, "EventletEcho", load),
            server(STOCK_SOCKETS, ours, "EventletStockEcho", load),
            server(VIRTUAL, ONE_CARRIER, "StockThreadsEcho", load),
            server(NETTY, NETTY_FLAGS, "NettyEcho", load),
            native_(KERNEL, Peers.Language.C, List.of(peers.binary("echo")), load),
            native_(GO, Peers.Language.GO, List.of(peers.binary("go-echo")), load),
            native_(PYTHON, Peers.Language.EVENTLET, peers.python("eventlet_echo.py"), load),
            native_(GEVENT, Peers.Language.GEVENT, peers.python("gevent_echo.py"), load)),
        List.of(
            Goal.ratio("≤ 1.08 × C", OURS, KERNEL, "cpu_us", 1.08),
            Goal.ratio("below Netty's", OURS, NETTY, "cpu_us", 1.0),
            Goal.ratio(
                "stock sockets ≤ 0.75 × virtual threads on one carrier",
                STOCK_SOCKETS,
                VIRTUAL,
                "cpu_us",
                0.75),
            Goal.ratio("Eventlet (Python) ≥ 2.3 ×", OURS, PYTHON, "cpu_us", 1 / 2.3),
            Goal.ratio("gevent ≥ 2.3 ×", OURS, GEVENT, "cpu_us", 1 / 2.3)));
  }

  private Row tls(String id, String what) {
    var both = List.of(options.cpu(), options.loadCpu());
    return new Row(
        id,
        what + ": CPU time of the thread that serves",
        "us",
        "µs of CPU",
        List.of(
            micro(OURS, java(ours, SERVER_HEAP, "EventletTls", List.of()), id, both),
            micro(NETTY, java(NETTY_FLAGS, SERVER_HEAP, "NettyTls", List.of()), id, both)),
        List.of(Goal.ratio("≤ Netty's, with the JDK's engine", OURS, NETTY, "us", 1.0)));
  }

  private Row roundTrip() {
    var one = List.of(options.cpu());
    var both = List.of(options.cpu(), options.loadCpu());
    var stock = java(ONE_CARRIER, MICRO_HEAP, "StockRoundTrips", List.of());
    var stockAsSet = java(STOCK, MICRO_HEAP, "StockRoundTrips", List.of());
    var hub = java(ours, MICRO_HEAP, "EventletRoundTrips", List.of());
    return new Row(
        "roundtrip",
        "A line to a socket in the same process and back, both ends green threads",
        "ns",
        "ns",
        List.of(
            micro(OURS, hub, "roundtrip-green", one),
            micro(STOCK_SOCKETS, hub, "roundtrip", one),
            micro(VIRTUAL, stock, "roundtrip", one),
            micro(VIRTUAL_AS_SET, stockAsSet, "roundtrip", both),
            micro("platform threads", stockAsSet, "roundtrip-platform", both),
            new Contender.Micro(
                KERNEL,
                peers.obstacle(Peers.Language.C),
                List.of(peers.binary("roundtrip")),
                "roundtrip",
                one)),
        List.of(
            Goal.ratio(
                "stock sockets ≥ 3 × faster than virtual threads as the JDK sets them",
                STOCK_SOCKETS,
                VIRTUAL_AS_SET,
                "ns",
                1.0 / 3),
            Goal.ratio(
                "stock sockets ≥ 3 × faster than virtual threads on one carrier",
                STOCK_SOCKETS,
                VIRTUAL,
                "ns",
                1.0 / 3)));
  }

  private Row crowd() {
    var load = List.of("--connections", "10000", "--rate", "1", "--bytes", "32");
    return new Row(
        "crowd",
        "10,000 connections, each sending a line a second: CPU time of the server for each",
        "cpu_us",
        "µs of CPU",
        List.of(
            server(OURS, ours, "EventletEcho", load),
            native_(KERNEL, Peers.Language.C, List.of(peers.binary("echo")), load)),
        List.of(
            Goal.atMost("no error", OURS, "errors", 0),
            Goal.atMost("no line kept waiting for the one before", OURS, "late", 0)));
  }

  // ---- contenders -------------------------------------------------------------------------------

  Contender ours(String suffix, String program, String line, String row) {
    return micro(OURS + suffix, program, row, line);
  }

  Contender micro(String name, String program, String argument, String line) {
    return micro(
        name, java(ours, MICRO_HEAP, program, List.of(argument)), line, List.of(options.cpu()));
  }

  private Contender bare(String row) {
    return micro(
        BARE, java(ours, MICRO_HEAP, "BareScheduler", List.of(row)), row, List.of(options.cpu()));
  }

  private Contender virtual(String row) {
    return onJvm(VIRTUAL, ONE_CARRIER, "StockThreadsMicro", row, List.of(row));
  }

  private Contender onJvm(
      String name, List<String> flags, String program, String line, List<String> arguments) {
    return micro(name, java(flags, MICRO_HEAP, program, arguments), line, List.of(options.cpu()));
  }

  private Contender go(String row) {
    return new Contender.Micro(
        GO,
        peers.obstacle(Peers.Language.GO),
        List.of(peers.binary("go-micro"), row),
        row,
        List.of(options.cpu()));
  }

  private Contender eventlet(String row) {
    return python(PYTHON, Peers.Language.EVENTLET, "eventlet_micro.py", row);
  }

  private Contender gevent(String row) {
    return python(GEVENT, Peers.Language.GEVENT, "gevent_micro.py", row);
  }

  private Contender python(String name, Peers.Language language, String program, String row) {
    return new Contender.Micro(
        name,
        peers.obstacle(language),
        with(peers.python(program), row),
        row,
        List.of(options.cpu()));
  }

  private Row children() {
    var both = List.of(options.cpu(), options.loadCpu());
    var stock = java(STOCK, SERVER_HEAP, "StockThreadsChildren", List.of());
    return new Row(
        "children",
        "A short child process and all that it prints, a hundred at once",
        "ns",
        "ns",
        List.of(
            micro(OURS, java(ours, SERVER_HEAP, "EventletChildren", List.of()), "children", both),
            new Contender.Micro(
                KERNEL,
                peers.obstacle(Peers.Language.C),
                List.of(peers.binary("children")),
                "children",
                both),
            micro(VIRTUAL_AS_SET, stock, "children", both)),
        List.of(
            Goal.ratio("rate ≥ 0.9 × C's", OURS, KERNEL, "ns", 1 / 0.9),
            Goal.ratio("rate ≥ 2 × ProcessBuilder's", OURS, VIRTUAL_AS_SET, "ns", 1.0 / 2)));
  }

  private Row clients() {
    return new Row(
        "clients",
        "A request by HttpURLConnection, as it is, two hundred at once: CPU time of the client",
        "cpu_us",
        "µs of CPU",
        List.of(
            httpClient(OURS, ours, "green"),
            httpClient(OURS + ", GreenHttp", ours, "green-http"),
            httpClient(VIRTUAL, ONE_CARRIER, "virtual")),
        List.of(Goal.ratio("virtual threads ≥ 1.5 ×", OURS, VIRTUAL, "cpu_us", 1 / 1.5)));
  }

  private Contender httpClient(String name, List<String> flags, String contender) {
    return new Contender.Client(
        name,
        peers.obstacle(Peers.Language.C), // the server is written in C
        java(flags, SERVER_HEAP, "HttpClients", List.of(contender)),
        "clients",
        List.of(peers.binary("http")));
  }

  private static Contender micro(
      String name, List<String> command, String line, List<Integer> cpus) {
    return new Contender.Micro(name, Optional.empty(), command, line, cpus);
  }

  Contender.Server server(String name, List<String> flags, String program, List<String> load) {
    return new Contender.Server(
        name,
        peers.obstacle(Peers.Language.C), // the load is written in C
        java(flags, SERVER_HEAP, program, List.of()),
        true,
        load,
        List.of(options.cpu()));
  }

  Contender.Server native_(
      String name, Peers.Language language, List<String> command, List<String> load) {
    return new Contender.Server(
        name,
        peers.obstacle(language).or(() -> peers.obstacle(Peers.Language.C)),
        command,
        false,
        load,
        List.of(options.cpu()));
  }

  static List<String> java(
      List<String> flags, List<String> heap, String program, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(flags);
    command.add("-XX:+UseCompactObjectHeaders");
    command.add("-XX:+UseSerialGC");
    command.addAll(heap);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Rows.class.getPackageName() + "." + program);
    command.addAll(arguments);
    return command;
  }

  private static List<String> with(List<String> list, String more) {
    var all = new ArrayList<>(list);
    all.add(more);
    return all;
  }
}
