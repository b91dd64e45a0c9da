package net.eventlet.green;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.ftpserver.FtpServer;
import org.apache.ftpserver.FtpServerFactory;
import org.apache.ftpserver.ftplet.DefaultFtplet;
import org.apache.ftpserver.ftplet.FtpRequest;
import org.apache.ftpserver.ftplet.FtpSession;
import org.apache.ftpserver.ftplet.FtpletResult;
import org.apache.ftpserver.listener.Listener;
import org.apache.ftpserver.listener.ListenerFactory;
import org.apache.ftpserver.usermanager.impl.BaseUser;
import org.apache.ftpserver.usermanager.impl.WritePermission;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Apache Commons Net on green sockets, unchanged, against Apache's FTP server, which runs in
/// threads of its own.
class FtpTest {

  @TempDir private Path folder;

  private FtpServer server;
  private int port;

  /// Answers a request for a file late.
  private static final class Slow extends DefaultFtplet {

    @Override
    public FtpletResult onDownloadStart(FtpSession session, FtpRequest request) {
      try {
        Thread.sleep(200);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return FtpletResult.DEFAULT;
    }
  }

  @BeforeEach
  void serve() throws Exception {
    var listener = new ListenerFactory();
    listener.setPort(0);
    listener.setServerAddress("127.0.0.1");
    Listener listening = listener.createListener();
    var factory = new FtpServerFactory();
    factory.addListener("default", listening);
    factory.setFtplets(new HashMap<>(Map.of("slow", new Slow())));
    var user = new BaseUser();
    user.setName("test");
    user.setPassword("secret");
    user.setHomeDirectory(folder.toString());
    user.setAuthorities(List.of(new WritePermission()));
    factory.getUserManager().save(user);
    server = factory.createServer();
    server.start();
    port = listening.getPort();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  @Test
  void filesGoUpAndDownWhileTheHubGoesOn() throws Exception {
    var content = "grün ".repeat(50_000).getBytes(UTF_8);

    var got =
        Ticker.during(() -> {
          var client = connected();
          assertTrue(client.storeFile("up.bin", new ByteArrayInputStream(content)));
          var down = new ByteArrayOutputStream();
          assertTrue(client.retrieveFile("up.bin", down));
          assertEquals(1, client.listFiles().length);
          client.logout();
          client.disconnect();
          return down.toByteArray();
        });

    assertArrayEquals(content, got);
    assertArrayEquals(content, Files.readAllBytes(folder.resolve("up.bin")));
  }

  @Test
  void manyClientsWaitAtOnce() throws Exception {
    Files.writeString(folder.resolve("file"), "hello");
    var begun = System.nanoTime();
    run(() -> {
      var asking = IntStream.range(0, 8).mapToObj(_ -> spawn(this::download)).toList();
      for (var each : asking) {
        assertEquals("hello", each.await());
      }
    });
    var took = Duration.ofNanos(System.nanoTime() - begun);
    assertTrue(took.toMillis() < 8 * 200, "8 downloads, of 200 ms each, took " + took);
  }

  @Test
  void aServerThatStallsEndsWithinTheLimit() throws Exception {
    try (var stalled = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Ticker.during(() -> {
        var client = client();
        client.setConnectTimeout(200);
        var failure =
            assertThrows(
                IOException.class, () -> client.connect("127.0.0.1", stalled.getLocalPort()));
        assertInstanceOf(SocketTimeoutException.class, failure.getCause());
      });
    }
  }

  @Test
  void aWrongPasswordIsAnAnswer() throws Exception {
    run(() -> {
      var client = client();
      client.connect("127.0.0.1", port);

      assertFalse(client.login("test", "wrong"));
      client.disconnect();
    });
  }

  private String download() throws IOException {
    var client = connected();
    var down = new ByteArrayOutputStream();
    assertTrue(client.retrieveFile("file", down));
    client.disconnect();
    return down.toString(UTF_8);
  }

  private FTPClient connected() throws IOException {
    var client = client();
    client.connect("127.0.0.1", port);
    assertTrue(client.login("test", "secret"));
    client.enterLocalPassiveMode();
    client.setFileType(FTP.BINARY_FILE_TYPE);
    return client;
  }

  private static FTPClient client() {
    var client = new FTPClient();
    client.setSocketFactory(new GreenSocketFactory());
    return client;
  }
}
