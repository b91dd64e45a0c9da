package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class WebSocketTalkTest {

  @Test
  void printsWhatItHears() throws Exception {
    try (var server = Program.start(WebSocketEcho.class, "0")) {
      var lines =
          Program.output(
              WebSocketTalk.class, "ws://localhost:" + server.port() + "/", "hello", "world");

      assertEquals(List.of("hello", "world"), lines);
    }
  }
}
