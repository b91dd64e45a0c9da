package net.eventlet.green.coverage;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;

import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Writes what `docs/green.md` and `docs/green-calls.md` show of the tables.
final class GreenPages {

  private final WaitingCalls waiting;
  private final Groups calls;

  /// Will write about some calls.
  ///
  /// @param waiting those that may wait
  /// @param calls their groups
  GreenPages(WaitingCalls waiting, Groups calls) {
    this.waiting = waiting;
    this.calls = calls;
  }

  /// {@return `docs/green.md` with its tables as they are now}
  ///
  /// @param page as it is, whose text is kept
  String summary(String page) {
    return replaced(replaced(page, "calls", callTables()), "modules", moduleTable());
  }

  /// {@return `docs/green-calls.md`}
  String listing() {
    var text = new StringBuilder();
    text.append(
        """
        # Every call of the JDK that may wait

        Written by `make pages`, and checked by the tests, which find these methods in the class
        files of the JDK as [the page about the tables](green.md#how-the-tables-are-kept-true) says.
        Below each heading: how its calls behave on a hub, and which of them a test makes wait.

        """);
    text.append(
        "%d methods of %d classes, overloads counted once, in %d groups; the tests make %d calls wait.\n"
            .formatted(
                waiting.methods().stream().map(JdkMethods.Method::call).distinct().count(),
                waiting.methods().stream().map(JdkMethods.Method::owner).distinct().count(),
                Rows.ALL.size(),
                Probes.ALL.size()));
    for (var row : Rows.ALL) {
      text.append(
          "\n## %s\n\n%s: %s.".formatted(row.group(), row.calls(), row.behaviour().words()));
      if (!row.remark().isEmpty()) {
        text.append(" ").append(row.remark());
      }
      text.append("\n\n").append(probes(row)).append("\n");
      var methods = methodsOf(row);
      if (!methods.isEmpty()) {
        text.append("\n").append(methods);
      }
    }
    return text.toString();
  }

  private String callTables() {
    return Stream.of(Row.Kind.values())
        .map(kind ->
            "### %s\n\n| calls | on a hub | |\n|---|---|---|\n%s"
                .formatted(
                    kind.words(), lines(Rows.ALL, row -> row.kind() == kind, GreenPages::line)))
        .collect(joining("\n"));
  }

  private static String line(Row row) {
    return "| %s | [%s](green-calls.md#%s) | %s |"
        .formatted(
            row.calls(), row.behaviour().words(), row.group().replace(' ', '-'), row.remark());
  }

  private static String moduleTable() {
    return "| Eventlet | here | read | tests |\n|---|---|---|---|\n"
        + lines(Counterparts.ALL, _ -> true, GreenPages::line);
  }

  private static String line(Counterpart row) {
    return "| %s | %s | [%s](%s) | %s |"
        .formatted(
            row.eventlet(),
            row.here(),
            row.page().replaceAll("#.*|\\.md", ""),
            row.page(),
            row.tests().stream()
                .map(test -> "`" + test.substring(test.indexOf(':') + 1) + "`")
                .collect(joining(", ")));
  }

  private static <T> String lines(
      List<T> rows, Predicate<T> which, java.util.function.Function<T, String> line) {
    return rows.stream().filter(which).map(line).collect(joining("\n", "", "\n"));
  }

  private static String probes(Row row) {
    var probes =
        Probes.ALL.stream()
            .filter(probe -> probe.group().equals(row.group()))
            .map(probe -> probe + " (" + probe.behaviour().words() + ")")
            .collect(joining("; "));
    return probes.isEmpty()
        ? "Not made to wait: " + Probes.WITHOUT.get(row.group()) + "."
        : "Made to wait: " + probes + ".";
  }

  private String methodsOf(Row row) {
    return waiting.methods().stream()
        .filter(method -> calls.of(method).filter(row.group()::equals).isPresent())
        .collect(
            groupingBy(
                JdkMethods.Method::owner,
                TreeMap::new,
                mapping(JdkMethods.Method::name, toCollection(TreeSet::new))))
        .entrySet()
        .stream()
        .map(type -> "- `%s`: %s\n".formatted(type.getKey(), String.join(", ", type.getValue())))
        .collect(joining());
  }

  private static String replaced(String page, String section, String text) {
    return Pattern.compile(
            "(<!-- written by `make pages`: %s -->\n).*?(<!-- end -->)".formatted(section),
            Pattern.DOTALL)
        .matcher(page)
        .replaceFirst("$1\n" + Matcher.quoteReplacement(text) + "\n$2");
  }
}
