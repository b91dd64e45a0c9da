package stranger.libraries;

/// What the web server answers.
final class Feed {

  private Feed() {}

  static String title(String feed) {
    return feed.substring(feed.indexOf("<title>") + "<title>".length(), feed.indexOf("</title>"));
  }
}
