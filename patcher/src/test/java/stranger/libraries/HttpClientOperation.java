package stranger.libraries;

import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/// Fetches a page, with Apache HttpClient 5, the classic one.
public final class HttpClientOperation implements Operation {

  private int port;
  private CloseableHttpClient client;

  @Override
  public void open(int serverPort, int most) {
    port = serverPort;
    client =
        HttpClients.custom()
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setMaxConnTotal(most)
                    .setMaxConnPerRoute(most)
                    .build())
            .build();
  }

  @Override
  public String once(int number) throws Exception {
    return Feed.title(
        client.execute(
            new HttpGet("http://127.0.0.1:" + port + "/" + number),
            response -> EntityUtils.toString(response.getEntity())));
  }

  @Override
  public void close() throws Exception {
    client.close();
  }
}
