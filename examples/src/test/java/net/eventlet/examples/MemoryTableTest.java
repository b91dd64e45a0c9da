package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryTableTest {

  @Test
  void eachKindHasARowAndALine(@TempDir Path folder) throws Exception {
    var plot = folder.resolve("plot.svg");

    var printed = Program.output(MemoryTable.class, plot.toString(), "10", "50");

    assertEquals(
        List.of("10 green", "50 green", "10 platform", "50 platform", "10 process", "50 process"),
        printed.stream().map(line -> line.strip().replaceFirst("\\s{2,}.*", "")).toList());
    assertTrue(megabytes(printed.get(4)) < megabytes(printed.get(5)), printed::toString);
    var lines =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(plot.toFile())
            .getElementsByTagName("polyline");
    assertEquals(3, lines.getLength());
  }

  private static double megabytes(String row) {
    var words = row.split("\\s+");
    return Double.parseDouble(words[words.length - 2].replace(",", ""));
  }
}
