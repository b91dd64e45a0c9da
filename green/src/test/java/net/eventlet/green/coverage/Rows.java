package net.eventlet.green.coverage;

import static net.eventlet.green.coverage.Behaviour.BLOCKS;
import static net.eventlet.green.coverage.Behaviour.PARKS;
import static net.eventlet.green.coverage.Behaviour.PASSES_ON;
import static net.eventlet.green.coverage.Behaviour.POLLS;
import static net.eventlet.green.coverage.Behaviour.POOLED;
import static net.eventlet.green.coverage.Behaviour.RETURNS;
import static net.eventlet.green.coverage.Row.Kind.FILES;
import static net.eventlet.green.coverage.Row.Kind.HTTP;
import static net.eventlet.green.coverage.Row.Kind.LIBRARIES;
import static net.eventlet.green.coverage.Row.Kind.PROCESSES;
import static net.eventlet.green.coverage.Row.Kind.RUNTIME;
import static net.eventlet.green.coverage.Row.Kind.SOCKETS;
import static net.eventlet.green.coverage.Row.Kind.STREAMS;
import static net.eventlet.green.coverage.Row.Kind.THREADS;

import java.util.List;

/// The table of the JDK's calls, which `docs/green.md` shows.
final class Rows {

  /// One for each group of `calls.txt` and of `barriers.txt`.
  static final List<Row> ALL =
      List.of(
          new Row(
              THREADS,
              "sleeping",
              "`Thread.sleep`, `Thread.yield`, `TimeUnit.sleep`",
              PARKS,
              "A timer of the hub's."),
          new Row(THREADS, "joining", "`Thread.join`, `TimeUnit.timedJoin`", PARKS, ""),
          new Row(THREADS, "parking", "`LockSupport`", PARKS, ""),
          new Row(
              THREADS,
              "monitors",
              "`synchronized`, `Object.wait`, `TimeUnit.timedWait`",
              PARKS,
              "A green thread that found a monitor taken comes back by way of a thread of the"
                  + " JDK's, so the order in which they come is not ours."),
          new Row(THREADS, "locks", "`java.util.concurrent.locks`: all of it", PARKS, ""),
          new Row(
              THREADS,
              "synchronizers",
              "`Semaphore`, `CountDownLatch`, `CyclicBarrier`, `Phaser`, `Exchanger`",
              PARKS,
              ""),
          new Row(
              THREADS,
              "queues",
              "the `BlockingQueue`s and `BlockingDeque`s, `TransferQueue`, `CompletionService`",
              PARKS,
              ""),
          new Row(
              THREADS,
              "futures",
              "`Future`, `CompletableFuture`, `StructuredTaskScope`",
              PARKS,
              ""),
          new Row(
              THREADS,
              "executors",
              "`ExecutorService.invokeAll`, `invokeAny`, `awaitTermination`, `close`",
              PARKS,
              "What the tasks do happens in the threads of the pool: `hub.executor()` and"
                  + " `hub.threadFactory()` make those green."),
          new Row(
              THREADS,
              "fork and join",
              "`ForkJoinPool`, `ForkJoinTask`, parallel streams and sorts",
              PARKS,
              "While the pool works; the caller takes a part of the work and computes it on the"
                  + " hub."),
          new Row(
              THREADS, "publishers", "`SubmissionPublisher`, `Gatherers.mapConcurrent`", PARKS, ""),
          new Row(
              THREADS,
              "pipes in memory",
              "`PipedInputStream`, `PipedWriter` and their like",
              PARKS,
              ""),
          new Row(
              THREADS,
              "references",
              "`ReferenceQueue.remove`, `Runtime.runFinalization`",
              PARKS,
              ""),
          new Row(
              SOCKETS,
              "sockets",
              "`Socket`, `ServerSocket`: connecting, accepting, reading, writing",
              POLLS,
              "Our own [sockets](core.md#sockets) are the same to a library, and faster."),
          new Row(
              SOCKETS,
              "linger",
              "closing a socket or channel",
              RETURNS,
              "Unless `SO_LINGER` is set and the peer does not read: then the kernel holds the hub"
                  + " for as long as was set."),
          new Row(SOCKETS, "datagrams", "`DatagramSocket`, `MulticastSocket`", POLLS, ""),
          new Row(
              SOCKETS,
              "channels",
              "`SocketChannel`, `ServerSocketChannel`, `DatagramChannel` in blocking mode",
              POLLS,
              "Unix sockets too."),
          new Row(SOCKETS, "pipes", "`Pipe`", POLLS, ""),
          new Row(SOCKETS, "selectors", "`Selector`", POLLS, ""),
          new Row(
              SOCKETS,
              "tls",
              "`SSLSocket`: handshake, reading, writing",
              POLLS,
              "The cryptography computes on the hub."),
          new Row(
              SOCKETS,
              "asynchronous sockets",
              "`AsynchronousSocketChannel`, `AsynchronousServerSocketChannel`: `Future.get`",
              POOLED,
              "Handlers run in threads of the channel group."),
          new Row(
              SOCKETS,
              "names",
              "`InetAddress.getByName`, `getAllByName`, `getLocalHost`, `getCanonicalHostName`,"
                  + " `new InetSocketAddress(name, port)`, `URL.equals`",
              POOLED,
              "With `eventlet-green` on the class path: see [names](names.md). Without it they"
                  + " block."),
          new Row(
              SOCKETS, "reachable", "`InetAddress.isReachable`", BLOCKS, "Use `TPool.execute`."),
          new Row(
              SOCKETS,
              "interfaces",
              "`NetworkInterface`, `Inet6Address` with a scope",
              BLOCKS,
              "For as long as the kernel takes to list its interfaces."),
          new Row(
              HTTP,
              "urls",
              "`URL.openStream`, `URLConnection`, `HttpURLConnection`",
              POLLS,
              "`file:` and `jar:` as files."),
          new Row(
              HTTP,
              "http client",
              "`HttpClient`: `send`, the streams of bodies, `close`",
              PARKS,
              "It has a selector thread and a pool of its own; give it `hub.executor()` so that"
                  + " handlers run on the hub."),
          new Row(
              HTTP,
              "http server",
              "`HttpServer`, `HttpsServer`, `SimpleFileServer`, `HttpExchange`",
              PARKS,
              "The JDK's has a thread of its own; [ours](httpserver.md) has the same face and runs"
                  + " on the hub."),
          new Row(
              HTTP,
              "certificate checks",
              "checks of certificates, where they ask servers for what is revoked",
              PASSES_ON,
              "As `urls` and `naming`; off unless a program turns them on."),
          new Row(
              STREAMS,
              "streams",
              "buffered, data, object, print, archive and cipher streams, readers and writers,"
                  + " `Scanner`, `Properties`, `KeyStore.load`, `CertificateFactory`",
              PASSES_ON,
              ""),
          new Row(STREAMS, "memory", "streams over arrays and strings", RETURNS, ""),
          new Row(
              STREAMS, "handed in", "`Runnable`, `Iterator`, handlers and visitors", PASSES_ON, ""),
          new Row(
              FILES,
              "files",
              "`Files`, `File`, `Path`, attributes, directories, `FileDescriptor.sync`",
              BLOCKS,
              "For as long as the disk takes; what is in the page cache comes at once. Use"
                  + " `TPool.execute`."),
          new Row(
              FILES,
              "file streams",
              "`FileInputStream`, `FileOutputStream`, `FileReader`, `FileWriter`,"
                  + " `RandomAccessFile`",
              BLOCKS,
              "Named pipes and terminals block until somebody writes. Use `TPool.execute`."),
          new Row(
              FILES,
              "file channels",
              "`FileChannel`, `SeekableByteChannel`",
              BLOCKS,
              "Use `TPool.execute`."),
          new Row(
              FILES,
              "file locks",
              "`FileChannel.lock`",
              BLOCKS,
              "Until the other process gives the lock up. Use `tryLock`, or `TPool.execute`."),
          new Row(
              FILES,
              "mapped files",
              "`MappedByteBuffer`, `MemorySegment`: `force`, `load`, and every first touch of a"
                  + " page",
              BLOCKS,
              "For as long as the disk takes."),
          new Row(
              FILES, "archives", "`ZipFile`, `JarFile`", BLOCKS, "For as long as the disk takes."),
          new Row(
              FILES,
              "asynchronous files",
              "`AsynchronousFileChannel`: `Future.get`",
              POOLED,
              "Opening and `size` block, as for other files."),
          new Row(FILES, "watching", "`WatchService`, `WatchKey`", POOLED, ""),
          new Row(
              PROCESSES,
              "process start",
              "`ProcessBuilder.start`, `Runtime.exec`",
              BLOCKS,
              "Until the child runs its program. Use [`Subprocess`](processes.md); the"
                  + " [patcher](patcher.md) has libraries use it."),
          new Row(PROCESSES, "process end", "`Process.waitFor`, `onExit`", POOLED, ""),
          new Row(
              PROCESSES,
              "process table",
              "`ProcessHandle`: children, parents, `info`, `isAlive`",
              BLOCKS,
              "For as long as it takes to read `/proc`."),
          new Row(
              PROCESSES,
              "console",
              "`System.in`, `Console`, `IO`; `System.out` while whoever reads it does not",
              BLOCKS,
              "Use [`Os.standardInput()`](processes.md); the [patcher](patcher.md) has libraries"
                  + " read `System.in` by `TPool`. The streams of a `Process` are the same: use"
                  + " [`Subprocess`](processes.md)."),
          new Row(
              PROCESSES,
              "exit",
              "`System.exit`, `Runtime.exit`",
              BLOCKS,
              "It does not return, and waits for the hooks."),
          new Row(
              LIBRARIES,
              "naming",
              "`javax.naming`",
              PASSES_ON,
              "LDAP parks until the answer comes, DNS parks on our poller, the RMI registry as"
                  + " `rmi`."),
          new Row(LIBRARIES, "driver manager", "`DriverManager`", PASSES_ON, "As the driver."),
          new Row(
              LIBRARIES,
              "jdbc",
              "`java.sql`, `javax.sql`: every method that throws `SQLException`",
              PASSES_ON,
              "As the driver: one in Java parks on our poller, one in native code blocks."),
          new Row(
              LIBRARIES,
              "rmi",
              "`java.rmi`: `Naming`, `Registry`, calls of stubs",
              POLLS,
              "Calls that come in run in threads of RMI's own."),
          new Row(
              LIBRARIES,
              "logging",
              "`Logger`, handlers",
              PASSES_ON,
              "`SocketHandler` parks on our poller; `ConsoleHandler` and `FileHandler` block as"
                  + " their stream does."),
          new Row(
              RUNTIME,
              "classes",
              "loading classes, resources, services, native libraries; initialising a class",
              BLOCKS,
              "While files are read. A green thread that waits inside of a static initialiser, or"
                  + " for one that another thread runs, holds its carrier (until JDK 26)."),
          new Row(
              RUNTIME,
              "security",
              "algorithms, providers, `SecureRandom`",
              BLOCKS,
              "At the first use, while files are read."),
          new Row(
              RUNTIME,
              "locales",
              "locales, time zones, character sets, formats",
              BLOCKS,
              "At the first use, while files are read."),
          new Row(RUNTIME, "moments", "locks that the JDK takes inside for a moment", PARKS, ""),
          new Row(
              RUNTIME,
              "native frames",
              "downcalls through `Linker`, and waiting inside of an upcall",
              BLOCKS,
              "The frame of the native function cannot be unmounted. Use `TPool.execute`."),
          new Row(
              RUNTIME,
              "computes",
              "what only has the name, or the exception, of something that waits",
              RETURNS,
              ""));

  private Rows() {}
}
