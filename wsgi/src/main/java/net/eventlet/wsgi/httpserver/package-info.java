/// The JDK's own `com.sun.net.httpserver` on green threads: programs written for it run as they
/// are.
///
/// ```sh
/// java -Dcom.sun.net.httpserver.HttpServerProvider=net.eventlet.wsgi.httpserver.GreenHttpServerProvider …
/// ```
///
/// Nothing changes by merely having this on the class path or the module path: the provider is not
/// registered as a service. Who wants it names it, as above, or makes it: `new
/// GreenHttpServerProvider().createHttpServer(address, 0)`.
///
/// What is different from the JDK's: each exchange runs in a green thread of its own, and the
/// executor that is set is kept, and not used; requests are parsed as strictly as
/// [net.eventlet.wsgi] does, within [net.eventlet.wsgi.ServerLimits#DEFAULT]; a handler that fails
/// before it has answered gets the client a 500, rather than a closed connection; an answer without
/// a `Content-Type` is `application/octet-stream`.
@NullMarked
package net.eventlet.wsgi.httpserver;

import org.jspecify.annotations.NullMarked;
