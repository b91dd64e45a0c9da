package net.eventlet.bench;

import net.eventlet.wsgi.Application;
import net.eventlet.wsgi.Request;
import net.eventlet.wsgi.Response;

/// The application that `bin/spawn` serves in [SpawnRows].
public final class Hello implements Application {

  /// As `spawn` wants it.
  public Hello() {}

  @Override
  public Response handle(Request request) {
    return Response.text("Hello, World!");
  }
}
