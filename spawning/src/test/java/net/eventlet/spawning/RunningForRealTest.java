package net.eventlet.spawning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What operators need: daemons, other users, `systemd`, Unix-domain sockets, limits.
@Timeout(180)
class RunningForRealTest {

  private static final String ECHO = "net.eventlet.spawning.TestApplications$Echo";

  @TempDir private Path folder;

  @Test
  void aDaemonReturnsOnceAChildServes() throws Exception {
    var pidFile = folder.resolve("spawn.pid");
    var log = folder.resolve("errors");
    try (var starter =
        Spawned.start(
            "--port=0",
            "--host=127.0.0.1",
            "--processes=1",
            "--daemonize",
            "--pidfile=" + pidFile,
            "--stderr=" + log,
            ECHO)) {

      assertEquals(0, starter.awaitEnd());
      try (var daemon = Daemonized.of(pidFile)) {
        assertTrue(starter.output().contains("serving, process " + daemon.pid()), starter.output());
        assertTrue(Files.readString(log).contains("1 of 1 do"));
        daemon.signal("TERM");
        daemon.awaitEnd();
      }
      assertFalse(Files.exists(pidFile));
    }
  }

  /// A daemon, of which nothing is left in the end, whatever became of the test.
  private record Daemonized(ProcessHandle process) implements AutoCloseable {

    static Daemonized of(Path pidFile) throws Exception {
      var pid = Long.parseLong(Files.readString(pidFile).strip());
      return new Daemonized(ProcessHandle.of(pid).orElseThrow());
    }

    long pid() {
      return process.pid();
    }

    void signal(String name) throws Exception {
      Spawned.kill(name, pid());
    }

    void awaitEnd() throws Exception {
      process.onExit().get(30, TimeUnit.SECONDS);
    }

    /// Waits until a text stands so often in its log.
    void await(Path log, String text, int count) throws Exception {
      var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (Files.readString(log).split(text, -1).length <= count) {
        assertTrue(process.isAlive() && System.nanoTime() < end, Files.readString(log));
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }

    @Override
    public void close() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  @Test
  void aDaemonHandsOverToANewControllerAsWell() throws Exception {
    var pidFile = folder.resolve("spawn.pid");
    var log = folder.resolve("log");
    try (var starter =
        Spawned.start(
            "--port=0",
            "--host=127.0.0.1",
            "--processes=1",
            "--daemonize",
            "--pidfile=" + pidFile,
            "--stdout=" + log,
            "--stderr=" + log,
            ECHO)) {
      assertEquals(0, starter.awaitEnd());
      try (var daemon = Daemonized.of(pidFile)) {
        var port =
            Files.readString(log)
                .replaceFirst("(?s).*starting up on http://127.0.0.1:(\\d+)/.*", "$1");

        daemon.signal("USR2");

        daemon.await(log, "has ended", 1);
        assertTrue(starter.get(Integer.parseInt(port), "/echo").contains("/echo"));
        daemon.signal("HUP");
        daemon.await(log, " of 1 do", 3); // each of three said so
        daemon.signal("TERM");
        daemon.awaitEnd();
      }
    }
  }

  @Test
  void aDaemonThatCannotServeFailsItsStarter() throws Exception {
    try (var starter =
        Spawned.start(
            "--port=0",
            "--host=127.0.0.1",
            "--daemonize",
            "--stderr=" + folder.resolve("errors"),
            "net.eventlet.spawning.TestApplications$Broken")) {

      assertEquals(1, starter.awaitEnd());
      assertTrue(Files.readString(folder.resolve("errors")).contains("no database here"));
    }
  }

  @Test
  void rootBindsAndThenIsSomebodyElse() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "only root can become another user");
    try (var spawned =
        Spawned.start(
            "--port=0", "--host=127.0.0.1", "--processes=1", "--chuid=nobody:nogroup", ECHO)) {
      spawned.awaitServing(1);

      for (var pid : List.of(spawned.pid(), spawned.children().getFirst())) {
        var status = Files.readString(Path.of("/proc/" + pid + "/status"));
        assertTrue(status.contains("Uid:\t65534\t65534\t65534\t65534"), status);
        assertTrue(status.contains("Gid:\t65534\t65534\t65534\t65534"), status);
      }
    }
  }

