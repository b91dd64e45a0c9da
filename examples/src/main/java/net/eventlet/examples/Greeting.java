package net.eventlet.examples;

import net.eventlet.wsgi.Application;
import net.eventlet.wsgi.Request;
import net.eventlet.wsgi.Response;

/// An application for several processes.
///
/// Run: `bin/spawn --port=8090 examples/src/main/java/net/eventlet/examples/Greeting.java`
public final class Greeting implements Application {

  @Override
  public Response handle(Request request) {
    return Response.text("process %d greets you\n".formatted(ProcessHandle.current().pid()));
  }
}
