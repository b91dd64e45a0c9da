import org.jspecify.annotations.NullMarked;

/// The web server: strict HTTP/1.1 and WebSocket, on green threads.
@NullMarked
module net.eventlet.wsgi {
  requires static transitive org.jspecify;
  requires transitive net.eventlet.core;
  requires transitive net.eventlet.green;
  requires static transitive jdk.httpserver; // for net.eventlet.wsgi.httpserver alone

  exports net.eventlet.wsgi;
  exports net.eventlet.wsgi.httpserver;
  exports net.eventlet.wsgi.websocket;
}
