package stranger.libraries;

import com.rometools.rome.io.SyndFeedInput;
import com.rometools.rome.io.XmlReader;
import java.net.URI;

/// Fetches a feed and parses it, with ROME.
public final class RomeOperation implements Operation {

  private int port;

  @Override
  public void open(int serverPort, int most) {
    port = serverPort;
  }

  @Override
  public String once(int number) throws Exception {
    var address = URI.create("http://127.0.0.1:" + port + "/" + number).toURL();
    try (var reader = new XmlReader(address.openStream())) {
      return new SyndFeedInput().build(reader).getTitle();
    }
  }

  @Override
  public void close() {}
}
