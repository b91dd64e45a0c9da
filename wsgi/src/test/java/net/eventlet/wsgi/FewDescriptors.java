package net.eventlet.wsgi;

/// Serves a greeting until it is ended, and says at which port.
final class FewDescriptors {

  private FewDescriptors() {}

  public static void main(String[] arguments) throws Exception {
    var server = Server.start(Raw.ANY, _ -> Response.text("hello"));
    System.out.println(server.port());
    server.join();
  }
}
