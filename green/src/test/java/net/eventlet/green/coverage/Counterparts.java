package net.eventlet.green.coverage;

import java.util.List;

/// The table of Eventlet's modules, which `docs/green.md` shows.
final class Counterparts {

  static final List<Counterpart> ALL =
      List.of(
          new Counterpart(
              "`socket`",
              "`GreenSocket`, `GreenServerSocket`, `GreenDatagramSocket`; the JDK's own sockets and"
                  + " channels park as they are",
              List.of("core:GreenSocket", "core:GreenServerSocket", "core:GreenDatagramSocket"),
              "core.md#sockets",
              List.of("core:GreenSocketTest", "core:GreenDatagramSocketTest", "green:ProbesTest")),
          new Counterpart(
              "`socket`'s look-ups, `greendns`",
              "`InetAddress`, and all that asks it, through our resolver; `Names` for limits and"
                  + " for name servers of your own",
              List.of("green:Names", "green:GreenResolver", "green:NamesProvider"),
              "names.md",
              List.of("green:NamesTest", "green:GreenResolverTest", "green:ProbesTest")),
          new Counterpart(
              "`ssl`, `OpenSSL`",
              "`GreenSsl`, socket factories for libraries, `Identity` for keys and certificates;"
                  + " the JDK's `SSLSocket` parks as it is",
              List.of("green:GreenSsl", "green:GreenSslSocketFactory", "green:Identity"),
              "tls.md",
              List.of("green:GreenSslSocketTest", "green:IdentityTest", "green:SslCoverageTest")),
          new Counterpart(
              "`select`, `selectors`",
              "`Select.select`; the JDK's `Selector` parks as it is",
              List.of("green:Select"),
              "processes.md",
              List.of("green:SelectTest", "green:ProbesTest")),
          new Counterpart(
              "`os`, `GreenPipe`",
              "`Os`, `GreenPipe`",
              List.of("green:Os", "green:GreenPipe"),
              "processes.md",
              List.of("green:OsTest")),
          new Counterpart(
              "`builtin` (`open`)",
              "`GreenFiles`; `TPool` for the rest of `java.nio.file`",
              List.of("green:GreenFiles", "core:TPool"),
              "processes.md",
              List.of("green:GreenFilesTest", "core:TPoolTest")),
          new Counterpart(
              "`subprocess`",
              "`Subprocess`: a `java.lang.Process` whose start, streams and end park",
              List.of("green:Subprocess"),
              "processes.md",
              List.of("green:SubprocessTest")),
          new Counterpart(
              "`thread`, `threading`",
              "`Threads`, `Executors`, `GreenTimer`; `Thread.ofVirtual()` and `ThreadLocal` as they"
                  + " are",
              List.of("green:Threads", "green:Executors", "green:GreenTimer"),
              "threads.md",
              List.of("green:ThreadsTest", "green:ExecutorsTest", "green:GreenTimerTest")),
          new Counterpart(
              "`Queue`",
              "`Queue`, `LifoQueue`, `PriorityQueue`; the JDK's `BlockingQueue`s park as they are",
              List.of("core:Queue", "core:LifoQueue", "core:PriorityQueue"),
              "primitives.md",
              List.of("core:QueueTest", "green:ProbesTest")),
          new Counterpart(
              "`time`",
              "`Eventlet.sleep`, `Thread.sleep`",
              List.of("core:Eventlet"),
              "core.md",
              List.of("core:EventletTest", "green:ProbesTest")),
          new Counterpart(
              "`http`, `httplib`, `urllib`, `urllib2`",
              "`GreenHttp`; `java.net.http.HttpClient`, `HttpURLConnection`, `URL.openStream`,"
                  + " `CookieManager` as they are",
              List.of("green:GreenHttp"),
              "http-client.md",
              List.of("green:GreenHttpTest", "green:ProbesTest")),
          new Counterpart(
              "`SocketServer`",
              "`SocketServer`, `Eventlet.serve`",
              List.of("green:SocketServer", "core:Eventlet"),
              "socket-server.md",
              List.of("green:SocketServerTest", "core:ServeTest")),
          new Counterpart(
              "`BaseHTTPServer`, `SimpleHTTPServer`, `CGIHTTPServer`",
              "`com.sun.net.httpserver`'s own face on green threads; `FileServer`; `Cgi`",
              List.of("wsgi:GreenHttpServerProvider", "wsgi:FileServer", "wsgi:Cgi"),
              "httpserver.md",
              List.of("wsgi:HttpServerTest", "wsgi:FileServerTest", "wsgi:CgiTest")),
          new Counterpart(
              "`asyncore`, `asynchat`",
              "the JDK's asynchronous channels; with `AsyncProvider` handlers are green threads",
              List.of("green:AsyncProvider"),
              "socket-server.md#asynchronous-channels",
              List.of("green:AsyncProviderTest")),
          new Counterpart(
              "`ftplib`",
              "Apache Commons Net as it is, through a `GreenSocketFactory` or on the JDK's sockets,"
                  + " which park",
              List.of("green:GreenSocketFactory"),
              "core.md#sockets",
              List.of("green:FtpTest", "patcher:LibrariesTest")),
          new Counterpart(
              "`profile`",
              "`Profile`: by green thread and by place of spawn, for flame graphs and the Flight"
                  + " Recorder",
              List.of("green:Profile", "core:Instrument"),
              "profile.md",
              List.of("green:ProfileTest", "core:InstrumentTest")),
          new Counterpart(
              "`MySQLdb`, `psycopg2`",
              "the drivers of MariaDB and PostgreSQL as they are, on the JDK's sockets, which park;"
                  + " `ConnectionPool`",
              List.of("dbpool:ConnectionPool"),
              "dbpool.md",
              List.of("dbpool:MariaDbTest", "dbpool:PostgresTest")),
          new Counterpart(
              "`zmq`",
              "JeroMQ as it is, on the JDK's selectors and pipes, which park; its I/O has threads"
                  + " of its own",
              List.of(),
              "green.md",
              List.of("green:JeroMqTest", "green:ProbesTest")),
          new Counterpart(
              "`monkey_patch`, `is_monkey_patched`, `slurp_properties`",
              "`Patcher.monkeyPatch`, at any time, or `bin/eventlet run --patched`: calls are"
                  + " rewritten where they are made, so no properties are copied",
              List.of("patcher:Patcher"),
              "patcher.md",
              List.of("patcher:MonkeyPatchTest", "patcher:LauncherTest")),
          new Counterpart(
              "`import_patched`, `inject`, `patch_function`, `original`",
              "`Patcher.importPatched`, `Patcher.original`",
              List.of("patcher:Patcher", "patcher:Library"),
              "patcher.md",
              List.of("patcher:LibrariesTest", "patcher:MonkeyPatchTest")));

  private Counterparts() {}
}
