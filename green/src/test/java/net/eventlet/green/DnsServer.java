package net.eventlet.green;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// A name server on loopback, in a platform thread, that answers over UDP what a test tells it to.
final class DnsServer implements AutoCloseable {

  private final DatagramSocket socket;
  private final Queue<String> questions = new ConcurrentLinkedQueue<>();

  /// Starts one.
  ///
  /// @param late how long each answer takes, of many at once
  /// @param zone the answers to a question; an empty array for a name that does not exist, null for
  ///   no answer at all
  DnsServer(Duration late, Function<Record, Record[]> zone) throws IOException {
    socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("dns-server").start(() -> serve(late, zone));
  }

  int port() {
    return socket.getLocalPort();
  }

  /// {@return what was asked, such as `host.test. A`}
  Queue<String> questions() {
    return questions;
  }

  private void serve(Duration late, Function<Record, Record[]> zone) {
    var packet = new DatagramPacket(new byte[4096], 4096);
    while (!socket.isClosed()) {
      try {
        packet.setLength(4096);
        socket.receive(packet);
        var question = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
        var asked = question.getQuestion();
        questions.add(asked.getName() + " " + Type.string(asked.getType()));
        var found = zone.apply(asked);
        if (found != null) {
          var bytes = answer(question, found).toWire();
          send(late, new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
        }
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void send(Duration late, DatagramPacket answer) {
    CompletableFuture.runAsync(
        () -> {
          try {
            socket.send(answer);
          } catch (IOException e) {
            if (!socket.isClosed()) {
              throw new UncheckedIOException(e);
            }
          }
        },
        late.isZero()
            ? Runnable::run
            : CompletableFuture.delayedExecutor(late.toMillis(), MILLISECONDS));
  }

  private static Message answer(Message question, Record[] found) {
    var answer = new Message(question.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setFlag(Flags.RA);
    answer.addRecord(question.getQuestion(), Section.QUESTION);
    if (found.length == 0) {
      answer.getHeader().setRcode(Rcode.NXDOMAIN);
    }
    for (var record : found) {
      if (record.getType() == question.getQuestion().getType()) {
        answer.addRecord(record, Section.ANSWER);
      }
    }
    return answer;
  }

  @Override
  public void close() {
    socket.close();
  }
}
