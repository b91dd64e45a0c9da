package stranger.servers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import org.apache.ftpserver.ConnectionConfigFactory;
import org.apache.ftpserver.FtpServerFactory;
import org.apache.ftpserver.impl.DefaultFtpServer;
import org.apache.ftpserver.listener.ListenerFactory;
import org.apache.ftpserver.usermanager.impl.BaseUser;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.transport.Daemon;
import redis.embedded.RedisServer;

/// Servers for all libraries, each of which waits before it answers, in a process of their own.
///
/// Prints a name and a port for each, and `ready`; ends when its standard input does.
public final class Servers {

  static final long DELAY_MILLIS = 100;

  private static final String FEED =
      """
      <?xml version="1.0"?>
      <rss version="2.0"><channel><title>number %s</title><link>http://example.com</link>
      <description>one</description></channel></rss>
      """;

  private Servers() {}

  public static void main(String[] args) throws Exception {
    var folder = Path.of(args[0]);
    say("http", http());
    say("redis", DelayingProxy.inFrontOf(redis()));
    say("ftp", DelayingProxy.inFrontOf(ftp(folder)));
    say("smtp", DelayingProxy.inFrontOf(smtp()));
    say("ssh", ssh());
    say("git", DelayingProxy.inFrontOf(git(folder)));
    System.out.println("ready");
    while (System.in.read() >= 0) {}
    System.exit(0);
  }

  private static void say(String name, int port) {
    System.out.println(name + " " + port);
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static int http() throws IOException {
    var server = HttpServer.create(anyPort(), 1000);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", Servers::answer);
    server.start();
    return server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try {
      Thread.sleep(DELAY_MILLIS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    var number = exchange.getRequestURI().getPath().substring(1);
    var body = FEED.formatted(number).strip().getBytes(UTF_8);
    exchange.getResponseHeaders().add("content-type", "application/rss+xml");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static int redis() throws IOException {
    int port;
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    var server = RedisServer.newRedisServer().port(port).setting("bind 127.0.0.1").build();
    server.start();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              try {
                server.stop();
              } catch (IOException e) {
                System.err.println(e);
              }
            }));
    return port;
  }

  private static int ftp(Path folder) throws Exception {
    var home = Files.createDirectories(folder.resolve("ftp"));
    Files.writeString(home.resolve("greeting.txt"), "hello");
    var listener = new ListenerFactory();
    listener.setServerAddress("127.0.0.1");
    listener.setPort(0);
    var connections = new ConnectionConfigFactory();
    connections.setMaxLogins(500);
    connections.setMaxAnonymousLogins(500);
    connections.setMaxThreads(64);
    var user = new BaseUser();
    user.setName("anonymous");
    user.setHomeDirectory(home.toString());
    var factory = new FtpServerFactory();
    factory.addListener("default", listener.createListener());
    factory.setConnectionConfig(connections.createConnectionConfig());
    factory.getUserManager().save(user);
    var server = (DefaultFtpServer) factory.createServer();
    server.start();
    return server.getListener("default").getPort();
  }

  private static int smtp() {
    var server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    server.start();
    return server.getSmtp().getPort();
  }

  private static int ssh() throws IOException {
    var server = SshServer.setUpDefaultServer();
    server.setHost("127.0.0.1");
    server.setPort(0);
    server.setKeyPairProvider(new SimpleGeneratorHostKeyProvider());
    server.setPasswordAuthenticator((name, password, session) -> password.equals("secret"));
    server.setCommandFactory((channel, command) -> new SayCommand(command));
    server.start();
    return server.getPort();
  }

  private static int git(Path folder) throws Exception {
    try (var git = Git.init().setDirectory(folder.resolve("project").toFile()).call()) {
      Files.writeString(folder.resolve("project/README"), "hello");
      git.add().addFilepattern("README").call();
      git.commit().setMessage("The first commit").setSign(false).call();
      var daemon = new Daemon(anyPort());
      var repository = git.getRepository();
      daemon.setRepositoryResolver((client, name) -> {
        repository.incrementOpen();
        return repository;
      });
      daemon.start();
      return daemon.getAddress().getPort();
    }
  }
}
