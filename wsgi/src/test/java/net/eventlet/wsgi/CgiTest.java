package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Programs that answer requests.
@Timeout(60)
class CgiTest {

  @TempDir private Path folder;

  @Test
  void aProgramGetsTheRequestAndItsOutputIsTheAnswer() throws Exception {
    program(
        "tell",
        """
        echo "Content-Type: text/x-told"
        echo "X-More: yes"
        echo
        echo "$REQUEST_METHOD $SCRIPT_NAME $PATH_INFO $QUERY_STRING $HTTP_X_FIELD $CONTENT_LENGTH"
        cat
        """);

    var answer =
        ask(
            "POST /tell/a%20b?c=d HTTP/1.0\r\n"
                + "Host: x\r\n"
                + "X-Field: v\r\n"
                + "Content-Length: 4\r\n\r\n"
                + "body");

    assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
    assertTrue(answer.contains("content-type: text/x-told\r\n"), answer);
    assertTrue(answer.contains("x-more: yes\r\n"), answer);
    assertTrue(answer.contains("POST /tell /a b c=d v 4\nbody"), answer);
  }

  @ParameterizedTest
  @CsvSource({
    "Status: 404 Not Found, 404",
    "Location: http://elsewhere.example/, 302",
    "Content-Type: text/plain, 200",
    "X-Nothing: here, 502",
    "no colon, 502",
    "Status: many, 502",
    "Status: 99 Low, 502"
  })
  void theHeadSaysTheStatus(String line, int status) throws Exception {
    program("head", "echo '" + line + "'\necho\n");

    assertTrue(ask(get("/head")).startsWith("HTTP/1.1 " + status + " "));
  }

  @ParameterizedTest
  @CsvSource({"/", "/gone", "/../etc/passwd", "/.hidden", "/text", "/deeper/program"})
  void onlyExecutableFilesOfTheFolderAreRun(String path) throws Exception {
    program(".hidden", "echo Content-Type: text/plain\necho\n");
    Files.writeString(folder.resolve("text"), "text");
    Files.createDirectory(folder.resolve("deeper"));

    assertTrue(ask(get(path)).startsWith("HTTP/1.1 404 "));
  }

  @Test
  void theProxyFieldBecomesNoVariable() throws Exception {
    program("proxy", "echo Content-Type: text/plain\necho\necho \"[$HTTP_PROXY]\"\n");

    var answer = ask("GET /proxy HTTP/1.1\r\nHost: x\r\nProxy: http://evil.example\r\n\r\n");

    assertTrue(answer.contains("[]"), answer);
  }

  @Test
  void aProgramThatEndsWithoutAnAnswerIsA502() throws Exception {
    program("silent", "exit 1\n");

    assertTrue(ask(get("/silent")).startsWith("HTTP/1.1 502 "));
  }

  @Test
  void aProgramThatDoesNotAnswerInTimeIsEnded() throws Exception {
    program("slow", "echo $$ > pid\nexec sleep 1000\n");

    var answer =
        Raw.ask(new Cgi(folder, Duration.ofMillis(300)), ServerOptions.DEFAULT, get("/slow"));

    assertTrue(answer.startsWith("HTTP/1.1 504 "), answer);
    awaitEnd();
  }

  @Test
  void aProgramWhoseClientWentAwayIsEnded() throws Exception {
    program("endless", "echo $$ > pid\necho Content-Type: text/plain\necho\nexec yes\n");
    try (var server = Server.start(Raw.ANY, new Cgi(folder))) {
      try (var client = new Socket("localhost", server.port())) {
        Raw.send(client, get("/endless"));
        assertTrue(client.getInputStream().read() >= 0);
      }

      awaitEnd();
    }
  }

  private void awaitEnd() throws IOException {
    var pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
    while (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()) {
      Thread.onSpinWait();
    }
    assertFalse(Files.exists(Path.of("/proc/" + pid + "/exe")));
  }

  private void program(String name, String script) throws IOException {
    var file = folder.resolve(name);
    Files.write(file, ("#!/bin/sh\n" + script).getBytes(UTF_8));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    assertEquals(script, Files.readString(file).substring("#!/bin/sh\n".length()));
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  }

  private String ask(String request) throws IOException {
    return Raw.ask(new Cgi(folder), ServerOptions.DEFAULT, request);
  }
}
