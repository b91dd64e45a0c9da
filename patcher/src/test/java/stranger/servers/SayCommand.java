package stranger.servers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;

/// A command that waits, and says what it was told to.
final class SayCommand implements Command {

  private final String line;
  private OutputStream out;
  private ExitCallback exit;

  SayCommand(String line) {
    this.line = line;
  }

  @Override
  public void setInputStream(InputStream in) {}

  @Override
  public void setOutputStream(OutputStream stream) {
    out = stream;
  }

  @Override
  public void setErrorStream(OutputStream stream) {}

  @Override
  public void setExitCallback(ExitCallback callback) {
    exit = callback;
  }

  @Override
  public void start(ChannelSession channel, Environment environment) {
    Thread.ofVirtual().start(this::say);
  }

  private void say() {
    try {
      Thread.sleep(Servers.DELAY_MILLIS);
      out.write(line.substring("say ".length()).getBytes(UTF_8));
      out.flush();
      exit.onExit(0);
    } catch (IOException | InterruptedException e) {
      exit.onExit(1, e.toString());
    }
  }

  @Override
  public void destroy(ChannelSession channel) {}
}
