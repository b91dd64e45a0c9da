package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupMessageTest {

  @Test
  void eachMemberHasItBeforeTheEnd() throws IOException {
    var members = new ArrayList<ServerSocket>();
    var arguments = new ArrayList<>(List.of("hello"));
    for (var i = 0; i < 20; i++) {
      members.add(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
      arguments.add("localhost:" + members.getLast().getLocalPort());
    }

    var printed = Program.output(GroupMessage.class, arguments.toArray(String[]::new));

    assertEquals(List.of("sent to 20 of 20"), printed);
    for (var member : members) {
      try (member;
          var connection = member.accept();
          var input = new BufferedReader(new InputStreamReader(connection.getInputStream()))) {
        assertEquals(List.of("hello"), input.lines().toList());
      }
    }
  }

  @Test
  void whoCannotHaveItIsNamed() throws IOException {
    var unused = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    var port = unused.getLocalPort();
    var absent = "localhost:" + port;
    unused.close();

    var printed = Program.output(GroupMessage.class, "hello", absent);

    assertEquals(
        List.of(absent + " Connection refused: localhost/127.0.0.1:" + port, "sent to 0 of 1"),
        printed);
  }
}
