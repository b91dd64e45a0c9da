package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Pages say what is there: each fenced Java program is part of an example, which a comment above
/// it names, and each link leads somewhere.
///
/// ````
/// <!-- examples/src/main/java/net/eventlet/examples/EchoServer.java -->
/// ```java
/// …
/// ```
/// ````
class PagesTest {

  private static final Path ROOT = Path.of(".."); // tests run in their module's folder
  private static final Pattern PROGRAM =
      Pattern.compile(
          "^(?:<!-- (\\S+) -->\\R)?```java\\R(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)[^):]*\\)");
  private static final Path PATTERNS = Path.of("docs/patterns.md");

  static Stream<Path> pages() throws IOException {
    try (var top = Files.list(ROOT);
        var docs = Files.walk(ROOT.resolve("docs"));
        var decisions = Files.list(ROOT.resolve("adr"))) {
      return Stream.of(top, docs, decisions)
          .flatMap(files -> files)
          .filter(file -> file.toString().endsWith(".md"))
          .map(ROOT::relativize)
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyProgramIsPartOfAnExample(Path page) throws IOException {
    for (var program : matches(PROGRAM, page)) {
      var example = program.group(1);

      assertTrue(example != null, () -> "which example is this?\n" + program.group());
      assertTrue(
          contains(Files.readAllLines(ROOT.resolve(example)), program.group(2).lines().toList()),
          () -> "not in " + example + ":\n" + program.group(2));
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyLinkLeadsSomewhere(Path page) throws IOException {
    for (var link : matches(LINK, page)) {
      var target = ROOT.resolve(page).resolveSibling(link.group(1));

      assertTrue(Files.exists(target), () -> page + " links to " + link.group(1));
    }
  }

  @Test
  void everyExampleIsAmongThePatternsAndHasATest() throws IOException {
    var patterns = Files.readString(ROOT.resolve(PATTERNS));
    try (var files = Files.list(Path.of("src/main/java/net/eventlet/examples"))) {
      var forgotten =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".java"))
              .map(name -> name.replace(".java", ""))
              .filter(name -> !name.equals("package-info"))
              .filter(name -> !patterns.contains("/" + name + ".java)") || !hasTest(name))
              .toList();

      assertEquals(List.of(), forgotten);
    }
  }

  private static boolean hasTest(String name) {
    return Files.exists(Path.of("src/test/java/net/eventlet/examples", name + "Test.java"));
  }

  private static List<MatchResult> matches(Pattern pattern, Path page) throws IOException {
    return pattern.matcher(Files.readString(ROOT.resolve(page))).results().toList();
  }

  /// {@return whether some lines are a part of others, all indented alike}
  private static boolean contains(List<String> all, List<String> part) {
    for (var start = 0; start + part.size() <= all.size(); start++) {
      var candidate = String.join("\n", all.subList(start, start + part.size()));
      if (candidate.stripIndent().stripTrailing().equals(String.join("\n", part))) {
        return true;
      }
    }
    return false;
  }
}
