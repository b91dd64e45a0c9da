package net.eventlet.green;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.green.TlsPair.AUTHORITY;
import static net.eventlet.green.TlsPair.LOCALHOST;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import net.eventlet.GreenThread;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the factories make, beside the JDK's own TLS.
@Bounded
class GreenSslFactoriesTest {

  private final SSLContext clients = AUTHORITY.context();
  private final SSLContext servers = AUTHORITY.context(LOCALHOST);

  @ParameterizedTest(name = "client green: {0}, server green: {1}")
  @CsvSource({"true, true", "true, false", "false, true"})
  void eachSpeaksWithTheOther(boolean clientGreen, boolean serverGreen) throws Exception {
    run(() -> {
      try (var listener = servers(serverGreen).createServerSocket(0)) {
        var echo = spawn(() -> echo(listener));

        try (var client = clients(clientGreen).createSocket("localhost", listener.getLocalPort())) {
          client.getOutputStream().write("question\n".getBytes(UTF_8));

          assertEquals(
              "question",
              new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8)).readLine());
          client.shutdownOutput();
          assertEquals(-1, client.getInputStream().read());
        }
        echo.await();
      }
    });
  }

  @Test
  void theJdksHttpClientIsServed() throws Exception {
    run(() -> {
      try (var listener = servers(true).createServerSocket(0);
          var http = HttpClient.newBuilder().sslContext(clients).build()) {
        var server = spawn(() -> answer(listener));

        var answer =
            http.send(HttpRequest.newBuilder(uri(listener)).build(), BodyHandlers.ofString());

        assertEquals("hello", answer.body());
        server.await();
      }
    });
  }

  @Test
  void urlsAreOpenedThroughTheFactory() throws Exception {
    run(() -> {
      try (var listener = servers(true).createServerSocket(0)) {
        var server = spawn(() -> answer(listener));
        var connection = (HttpsURLConnection) uri(listener).toURL().openConnection();
        connection.setSSLSocketFactory(GreenSsl.socketFactory(clients, SslOptions.DEFAULT));

        var body = new String(connection.getInputStream().readAllBytes(), UTF_8);

        assertEquals("hello", body);
        server.await();
      }
    });
  }

  @Test
  void aStockSocketIsLayeredOver() throws Exception {
    run(() -> {
      try (var listener = servers(true).createServerSocket(0);
          var stock = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
        var server = echoing(listener);
        var factory = GreenSsl.socketFactory(clients, SslOptions.DEFAULT);

        try (var client = factory.createSocket(stock, "localhost", stock.getPort(), true)) {
          client.getOutputStream().write(7);
          assertEquals(7, client.getInputStream().read());
        }

        server.await();
        assertEquals(true, stock.isClosed());
      }
    });
  }

  // ------------------------------------------------------------------------------------- helpers

  private SocketFactory clients(boolean green) {
    return green ? GreenSsl.socketFactory(clients, SslOptions.DEFAULT) : clients.getSocketFactory();
  }

  private ServerSocketFactory servers(boolean green) {
    return green
        ? GreenSsl.serverSocketFactory(servers, SslOptions.DEFAULT)
        : servers.getServerSocketFactory();
  }

  private static GreenThread<Boolean> echoing(ServerSocket listener) {
    return spawn(() -> echo(listener));
  }

  private static boolean echo(ServerSocket listener) throws Exception {
    try (var connection = listener.accept()) {
      connection.getInputStream().transferTo(connection.getOutputStream());
    }
    return true;
  }

  private static boolean answer(ServerSocket listener) throws Exception {
    try (var connection = listener.accept()) {
      var reader = new BufferedReader(new InputStreamReader(connection.getInputStream(), UTF_8));
      for (var line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {}
      connection
          .getOutputStream()
          .write(
              "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello"
                  .getBytes(US_ASCII));
    }
    return true;
  }

  private static URI uri(ServerSocket listener) {
    return URI.create("https://localhost:" + listener.getLocalPort() + "/");
  }
}
