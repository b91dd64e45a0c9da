package stranger.libraries;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.net.ftp.FTPClient;

/// Retrieves a file, with Apache Commons Net.
public final class FtpOperation implements Operation {

  private int port;

  @Override
  public void open(int serverPort, int most) {
    port = serverPort;
  }

  @Override
  public String once(int number) throws Exception {
    var client = new FTPClient();
    client.connect("127.0.0.1", port);
    try {
      client.enterLocalPassiveMode();
      client.login("anonymous", "me@example.com");
      var file = new ByteArrayOutputStream();
      client.retrieveFile("greeting.txt", file);
      return file.toString(StandardCharsets.US_ASCII);
    } finally {
      client.disconnect();
    }
  }

  @Override
  public void close() {}
}
