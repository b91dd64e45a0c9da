package stranger.libraries;

import redis.clients.jedis.Jedis;

/// Keeps a value in Redis and gets it back, with Jedis, each time on a new connection.
public final class JedisOperation implements Operation {

  private int port;

  @Override
  public void open(int serverPort, int most) {
    port = serverPort;
  }

  @Override
  public String once(int number) {
    try (var redis = new Jedis("127.0.0.1", port)) {
      redis.set("key-" + number, "value " + number);
      return redis.get("key-" + number);
    }
  }

  @Override
  public void close() {}
}
