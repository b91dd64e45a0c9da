package net.eventlet.spawning;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Clients that number their requests, and see that each is answered, and with its own number.
///
/// Half of them keep their connections, the others open one for each request. A kept one that the
/// server closed before any byte of an answer is opened again and the request repeated once, as RFC
/// 9112 section 9.3.1 has it; that is counted.
final class Checker implements AutoCloseable {

  private final int port;
  private final String path;
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong repeated = new AtomicLong();
  private final List<String> lost = java.util.Collections.synchronizedList(new ArrayList<>());
  private final ConcurrentHashMap<String, Boolean> processes = new ConcurrentHashMap<>();
  private final List<Thread> clients = new ArrayList<>();
  private volatile boolean stopping;

  Checker(int port, int clients) {
    this(port, clients, "/echo");
  }

  Checker(int port, int clients, String path) {
    this.port = port;
    this.path = path;
    for (var i = 0; i < clients; i++) {
      var keeps = i % 2 == 0;
      this.clients.add(Thread.ofVirtual().start(() -> ask(keeps)));
    }
  }

  private void ask(boolean keeps) {
    Connection kept = null;
    while (!stopping) {
      var number = numbers.incrementAndGet();
      try {
        if (kept == null) {
          kept = new Connection();
        }
        try {
          kept.ask(number, keeps);
        } catch (EOFException | SocketException gone) {
          if (kept.asked == 1 || kept.begun) {
            throw gone;
          }
          repeated.incrementAndGet();
          kept.close();
          kept = new Connection();
          kept.ask(number, keeps);
        }
        answered.incrementAndGet();
        if (!keeps || kept.ends) {
          kept.close();
          kept = null;
        }
      } catch (IOException e) {
        lost.add(number + ": " + e);
        kept = null;
      }
    }
    if (kept != null) {
      kept.close();
    }
  }

  private final class Connection {

    private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    private final BufferedReader reader =
        new BufferedReader(new InputStreamReader(socket.getInputStream()));
    private int asked;
    private boolean begun; // an answer to the last request
    private boolean ends;

    Connection() throws IOException {
      socket.setSoTimeout(20_000);
    }

    void ask(long number, boolean keep) throws IOException {
      asked++;
      begun = false;
      var request =
          "GET %s?%d HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
              .formatted(path, number, keep ? "" : "Connection: close\r\n");
      socket.getOutputStream().write(request.getBytes());
      var status = line();
      begun = true;
      var length = 0;
      for (var line = line(); !line.isEmpty(); line = line()) {
        if (line.startsWith("content-length: ")) {
          length = Integer.parseInt(line.substring(16));
        }
        ends |= line.equals("connection: close");
      }
      var body = new char[length];
      for (var at = 0; at < length; ) {
        var count = reader.read(body, at, length - at);
        if (count < 0) {
          throw new IOException("the answer ends early");
        }
        at += count;
      }
      var words = new String(body).split(" ");
      if (!status.startsWith("HTTP/1.1 200") || !words[2].equals(Long.toString(number))) {
        throw new IOException(status + " " + new String(body));
      }
      processes.put(words[0], true);
    }

    private String line() throws IOException {
      var line = reader.readLine();
      if (line == null) {
        throw new EOFException("closed");
      }
      return line;
    }

    void close() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  long answered() {
    return answered.get();
  }

  long repeated() {
    return repeated.get();
  }

  List<String> lost() {
    return List.copyOf(lost);
  }

  /// {@return how many processes answered}
  int processes() {
    return processes.size();
  }

  /// Waits until so many more were answered.
  void awaitMore(long count) throws InterruptedException {
    var wanted = answered.get() + count;
    while (answered.get() < wanted && lost.size() < 1000) {
      Thread.sleep(2);
    }
  }

  @Override
  public void close() {
    stopping = true;
    try {
      for (var client : clients) {
        client.join();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
