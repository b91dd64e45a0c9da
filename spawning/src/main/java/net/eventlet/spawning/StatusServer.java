package net.eventlet.spawning;

import net.eventlet.wsgi.Application;
import net.eventlet.wsgi.Request;
import net.eventlet.wsgi.Response;

/// What `--status-port` serves: how the children are, for people, programs, Prometheus and
/// Kubernetes.
///
/// Source: `spawning/spawning_controller.py`, class `Controller`, `handle_status`; Kubernetes'
/// probes.
///
/// @param controller whom to ask
record StatusServer(Controller controller) implements Application {

  @Override
  public Response handle(Request request) throws Exception {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return Response.text("this page is only for reading\n").withStatus(405).with("allow", "GET");
    }
    return switch (request.path()) {
      case "/", "/status" -> Response.html(new StatusPage(Report.collect(controller)).html());
      case "/status.json" ->
          Response.bytes(
              "application/json",
              Report.collect(controller).json().getBytes(java.nio.charset.StandardCharsets.UTF_8));
      case "/metrics" ->
          Response.text(Report.collect(controller).prometheus())
              .with("content-type", "text/plain; version=0.0.4; charset=utf-8");
      case "/live" -> Response.text("alive\n");
      case "/ready" ->
          controller.ready()
              ? Response.text("ready\n")
              : Response.text("no child serves\n").withStatus(503);
      default ->
          Response.text("there are /status, /status.json, /metrics, /live and /ready\n")
              .withStatus(404);
    };
  }
}
