package net.eventlet.green.coverage;

/// Waits for standard input on a hub, and prints what happened meanwhile.
final class ReadsStandardInput {

  private ReadsStandardInput() {}

  /// Runs it.
  ///
  /// @throws Exception what the read throws
  public static void main(String[] arguments) throws Exception {
    var probe =
        new Probe(
            "console",
            "System.in.read",
            Behaviour.BLOCKS,
            wait -> {
              IO.println("waiting");
              wait.begin();
              var _ = System.in.read();
            });
    var seen = probe.run();
    IO.println(seen.waited().toMillis());
    IO.println(seen.ticks());
  }
}
