package net.eventlet.examples;

import static net.eventlet.examples.TlsKeys.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsEchoTest {

  @TempDir private Path folder;

  @Test
  void aLineComesBackToWhomeverTrustsTheServer() throws Exception {
    var keys = TlsKeys.make(folder);
    try (var server = Program.start(TlsEcho.class, "0", keys.toString(), PASSWORD)) {
      var port = Integer.toString(server.port());

      var said = Program.output(TlsAsk.class, "localhost", port, TlsKeys.trusted(keys), "question");

      assertEquals(List.of("question"), said);
    }
  }
}
