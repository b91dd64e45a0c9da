package net.eventlet.wsgi.httpserver;

import com.sun.net.httpserver.HttpContext;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What a server serves, by path.
final class Contexts {

  private final ConcurrentHashMap<String, GreenContext> byPath = new ConcurrentHashMap<>();

  GreenContext add(GreenContext context) {
    if (byPath.putIfAbsent(context.getPath(), context) != null) {
      throw new IllegalArgumentException(
          "there is a context for " + context.getPath() + " already");
    }
    return context;
  }

  void remove(String path) {
    if (byPath.remove(path) == null) {
      throw new IllegalArgumentException("there is no context for " + path);
    }
  }

  void remove(HttpContext context) {
    if (!byPath.remove(context.getPath(), context)) {
      throw new IllegalArgumentException("this context for " + context.getPath() + " is not here");
    }
  }

  /// {@return the one whose path is the longest that a path begins with; null if there is none}
  @Nullable GreenContext find(String path) {
    for (var end = path.length(); end > 0; end--) {
      var found = byPath.get(path.substring(0, end));
      if (found != null) {
        return found;
      }
    }
    return null;
  }
}
