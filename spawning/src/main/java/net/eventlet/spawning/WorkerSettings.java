package net.eventlet.spawning;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a controller tells a child before anything else, a line each and an empty one behind.
///
/// @param factory a class; empty for [NamedFactory]
/// @param names of the application and its middleware
/// @param listeners how many sockets it inherits
/// @param hubs to accept on
/// @param threads of the pool that calls the application; 0 for green threads
/// @param keepAlive whether a connection may carry several requests
/// @param maxRequests after which it wants to be replaced; 0 for never
/// @param accessLog a file, or `-` for standard output
/// @param accessLogBytes after which the file is renamed; 0 for never
/// @param healthPath asked for before it is ready; empty for none
/// @param healthLimit longest time for that
/// @param certificate file of a chain; empty to speak no TLS
/// @param key file of its private key
record WorkerSettings(
    String factory,
    List<String> names,
    int listeners,
    int hubs,
    int threads,
    boolean keepAlive,
    long maxRequests,
    String accessLog,
    long accessLogBytes,
    String healthPath,
    Duration healthLimit,
    String certificate,
    String key) {

  /// {@return them as lines, which [#parse] understands, without the last one's end}
  String lines() {
    return String.join("\n", factory, Integer.toString(names.size()))
        + "\n"
        + String.join("\n", names)
        + "\n%d\n%d\n%d\n%b\n%d\n%s\n%d\n%s\n%d\n%s\n%s"
            .formatted(
                listeners,
                hubs,
                threads,
                keepAlive,
                maxRequests,
                accessLog,
                accessLogBytes,
                healthPath,
                healthLimit.toMillis(),
                certificate,
                key);
  }

  /// Reads what [#lines] wrote.
  ///
  /// @param line gives the next line each time
  static <X extends Exception> WorkerSettings parse(Line<X> line) throws X {
    var factory = line.next();
    var names = new ArrayList<String>();
    for (var count = Integer.parseInt(line.next()); count > 0; count--) {
      names.add(line.next());
    }
    return new WorkerSettings(
        factory,
        List.copyOf(names),
        Integer.parseInt(line.next()),
        Integer.parseInt(line.next()),
        Integer.parseInt(line.next()),
        Boolean.parseBoolean(line.next()),
        Long.parseLong(line.next()),
        line.next(),
        Long.parseLong(line.next()),
        line.next(),
        Duration.ofMillis(Long.parseLong(line.next())),
        line.next(),
        line.next());
  }

  /// Where lines come from.
  @FunctionalInterface
  interface Line<X extends Exception> {
    /// {@return the next one}
    String next() throws X;
  }
}
