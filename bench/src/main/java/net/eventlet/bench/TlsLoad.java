package net.eventlet.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// What does TLS cost a server? The CPU time of the one thread that serves, in microseconds: a full
/// handshake, a mebibyte echoed, a line echoed.
///
/// The client is the JDK's `SSLSocket` on a thread of its own in the same process, so that it is
/// the same for all servers and nothing of it is counted. TLS 1.3, AES, keys on P-256; what is
/// echoed is read and written by 64 KiB.
///
/// Run: through [EventletTls] and [NettyTls].
final class TlsLoad {

  private static final char[] PASSWORD = "password".toCharArray();
  private static final int HANDSHAKES = 150;
  private static final int MEBIBYTES = 60;
  private static final int LINES = 6_000;
  private static final int LINE_BYTES = 32;
  private static final int CHUNK_BYTES = 64 * 1024;
  private static final int WARM_UP = 5;
  private static final int ROUNDS = 5;

  private final int port;
  private final long server; // thread that serves

  private TlsLoad(int port, long server) {
    this.port = port;
    this.server = server;
  }

  /// Something that a client does so many times.
  @FunctionalInterface
  private interface Work {

    void run(SSLContext context, int times) throws Exception;
  }

  /// {@return a context with a key of its own, made by the JDK's keytool, that trusts itself}
  ///
  /// @throws Exception if it cannot be made
  static SSLContext context() throws Exception {
    var file = Files.createTempDirectory("eventlet-tls").resolve("keys.p12");
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var made =
        new ProcessBuilder(
                keytool,
                "-genkeypair",
                "-alias",
                "key",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD))
            .inheritIO()
            .start()
            .waitFor();
    if (made != 0) {
      throw new IllegalStateException("keytool failed: " + made);
    }
    var keys = KeyStore.getInstance(file.toFile(), PASSWORD);
    Files.delete(file);
    Files.delete(file.getParent());
    var keyManagers = KeyManagerFactory.getInstance("PKIX");
    keyManagers.init(keys, PASSWORD);
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("key", keys.getCertificate("key"));
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  /// Puts a server to work, and prints what that cost it.
  ///
  /// @param port of a server that echoes
  /// @param server the id of the platform thread that serves
  /// @param context that trusts it
  /// @throws Exception if anything goes wrong
  static void report(int port, long server, SSLContext context) throws Exception {
    var load = new TlsLoad(port, server);
    load.report("tls-handshake", HANDSHAKES, context, load::shakeHands);
    load.report("tls-bulk", MEBIBYTES, context, load::echoBlocks);
    load.report("tls-line", LINES, context, load::echoLines);
  }

  private void report(String row, int times, SSLContext context, Work work) throws Exception {
    var micros = new double[ROUNDS];
    for (var round = -WARM_UP; round < ROUNDS; round++) {
      var before = ManagementFactory.getThreadMXBean().getThreadCpuTime(server);
      work.run(context, times);
      var spent = ManagementFactory.getThreadMXBean().getThreadCpuTime(server) - before;
      if (round >= 0) {
        micros[round] = (double) spent / TimeUnit.MICROSECONDS.toNanos(times);
      }
    }
    Arrays.sort(micros);
    System.out.printf(Locale.ROOT, "{\"row\":\"%s\",\"us\":%.2f}%n", row, micros[ROUNDS / 2]);
  }

  private void shakeHands(SSLContext context, int times) throws Exception {
    for (var i = 0; i < times; i++) {
      try (var client = connect(context)) {
        client.getSession().invalidate(); // the next handshake is a whole one too
        client.getOutputStream().write(1);
        client.getInputStream().read();
      }
    }
  }

  private void echoBlocks(SSLContext context, int mebibytes) throws Exception {
    try (var client = connect(context)) {
      var block = new byte[CHUNK_BYTES];
      var total = mebibytes * (long) (1 << 20);
      var writer = Thread.ofPlatform().start(() -> write(client, block, total));
      for (var left = total; left > 0; ) {
        left -= client.getInputStream().readNBytes(block, 0, block.length);
      }
      writer.join();
    }
  }

  private static void write(SSLSocket client, byte[] block, long total) {
    try {
      OutputStream output = client.getOutputStream();
      for (var left = total; left > 0; left -= block.length) {
        output.write(block);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void echoLines(SSLContext context, int times) throws Exception {
    try (var client = connect(context)) {
      var line = new byte[LINE_BYTES];
      for (var i = 0; i < times; i++) {
        client.getOutputStream().write(line);
        if (client.getInputStream().readNBytes(line, 0, LINE_BYTES) != LINE_BYTES) {
          throw new IllegalStateException("a line was cut short");
        }
      }
    }
  }

  private SSLSocket connect(SSLContext context) throws IOException {
    var client =
        (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    client.setTcpNoDelay(true);
    client.setEnabledProtocols(new String[] {"TLSv1.3"});
    return client;
  }
}
