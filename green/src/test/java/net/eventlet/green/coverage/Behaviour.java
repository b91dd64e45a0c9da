package net.eventlet.green.coverage;

/// How a call behaves that a green thread makes.
enum Behaviour {
  /// The JDK yields the virtual thread, and the hub runs the others.
  PARKS("parks"),

  /// As [#PARKS], and the hub's poller tells when to go on.
  POLLS("parks on our poller"),

  /// A thread of the JDK's or ours waits, and the green thread parks meanwhile.
  POOLED("parks; another thread waits"),

  /// As the stream, driver or object does that somebody handed in.
  PASSES_ON("as what is under it"),

  /// Does not wait.
  RETURNS("does not wait"),

  /// Holds the carrier, and with it the hub.
  BLOCKS("**blocks**");

  private final String words;

  Behaviour(String words) {
    this.words = words;
  }

  /// {@return what the page says}
  String words() {
    return words;
  }
}
