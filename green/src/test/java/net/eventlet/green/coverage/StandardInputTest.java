package net.eventlet.green.coverage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// As [ProbesTest], for what is there once in a process.
class StandardInputTest {

  @Test
  void readingItHoldsTheHub() throws Exception {
    var child = start(ReadsStandardInput.class);
    try (var out = child.inputReader();
        var in = child.outputWriter()) {
      assertEquals("waiting", out.readLine());
      Thread.sleep(Probe.TIME);
      in.write('\n');
      in.flush();

      var waitedMillis = Long.parseLong(out.readLine());
      var ticks = Integer.parseInt(out.readLine());

      assertTrue(waitedMillis > 100, () -> "it did not wait: " + waitedMillis + " ms");
      assertTrue(ticks <= 2, () -> "it cooperates by now: " + ticks + " ticks");
    } finally {
      child.destroyForcibly();
    }
  }

  private static Process start(Class<?> program) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(System.getProperty("eventlet.flags", "").strip().split("\\s+")));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
