package net.eventlet.green.coverage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// The pages show the tables as they are; `make pages` writes them anew.
class GreenPagesTest {

  private static final Path ROOT = Path.of(".."); // tests run in their module's folder
  private static final Path SUMMARY = ROOT.resolve("docs/green.md");
  private static final Path LISTING = ROOT.resolve("docs/green-calls.md");
  private static final List<Counterpart> COUNTERPARTS = Counterparts.ALL;

  private final GreenPages pages = new GreenPages(WaitingCalls.all(), new Groups("calls.txt"));

  @Test
  void thePageShowsTheTables() throws IOException {
    check(SUMMARY, pages.summary(Files.readString(SUMMARY)));
  }

  @Test
  void theListingShowsEveryCall() throws IOException {
    check(LISTING, pages.listing());
  }

  @ParameterizedTest
  @FieldSource("COUNTERPARTS")
  void whatACounterpartNamesIsThere(Counterpart row) throws IOException {
    for (var type : row.classes()) {
      assertTrue(exists(type, "src/main/java"), () -> "no class " + type);
    }
    for (var test : row.tests()) {
      assertTrue(exists(test, "src/test/java"), () -> "no test " + test);
    }
    assertTrue(Files.exists(ROOT.resolve("docs").resolve(row.page().replaceAll("#.*", ""))));
    assertTrue(!row.tests().isEmpty(), "a row without a test");
  }

  @Test
  void everyModuleOfEventletsIsThere() {
    var named = String.join(" ", Counterparts.ALL.stream().map(Counterpart::eventlet).toList());

    assertEquals(
        List.of(), EVENTLET.stream().filter(name -> !named.contains("`" + name + "`")).toList());
  }

  /// Those of `eventlet.green`, of its oldest and its newest release, and what stands beside them.
  private static final List<String> EVENTLET =
      List.of(
          "asynchat",
          "asyncore",
          "BaseHTTPServer",
          "CGIHTTPServer",
          "MySQLdb",
          "OpenSSL",
          "Queue",
          "SimpleHTTPServer",
          "SocketServer",
          "builtin",
          "ftplib",
          "http",
          "httplib",
          "os",
          "profile",
          "psycopg2",
          "select",
          "selectors",
          "socket",
          "ssl",
          "subprocess",
          "thread",
          "threading",
          "time",
          "urllib",
          "urllib2",
          "zmq",
          "GreenPipe",
          "greendns",
          "monkey_patch",
          "is_monkey_patched",
          "import_patched",
          "inject",
          "patch_function",
          "original",
          "slurp_properties");

  private static void check(Path page, String expected) throws IOException {
    if ("write".equals(System.getProperty("green.pages"))) {
      Files.writeString(page, expected);
    }
    assertEquals(expected, Files.readString(page), page + " is out of date: run `make pages`");
  }

  private static boolean exists(String name, String folder) throws IOException {
    var colon = name.indexOf(':');
    var root = ROOT.resolve(name.substring(0, colon)).resolve(folder);
    var file = Path.of(name.substring(colon + 1) + ".java");
    try (Stream<Path> files = Files.walk(root)) {
      return files.anyMatch(candidate -> candidate.endsWith(file));
    }
  }
}
