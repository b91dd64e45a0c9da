package net.eventlet.green.coverage;

import static java.net.InetAddress.getLoopbackAddress;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static net.eventlet.green.coverage.Behaviour.PARKS;
import static net.eventlet.green.coverage.Behaviour.POLLS;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.ObjectInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.DatagramSocket;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.util.Hashtable;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import java.util.logging.SocketHandler;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.directory.InitialDirContext;

/// Waits of what is built on sockets and streams.
final class LibraryProbes {

  private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n";
  private static final byte[] MANY = new byte[8_000_000]; // more than the kernel buffers

  static final List<Probe> ALL =
      List.of(
          new Probe(
              "urls",
              "URL.openStream",
              POLLS,
              wait -> {
                try (var server = new SlowServer()) {
                  wait.begin(() -> server.say(ANSWER + "body"));
                  server.url().toURL().openStream().readAllBytes();
                }
              }),
          new Probe(
              "urls",
              "HttpURLConnection.getResponseCode",
              POLLS,
              wait -> {
                try (var server = new SlowServer()) {
                  var connection = (HttpURLConnection) server.url().toURL().openConnection();
                  wait.begin(() -> server.say(ANSWER + "body"));
                  connection.getResponseCode();
                  connection.disconnect();
                }
              }),
          new Probe(
              "http client",
              "HttpClient.send",
              PARKS,
              wait -> {
                try (var server = new SlowServer();
                    var client = HttpClient.newHttpClient()) {
                  wait.begin(() -> server.say(ANSWER + "body"));
                  client.send(
                      HttpRequest.newBuilder(server.url()).build(), BodyHandlers.ofString());
                }
              }),
          new Probe(
              "http client",
              "the body's stream",
              PARKS,
              wait -> {
                try (var server = new SlowServer(ANSWER);
                    var client = HttpClient.newHttpClient()) {
                  var request = HttpRequest.newBuilder(server.url()).build();
                  var body = client.send(request, BodyHandlers.ofInputStream()).body();
                  wait.begin(() -> server.say("body"));
                  body.readAllBytes();
                }
              }),
          new Probe(
              "http server",
              "HttpServer.stop",
              PARKS,
              wait -> {
                var over = new CountDownLatch(1);
                var inside = new CountDownLatch(1);
                var server = HttpServer.create(new InetSocketAddress(getLoopbackAddress(), 0), 0);
                server.createContext(
                    "/",
                    exchange -> {
                      inside.countDown();
                      Probe.await(over);
                      exchange.sendResponseHeaders(204, -1);
                      exchange.close();
                    });
                server.start();
                try (var client = new java.net.Socket()) {
                  client.connect(server.getAddress());
                  client
                      .getOutputStream()
                      .write("GET / HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(US_ASCII));
                  inside.await();
                  wait.begin(over::countDown);
                  server.stop(10);
                }
              }),
          new Probe(
              "streams",
              "BufferedReader.readLine from a socket",
              POLLS,
              wait -> {
                try (var pair = Sockets.connect()) {
                  var reader =
                      new BufferedReader(
                          new InputStreamReader(pair.near().getInputStream(), US_ASCII));
                  wait.begin(() -> pair.far().getOutputStream().write("line\n".getBytes(US_ASCII)));
                  reader.readLine();
                }
              }),
          new Probe(
              "streams",
              "Scanner.nextInt from a socket",
              POLLS,
              wait -> {
                try (var pair = Sockets.connect();
                    var scanner = new Scanner(pair.near().getInputStream(), US_ASCII)) {
                  wait.begin(() -> pair.far().getOutputStream().write("7\n".getBytes(US_ASCII)));
                  scanner.nextInt();
                }
              }),
          new Probe(
              "streams",
              "new ObjectInputStream of a socket",
              POLLS,
              wait -> {
                try (var pair = Sockets.connect()) {
                  wait.begin(() ->
                      pair.far()
                          .getOutputStream()
                          .write(new byte[] {(byte) 0xac, (byte) 0xed, 0, 5}));
                  new ObjectInputStream(pair.near().getInputStream()).close();
                }
              }),
          new Probe(
              "streams",
              "PrintStream.println into a socket",
              POLLS,
              wait -> {
                try (var pair = Sockets.connect();
                    var out = new PrintStream(pair.near().getOutputStream(), false, US_ASCII)) {
                  wait.begin(() -> pair.far().getInputStream().skipNBytes(MANY.length));
                  out.println(" ".repeat(MANY.length));
                  wait.end();
                }
              }),
          new Probe(
              "naming",
              "InitialDirContext of an LDAP server",
              PARKS,
              wait -> {
                try (var server = new SlowServer()) {
                  wait.begin(server::close);
                  assertThrows(
                      NamingException.class,
                      () ->
                          directory(
                              "com.sun.jndi.ldap.LdapCtxFactory",
                              "ldap://127.0.0.1:" + server.port()));
                }
              }),
          new Probe(
              "naming",
              "DirContext.getAttributes of a name server",
              POLLS,
              wait -> {
                try (var silent = new DatagramSocket(0, getLoopbackAddress())) {
                  var context =
                      directory(
                          "com.sun.jndi.dns.DnsContextFactory",
                          "dns://127.0.0.1:" + silent.getLocalPort());
                  wait.begin();
                  assertThrows(
                      NamingException.class, () -> context.getAttributes("nobody.invalid"));
                }
              }),
          new Probe(
              "rmi",
              "Registry.list",
              POLLS,
              wait -> {
                try (var server = new SlowServer()) {
                  var registry = LocateRegistry.getRegistry("127.0.0.1", server.port());
                  wait.begin(server::close);
                  assertThrows(RemoteException.class, registry::list);
                }
              }),
          new Probe(
              "logging",
              "SocketHandler.publish",
              POLLS,
              wait -> {
                try (var listener = new ServerSocket(0, 1, getLoopbackAddress())) {
                  var handler = new SocketHandler("127.0.0.1", listener.getLocalPort());
                  handler.setFormatter(new SimpleFormatter());
                  var far = listener.accept();
                  wait.begin(
                      () -> far.getInputStream().transferTo(OutputStream.nullOutputStream()));
                  handler.publish(new LogRecord(Level.INFO, " ".repeat(MANY.length)));
                  handler.close();
                  wait.end();
                }
              }));

  private LibraryProbes() {}

  private static InitialDirContext directory(String factory, String url) throws NamingException {
    var environment = new Hashtable<String, String>();
    environment.put(Context.INITIAL_CONTEXT_FACTORY, factory);
    environment.put(Context.PROVIDER_URL, url);
    environment.put("com.sun.jndi.dns.timeout.initial", Long.toString(Probe.TIME.toMillis()));
    environment.put("com.sun.jndi.dns.timeout.retries", "1");
    return new InitialDirContext(environment);
  }
}
