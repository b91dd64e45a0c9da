package net.eventlet.green.coverage;

/// A row of the table of the JDK's calls.
///
/// @param kind the heading that it stands under
/// @param group of `calls.txt` or `barriers.txt`, which says exactly which calls
/// @param calls in short, as Markdown
/// @param behaviour on a hub
/// @param remark what else to know, as Markdown; empty if nothing
record Row(Kind kind, String group, String calls, Behaviour behaviour, String remark) {

  /// A heading of the page.
  enum Kind {
    THREADS("Threads, locks, queues, futures"),
    SOCKETS("Sockets and names"),
    HTTP("URLs and HTTP"),
    STREAMS("Streams"),
    FILES("Files"),
    PROCESSES("Processes, terminal, exit"),
    LIBRARIES("Naming, databases, remote calls, logs"),
    RUNTIME("The Java runtime itself");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /// {@return what the page says}
    String words() {
      return words;
    }
  }
}
