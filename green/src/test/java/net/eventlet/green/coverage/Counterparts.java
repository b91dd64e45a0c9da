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
              "`InetAddress` and all that asks it, through our resolver; `Names` for limits and"
                  + " name servers of your own",
              List.of("green:Names", "green:GreenResolver", "green:NamesProvider"),
              "names.md",
              List.of("green:NamesTest", "green:GreenResolverTest")),
          new Counterpart(
              "`ssl`, `OpenSSL`",
              "`GreenSsl`, socket factories for libraries, `Identity` for keys; the JDK's"
                  + " `SSLSocket` parks as it is",
              List.of("green:GreenSsl", "green:GreenSslSocketFactory"),
              "tls.md",
              List.of("green:GreenSslSocketTest", "green:SslCoverageTest")),
          new Counterpart(
              "`select`, `selectors`",
              "`Select.select`; the JDK's `Selector` parks as it is",
              List.of("green:Select"),
              "processes.md",
              List.of("green:SelectTest", "green:ProbesTest")),
          new Counterpart(
              "`os`",
              "`Os`: descriptors, pipes, `waitpid`",
              List.of("green:Os"),
              "processes.md",
              List.of("green:OsTest")),
          new Counterpart(
              "`builtin` (`open`)",
              "`GreenFiles`; `TPool` for `java.nio.file`",
              List.of("green:GreenFiles", "core:TPool"),
              "processes.md",
              List.of("green:GreenFilesTest", "core:TPoolTest")),
          new Counterpart(
              "`GreenPipe`",
              "`GreenPipe`",
              List.of("green:GreenPipe"),
              "processes.md",
              List.of("green:OsTest")),
          new Counterpart(
              "`subprocess`",
              "`Subprocess`, a real `java.lang.Process` with streams that park",
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
              "`java.net.http.HttpClient`, `HttpURLConnection`, `URL.openStream`, `CookieManager`",
              List.of(),
              "green.md",
              List.of("green:ProbesTest")));

  private Counterparts() {}
}
