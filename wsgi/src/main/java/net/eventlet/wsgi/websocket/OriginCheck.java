package net.eventlet.wsgi.websocket;

import java.net.URI;
import java.net.URISyntaxException;

/// Which pages may open WebSockets here. A browser says where a page came from; other clients need
/// not, and are not asked.
///
/// Source: RFC 6455 section 10.2; `eventlet/websocket.py`, `origin_checker`.
@FunctionalInterface
public interface OriginCheck {

  /// Pages that came from the host, and port, that they connect to.
  OriginCheck SAME_HOST = OriginCheck::isSame;

  /// Any page: one that the user's browser shows acts in the user's name then, cookies and all.
  OriginCheck ANY = (_, _) -> true;

  /// {@return whether a page may}
  ///
  /// @param host the `Host` of the request, such as `example.org:8080`
  /// @param origin the `Origin`, such as `http://example.org:8080`, or `null`
  boolean allows(String host, String origin);

  private static boolean isSame(String host, String origin) {
    try {
      var page = new URI(origin);
      if (page.getScheme() == null || page.getHost() == null) {
        return false;
      }
      var here = new URI(page.getScheme() + "://" + host);
      return page.getHost().equalsIgnoreCase(here.getHost()) && port(page) == port(here);
    } catch (URISyntaxException _) {
      return false;
    }
  }

  private static int port(URI page) {
    return page.getPort() >= 0 ? page.getPort() : page.getScheme().equals("https") ? 443 : 80;
  }
}
