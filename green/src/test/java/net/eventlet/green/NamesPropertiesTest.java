package net.eventlet.green;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.eventlet.Eventlet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the JDK's own properties say of names holds on a hub as well: each test is a JVM of its
/// own, since the JDK reads them once.
class NamesPropertiesTest {

  @TempDir private Path folder;

  @Test
  void theHostsFileOfThePropertyIsTheOnlySource() throws Exception {
    var hosts = hosts();

    assertEquals(
        List.of("[both.test/10.0.0.1, both.test/fd00:0:0:0:0:0:0:1]", "unknown"),
        output(List.of("-Djdk.net.hosts.file=" + hosts), "both.test", "localhost.invalid"));
  }

  @Test
  void theOtherVersionOfIpComesFirstIfThePropertySaysSo() throws Exception {
    assertEquals(
        List.of("[both.test/fd00:0:0:0:0:0:0:1, both.test/10.0.0.1]"),
        output(
            List.of("-Djdk.net.hosts.file=" + hosts(), "-Djava.net.preferIPv6Addresses=true"),
            "both.test"));
  }

  @Test
  void onlyOneVersionOfIpIsLookedUpIfThePropertySaysSo() throws Exception {
    assertEquals(
        List.of("[both.test/10.0.0.1]"),
        output(
            List.of("-Djdk.net.hosts.file=" + hosts(), "-Djava.net.preferIPv4Stack=true"),
            "both.test"));
  }

  private Path hosts() throws IOException {
    return Files.writeString(folder.resolve("hosts"), "10.0.0.1 both.test\nfd00::1 both.test\n");
  }

  private static List<String> output(List<String> options, String... names) throws Exception {
    var command = new ArrayList<String>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of(System.getProperty("eventlet.flags").strip().split("\\s+")));
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Program.class.getName()));
    command.addAll(List.of(names));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var output = process.inputReader()) {
      return output.lines().toList();
    }
  }

  /// Prints the addresses of names, looked up on a hub.
  static final class Program {

    private Program() {}

    public static void main(String[] names) throws Exception {
      Eventlet.run(() -> {
        for (var name : names) {
          try {
            IO.println(Arrays.toString(InetAddress.getAllByName(name)));
          } catch (UnknownHostException e) {
            IO.println("unknown");
          }
        }
      });
    }
  }
}
