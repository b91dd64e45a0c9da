package net.eventlet.examples;

import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import net.eventlet.GreenPool;

/// Reads feeds, RSS or Atom, ten at once, and prints the title of each and of what is in it. It is
/// the JDK that speaks HTTP here; its sockets wait on the hub.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/FeedReader.java URL...`
///
/// Source: `examples/feedscraper.py`.
public final class FeedReader {

  public static void main(String... feeds) {
    try (var pool = new GreenPool(10);
        var all = pool.imap(FeedReader::titles, List.of(feeds))) {
      for (var titles : all) {
        IO.println(String.join("\n  ", titles));
      }
    }
  }

  private static List<String> titles(String feed) {
    try {
      var connection = URI.create(feed).toURL().openConnection();
      connection.setConnectTimeout(5000);
      connection.setReadTimeout(5000);
      var parsers = DocumentBuilderFactory.newNSInstance();
      parsers.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      try (var body = connection.getInputStream()) {
        var titles = parsers.newDocumentBuilder().parse(body).getElementsByTagNameNS("*", "title");
        return IntStream.range(0, titles.getLength())
            .mapToObj(i -> titles.item(i).getTextContent().strip())
            .toList();
      }
    } catch (Exception failure) { // this feed's, and no other's
      return List.of(feed, failure.toString());
    }
  }
}