  @Test
  void systemdHandsTheSocketOverAndIsToldWhenAChildServes() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/python3")), "needs /usr/bin/python3, as systemd");
    var script = folder.resolve("systemd.py");
    Files.writeString(script, SYSTEMD);
    var command = new java.util.ArrayList<>(List.of("/usr/bin/python3", script.toString()));
    command.add(folder.resolve("notify").toString());
    command.addAll(Spawned.command("--processes=1", ECHO));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertEquals(0, process.waitFor(), output);
      assertTrue(output.contains("told READY=1"), output);
      assertTrue(output.contains("answered 200"), output);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static final String SYSTEMD =
      """
      import os, signal, socket, sys, urllib.request
      listener = socket.create_server(("127.0.0.1", 0))
      notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      notify.bind(sys.argv[1])
      pid = os.fork()
      if pid == 0:
          if listener.fileno() != 3:
              os.dup2(listener.fileno(), 3)
          os.set_inheritable(3, True)
          os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1", NOTIFY_SOCKET=sys.argv[1])
          os.execv(sys.argv[2], sys.argv[2:])
      notify.settimeout(60)
      print("told", notify.recv(100).decode())
      answer = urllib.request.urlopen("http://127.0.0.1:%d/x" % listener.getsockname()[1])
      print("answered", answer.status)
      os.kill(pid, signal.SIGTERM)
      sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
      """;

  @Test
  void itListensOnSeveralAddressesAndAPathOfTheFileSystem() throws Exception {
    var path = folder.resolve("socket");
    try (var spawned =
        Spawned.start(
            "--port=0",
            "--host=127.0.0.1",
            "--host=[::1]:0",
            "--host=unix:" + path,
            "--processes=1",
            ECHO)) {
      spawned.awaitServing(1);

      try (var client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        client.connect(UnixDomainSocketAddress.of(path));
        client.write(
            ByteBuffer.wrap(
                "GET /unix HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes()));
        var answer = new ByteArrayOutputStream();
        Channels.newInputStream(client).transferTo(answer);
        assertTrue(answer.toString().contains(" /unix "), answer.toString());
      }
      spawned.await("http://[0:0:0:0:0:0:0:1]:");
      spawned.signal("TERM");
      assertEquals(0, spawned.awaitEnd());
      assertFalse(Files.exists(path));
    }
  }

  @Test
  void aCertificateIsReadAnewByNewChildren() throws Exception {
    var chain = folder.resolve("chain.pem");
    makeCertificate(chain, "first.example");
    try (var spawned =
        Spawned.start(
            "--port=0", "--host=127.0.0.1", "--processes=1", "--certificate=" + chain, ECHO)) {
      spawned.awaitServing(1);
      assertEquals("CN=first.example", subjectOf(spawned.port()));

      makeCertificate(chain, "second.example");
      spawned.signal("HUP");
      spawned.awaitServing(2);
      spawned.await("has ended");

      assertEquals("CN=second.example", subjectOf(spawned.port()));
    }
  }

  /// Writes a chain and its key to one file.
  private void makeCertificate(Path file, String name) throws Exception {
    var store = folder.resolve(name + ".p12");
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    run(
        keytool,
        "-genkeypair",
        "-keyalg",
        "EC",
        "-storetype",
        "PKCS12",
        "-keystore",
        store.toString(),
        "-storepass",
        "secret",
        "-alias",
        "it",
        "-dname",
        "CN=" + name);
    var keys = KeyStore.getInstance(store.toFile(), "secret".toCharArray());
    var key = keys.getKey("it", "secret".toCharArray());
    var text = Base64.getMimeEncoder();
    Files.writeString(
        file,
        "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
                .formatted(text.encodeToString(keys.getCertificate("it").getEncoded()))
            + "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
                .formatted(text.encodeToString(key.getEncoded())));
  }

  private static void run(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  private static String subjectOf(int port) throws Exception {
    var trusting =
        new X509TrustManager() {
          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type) {}

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type) {}

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        };
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {trusting}, null);
    try (var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      var chain = socket.getSession().getPeerCertificates();
      return ((X509Certificate) chain[0]).getSubjectX500Principal().getName();
    }
  }

  @Test
  void aChildThatHoldsTooMuchIsReplaced() throws Exception {
    try (var spawned =
        Spawned.start(
            "--port=0",
            "--host=127.0.0.1",
            "--processes=1",
            "--max-child-memory=200M",
            "--java-option=-Xmx1g",
            ECHO)) {
      spawned.awaitServing(1);

      spawned.get(spawned.port(), "/eat?250");

      spawned.await("is replaced: it holds");
      spawned.awaitServing(2);
      spawned.await("has ended");
    }
  }

