package net.eventlet.examples;

import static net.eventlet.examples.TlsKeys.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsAskTest {

  @TempDir private Path folder;

  @Test
  void aServerThatTheSystemDoesNotTrustIsRefused() throws Exception {
    try (var server =
        Program.start(TlsEcho.class, "0", TlsKeys.make(folder).toString(), PASSWORD)) {
      var port = Integer.toString(server.port());

      var said = String.join(" ", Program.output(TlsAsk.class, "localhost", port));

      assertTrue(said.contains("SSLHandshakeException"), said);
    }
  }
}
