package net.eventlet.examples;

import static net.eventlet.Eventlet.listen;
import static net.eventlet.Eventlet.serve;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import net.eventlet.green.GreenSsl;
import net.eventlet.green.Identities;
import net.eventlet.green.Identity;

/// Sends back what clients say, encrypted.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/TlsEcho.java 6001 keys.p12
/// password`, with a key from `keytool -genkeypair -keyalg EC -dname CN=localhost -ext
/// san=dns:localhost -keystore keys.p12 -storepass password`; talk to it with `openssl s_client
/// -connect localhost:6001`.
public final class TlsEcho {

  public static void main(String[] arguments) throws Exception {
    var keys = Identity.keyStore(Path.of(arguments[1]), arguments[2].toCharArray());
    var context = GreenSsl.context(new Identities(keys));
    try (var listener = listen(new InetSocketAddress(Integer.parseInt(arguments[0])))) {
      IO.println("listening on port " + listener.getLocalPort());
      serve(
          listener,
          client -> {
            try (var connection = GreenSsl.wrapAccepted(client, context)) {
              connection.getInputStream().transferTo(connection.getOutputStream());
            }
          });
    }
  }
}
