package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FeedReaderTest {

  private static final String RSS =
      """
      <rss version="2.0"><channel><title>News</title>
        <item><title>Rain &amp; wind</title></item>
        <item><title><![CDATA[ Sun ]]></title></item>
      </channel></rss>
      """;
  private static final String ATOM =
      """
      <?xml version="1.0" encoding="utf-8"?>
      <feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title>
        <entry><title>Über uns</title></entry>
      </feed>
      """;
  private static final String BOMB =
      "<!DOCTYPE rss [<!ENTITY a 'a'>]><rss><title>&a;</title></rss>";

  @Test
  void titlesComeInTheOrderOfTheArguments() throws IOException {
    try (var server = Pages.of(Map.of("/rss", RSS, "/atom", ATOM))) {
      var printed = Program.output(FeedReader.class, server.url("/rss"), server.url("/atom"));

      assertEquals(List.of("News", "  Rain & wind", "  Sun", "Blog", "  Über uns"), printed);
    }
  }

  @Test
  void whatIsNoFeedHarmsNoOther() throws IOException {
    try (var server = Pages.of(Map.of("/rss", RSS, "/bomb", BOMB))) {
      var absent = server.url("/none");

      var printed =
          Program.output(FeedReader.class, absent, server.url("/bomb"), server.url("/rss"));

      var kept = printed.stream().filter(line -> !line.contains("Fatal Error")).toList();
      assertEquals(
          List.of(absent, "  java.io.FileNotFoundException: " + absent, server.url("/bomb")),
          kept.subList(0, 3));
      assertEquals(List.of("News", "  Rain & wind", "  Sun"), kept.subList(4, kept.size()));
    }
  }
}
