package stranger.libraries;

import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/// Fetches a page, with OkHttp, in the caller's thread.
public final class OkHttpOperation implements Operation {

  private int port;
  private OkHttpClient client;

  @Override
  public void open(int serverPort, int most) {
    port = serverPort;
    client =
        new OkHttpClient.Builder()
            .connectionPool(new ConnectionPool(most, 1, TimeUnit.MINUTES))
            .build();
  }

  @Override
  public String once(int number) throws Exception {
    var request = new Request.Builder().url("http://127.0.0.1:" + port + "/" + number).build();
    try (var response = client.newCall(request).execute()) {
      return Feed.title(response.body().string());
    }
  }

  @Override
  public void close() {
    client.connectionPool().evictAll();
  }
}
