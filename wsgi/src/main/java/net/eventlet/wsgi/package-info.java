/// A web server: strict HTTP/1.1, blocking style in the application, on green threads.
///
/// ```java
/// Wsgi.server(listen(new InetSocketAddress(8080)), _ -> Response.text("hello\n"));
/// ```
///
/// [net.eventlet.wsgi.Server] starts without blocking, and ends gracefully. Whatever lets a request
/// be smuggled, split or guessed is refused, and the connection closed; whatever a stranger can use
/// up has a bound in [net.eventlet.wsgi.ServerLimits].
@NullMarked
package net.eventlet.wsgi;

import org.jspecify.annotations.NullMarked;
