package stranger.libraries;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;

/// Runs a command on one of some hosts, with Apache MINA SSHD.
public final class SshOperation implements Operation {

  private static final int HOSTS = 20;
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private SshClient client;
  private List<ClientSession> hosts = new ArrayList<>();

  @Override
  public void open(int serverPort, int most) throws Exception {
    client = SshClient.setUpDefaultClient();
    client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
    client.start();
    for (var i = 0; i < HOSTS; i++) {
      var session = client.connect("me", "127.0.0.1", serverPort).verify(LIMIT).getSession();
      session.addPasswordIdentity("secret");
      session.auth().verify(LIMIT);
      hosts.add(session);
    }
  }

  @Override
  public String once(int number) throws Exception {
    return hosts.get(number % HOSTS).executeRemoteCommand("say " + number);
  }

  @Override
  public void close() throws Exception {
    client.stop();
  }
}
