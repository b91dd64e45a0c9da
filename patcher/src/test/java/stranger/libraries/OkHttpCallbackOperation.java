package stranger.libraries;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/// Fetches a page, with OkHttp, in a thread of its pool, which calls back.
public final class OkHttpCallbackOperation implements Operation {

  private int port;
  private OkHttpClient client;

  @Override
  public void open(int serverPort, int most) {
    port = serverPort;
    var dispatcher = new Dispatcher();
    dispatcher.setMaxRequests(most);
    dispatcher.setMaxRequestsPerHost(most);
    client = new OkHttpClient.Builder().dispatcher(dispatcher).build();
  }

  @Override
  public String once(int number) throws Exception {
    var title = new CompletableFuture<String>();
    client
        .newCall(new Request.Builder().url("http://127.0.0.1:" + port + "/" + number).build())
        .enqueue(
            new Callback() {
              @Override
              public void onFailure(Call call, IOException failure) {
                title.completeExceptionally(failure);
              }

              @Override
              public void onResponse(Call call, Response response) throws IOException {
                title.complete(Feed.title(response.body().string()));
              }
            });
    return title.get();
  }

  @Override
  public void close() {
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
  }
}