  @Test
  void theLargestChildIsReplacedWhenAllHoldTooMuch() throws Exception {
    try (var spawned =
        Spawned.start(
            "--port=0",
            "--host=127.0.0.1",
            "--processes=2",
            "--max-memory=350M",
            "--java-option=-Xmx1g",
            ECHO)) {
      spawned.awaitServing(2);

      var eater = spawned.get(spawned.port(), "/eat?300").split(" ", 2)[0];

      var line = spawned.await("is replaced: all hold");
      assertTrue(line.contains("child " + eater + " "), line + ", and not " + eater);
      assertTrue(line.contains("more than 350M"), line);
      spawned.awaitServing(3);
      spawned.await("child " + eater + " has ended");
    }
  }

  @Test
  void aChildThatDoesNotServeInTimeIsKilled() throws Exception {
    try (var spawned =
        Spawned.start(
            "--port=0",
            "--host=127.0.0.1",
            "--processes=1",
            "--start-timeout=2s",
            "--java-option=-Dgate=" + folder.resolve("never"),
            "net.eventlet.spawning.TestApplications$Gated")) {

      spawned.await("does not serve after 2s, and is killed");
      spawned.await("died at once, by signal 9; the next one starts in 125 ms");
    }
  }

  @Test
  void aFileThatIsWatchedReplacesTheChildren() throws Exception {
    var file = Files.createFile(folder.resolve("settings"));
    try (var spawned =
        Spawned.start("--port=0", "--host=127.0.0.1", "--processes=1", "--watch=" + file, ECHO)) {
      spawned.awaitServing(1);

      Files.writeString(file, "changed");

      spawned.await("replacing all children: " + file + " changed");
      spawned.awaitServing(2);
      spawned.await("has ended");
    }
  }

  @Test
  void aChildThatIsOldIsReplaced() throws Exception {
    try (var spawned =
        Spawned.start("--port=0", "--host=127.0.0.1", "--processes=1", "--max-age=2s", ECHO)) {

      spawned.await("is replaced: it is");
      spawned.awaitServing(2);
    }
  }

  @Test
  void aChildThatDoesNotDrainIsKilled() throws Exception {
    try (var spawned =
        Spawned.start("--port=0", "--host=127.0.0.1", "--processes=1", "--deadman=1s", ECHO)) {
      spawned.awaitServing(1);
      var port = spawned.port();
      var child = spawned.children().getFirst();
      Spawned.kill("STOP", child);

      spawned.signal("HUP");

      spawned.await("has not drained, and is killed");
      spawned.await("has ended with status 137");
      assertTrue(spawned.get(port, "/echo").contains("/echo"));
    }
  }

  @Test
  void handlersMayRunInAPoolOfThreads() throws Exception {
    try (var spawned =
        Spawned.start(
            "--port=0",
            "--host=127.0.0.1",
            "--processes=1",
            "--threads=2",
            "net.eventlet.spawning.TestApplications::threadName")) {
      spawned.awaitServing(1);

      var name = spawned.get(spawned.port(), "/");

      assertTrue(name.startsWith("tpool-"), name);
    }
  }

  @Test
  void aFactoryOfTheUsersMakesTheApplication() throws Exception {
    try (var spawned =
        Spawned.start(
            "--port=0",
            "--host=127.0.0.1",
            "--processes=1",
            "--factory=net.eventlet.spawning.TestApplications$OwnFactory",
            "one",
            "two")) {
      spawned.awaitServing(1);

      assertEquals("made of [one, two]", spawned.get(spawned.port(), "/"));
    }
  }

  @Test
  void aNewVersionThatDoesNotStartLeavesTheControllerAsItIs() throws Exception {
    var launcher = folder.resolve("broken");
    Files.writeString(launcher, "#!/bin/sh\necho it is broken\nexit 3\n");
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
    try (var spawned =
        Spawned.start(
            java.util.Map.of("JAVA_TOOL_OPTIONS", "-Deventlet.launcher=" + launcher),
            "--port=0",
            "--host=127.0.0.1",
            "--processes=1",
            ECHO)) {
      spawned.awaitServing(1);
      var children = spawned.children();

      spawned.signal("USR2");

      spawned.await("the new version does not start: it is broken");
      assertEquals(children, spawned.children());
      assertTrue(spawned.get(spawned.port(), "/echo").contains("/echo"));
    }
  }
}
