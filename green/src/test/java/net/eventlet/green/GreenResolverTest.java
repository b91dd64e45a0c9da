package net.eventlet.green;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.eventlet.GreenThreadExit;
import net.eventlet.hubs.Hub;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Look-ups with a system's resolver that blocks its thread until the test lets it go on.
class GreenResolverTest {

  private static final LookupPolicy BOTH = LookupPolicy.of(LookupPolicy.IPV4 | LookupPolicy.IPV6);
  private static final InetAddress FOUND = InetAddress.ofLiteral("10.0.0.1");

  @TempDir private Path folder;

  private final CountDownLatch answers = new CountDownLatch(1);
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final Queue<Thread> askers = new ConcurrentLinkedQueue<>();

  @AfterEach
  void letThreadsGo() {
    answers.countDown();
  }

  @Test
  void theSystemsResolverBlocksAThreadAndNotTheHub() throws Exception {
    var resolver = resolver(2, ofSeconds(10));

    var found =
        Ticker.during(() -> {
          var asking = spawn(() -> resolver.lookupByName("one.test", BOTH).toList());
          sleep(ofMillis(150));
          answers.countDown();
          return asking.await();
        });

    assertEquals(List.of(FOUND), found);
    assertEquals("one.test", found.getFirst().getHostName());
    assertTrue(askers.peek().getName().startsWith("eventlet-names-"));
  }

  @Test
  void aLookUpThatTakesTooLongMakesTheNameUnknown() throws Exception {
    var resolver = resolver(1, ofMillis(150));

    var failure =
        assertThrows(
            UnknownHostException.class,
            () -> Ticker.during(() -> resolver.lookupByName("dead.test", BOTH)));

    assertTrue(failure.getMessage().startsWith("dead.test: no answer in time"));
  }

  @Test
  void backwardsTheSameHolds() throws Exception {
    var resolver = resolver(1, ofMillis(150));

    assertThrows(
        UnknownHostException.class,
        () -> Ticker.during(() -> resolver.lookupByAddress(FOUND.getAddress())));
  }

  @Test
  void moreLookUpsThanThreadsWaitAndThoseGivenUpAreNeverAsked() throws Exception {
    var resolver = resolver(2, ofSeconds(60));

    run(() -> {
      var asking =
          IntStream.range(0, 10)
              .mapToObj(i -> spawn(() -> resolver.lookupByName("host-" + i, BOTH).toList()))
              .toList();
      while (asked.size() < 2) {
        sleep(ofMillis(1));
      }
      asking.subList(1, 9).forEach(each -> each.kill());
      asking.subList(1, 9).forEach(each -> assertThrows(GreenThreadExit.class, each::await));
      answers.countDown();

      assertEquals(List.of(FOUND), asking.getFirst().await());
      assertEquals(List.of(FOUND), asking.getLast().await());
    });

    assertEquals(List.of("host-0", "host-1", "host-9"), asked.stream().sorted().toList());
  }

  @Test
  void outsideAHubTheSystemIsAskedInPlace() throws Exception {
    answers.countDown();

    assertEquals(
        List.of(FOUND), resolver(1, ofSeconds(10)).lookupByName("plain.test", BOTH).toList());

    assertSame(Thread.currentThread(), askers.poll());
  }

  @Test
  void anUnknownHostIsTheSystemsOwnException() throws Exception {
    var failure = new UnknownHostException("no.test");
    var resolver =
        new GreenResolver(
            new OffHub(
                new Answers() {
                  @Override
                  public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
                      throws UnknownHostException {
                    throw failure;
                  }
                },
                1),
            () -> null,
            hosts(""),
            ofSeconds(10));

    run(() ->
        assertSame(
            failure,
            assertThrows(
                UnknownHostException.class, () -> resolver.lookupByName("no.test", BOTH))));
  }

  @Test
  void theHostsFileIsAskedBeforeAResolverOfTheUsers() throws Exception {
    var own =
        new Answers() {
          @Override
          public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) {
            asked.add("own " + host + " on " + (Hub.currentOrNull() == null ? "none" : "hub"));
            return Stream.of(FOUND);
          }

          @Override
          public String lookupByAddress(byte[] address) {
            return "own";
          }
        };
    var resolver =
        new GreenResolver(new Answers(), () -> own, hosts("10.0.0.2 file.test\n"), ofSeconds(10));

    run(() -> {
      assertEquals(
          List.of(InetAddress.ofLiteral("10.0.0.2")),
          resolver.lookupByName("file.test", BOTH).toList());
      assertEquals(List.of(FOUND), resolver.lookupByName("server.test", BOTH).toList());
      assertEquals("file.test", resolver.lookupByAddress(new byte[] {10, 0, 0, 2}));
      assertEquals("own", resolver.lookupByAddress(new byte[] {10, 0, 0, 3}));
    });

    assertEquals(List.of("own server.test on hub"), List.copyOf(asked));
  }

  @Test
  void aNameThatCannotBeWrittenInAsciiIsUnknown() throws Exception {
    var tooLong = "ü".repeat(100) + ".test";

    assertThrows(
        UnknownHostException.class, () -> resolver(1, ofSeconds(10)).lookupByName(tooLong, BOTH));
  }

  @Test
  void theOptionsRefuseNonsense() {
    assertThrows(IllegalArgumentException.class, () -> new NamesOptions(0, ofSeconds(1)));
    assertThrows(IllegalArgumentException.class, () -> new NamesOptions(1, Duration.ZERO));
  }

  private GreenResolver resolver(int threads, Duration limit) throws Exception {
    return new GreenResolver(new OffHub(new Answers(), threads), () -> null, hosts(""), limit);
  }

  private HostsFile hosts(String content) throws Exception {
    return new HostsFile(Files.writeString(folder.resolve("hosts"), content));
  }

  /// A resolver that finds every name, once it may.
  private class Answers implements InetAddressResolver {

    @Override
    public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
        throws UnknownHostException {
      asked.add(host);
      askers.add(Thread.currentThread());
      await();
      return Stream.of(FOUND);
    }

    @Override
    public String lookupByAddress(byte[] address) throws UnknownHostException {
      await();
      return "found.test";
    }

    private void await() {
      try {
        answers.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
