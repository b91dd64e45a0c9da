package net.eventlet.green;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static net.eventlet.Eventlet.connect;
import static net.eventlet.Eventlet.listen;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.eventlet.GreenThread;
import net.eventlet.GreenThreadExit;
import net.eventlet.Timeout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.lookup.LookupSession;

/// Names through the JDK's own [InetAddress], which asks our provider, which asks dnsjava, which
/// asks a name server on loopback. Each test has names of its own, since the JDK keeps answers.
class NamesTest {

  private static final Function<Record, Record[]> SILENCE = _ -> null;

  private static InetAddress four(int last) throws UnknownHostException {
    return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
  }

  @AfterEach
  void askTheSystemAgain() {
    Names.useSystem();
  }

  @Test
  void theSystemsResolverIsAskedUnlessAnotherIsChosen() throws Exception {
    run(() -> {
      assertTrue(InetAddress.getByName("localhost").isLoopbackAddress());
      assertTrue(Names.addresses("localhost", ofSeconds(20))[0].isLoopbackAddress());
    });
    assertTrue(InetAddress.getByName("localhost").isLoopbackAddress());
  }

  @Test
  void aNameIsLookedUpAtTheChosenNameServerWhileTheHubGoesOn() throws Exception {
    try (var server = server(slowly(zone("one.test.", four(1))))) {
      var found = Ticker.during(() -> InetAddress.getByName("one.test"));

      assertEquals("one.test/10.0.0.1", found.toString());
      assertEquals(Set.of("one.test. A", "one.test. AAAA"), Set.copyOf(server.questions()));
    }
  }

  @Test
  void connectingLooksNamesUpTheSameWay() throws Exception {
    try (var _ = server(zone("local.test.", InetAddress.getByName("127.0.0.1")))) {
      run(() -> {
        try (var listener = listen(new InetSocketAddress("127.0.0.1", 0));
            var connection =
                connect(
                    InetSocketAddress.createUnresolved("local.test", listener.getLocalPort()))) {
          assertEquals("local.test", connection.getInetAddress().getHostName());
        }
      });
    }
  }

  @Test
  void manyNamesAreLookedUpAtOnce() throws Exception {
    var late = ofMillis(200);
    try (var server = delayed(late, question -> new Record[] {a(question, 7)})) {
      run(() -> {
        var begun = System.nanoTime();

        var asking =
            IntStream.range(0, 200)
                .mapToObj(i -> spawn(() -> InetAddress.getByName("many-" + i + ".test")))
                .toList();
        for (var each : asking) {
          assertEquals(four(7), each.await());
        }

        var took = Duration.ofNanos(System.nanoTime() - begun);
        assertTrue(took.compareTo(late.multipliedBy(10)) < 0, "200 look-ups took " + took);
      });
      assertEquals(400, server.questions().size());
    }
  }

  @Test
  void anAnswerIsKeptByTheJdkAndAskedForOnce() throws Exception {
    try (var server = server(slowly(zone("kept.test.", four(2))))) {
      run(() -> {
        var asking =
            IntStream.range(0, 20)
                .mapToObj(_ -> spawn(() -> InetAddress.getByName("kept.test")))
                .toList();
        for (var each : asking) {
          assertEquals(four(2), each.await());
        }
        InetAddress.getByName("kept.test");
      });

      assertEquals(2, server.questions().size()); // A and AAAA
    }
  }

  @Test
  void aNameThatDoesNotExistIsUnknownAndThatIsKeptToo() throws Exception {
    try (var server = server(_ -> new Record[0])) {
      run(() -> {
        assertThrows(UnknownHostException.class, () -> InetAddress.getByName("nobody.test"));
        var asked = server.questions().size();
        assertThrows(UnknownHostException.class, () -> InetAddress.getByName("nobody.test"));
        assertEquals(asked, server.questions().size());
      });
    }
  }

  @Test
  void aSilentNameServerMakesANameUnknownWithinTheCallersLimit() throws Exception {
    try (var _ = server(SILENCE)) {
      var failure =
          assertThrows(
              UnknownHostException.class,
              () -> Ticker.during(() -> Names.addresses("silent.test", ofMillis(200))));

      assertTrue(
          failure.getMessage().startsWith("silent.test: no answer in time"), failure::getMessage);
    }
  }

  @Test
  void aSilentNameServerDoesNotHoldUpAConnectBeyondItsLimit() throws Exception {
    try (var _ = server(SILENCE)) {
      assertThrows(
          SocketTimeoutException.class,
          () ->
              Ticker.during(() -> {
                connect(InetSocketAddress.createUnresolved("silent-2.test", 80), ofMillis(200));
              }));
    }
  }

  @Test
  void whoWaitsForAnotherOnesLookUpCanBeKilledAtOnce() throws Exception {
    try (var _ = server(SILENCE)) {
      run(() -> {
        var first = spawn(() -> Names.addresses("silent-3.test", null));
        var second = spawn(() -> Names.addresses("silent-3.test", null));
        net.eventlet.Eventlet.sleep(ofMillis(50));

        second.kill();
        assertEquals(
            "too long",
            Timeout.call(
                ofMillis(50),
                () -> Names.addresses("silent-3.test", null)[0].getHostName(),
                "too long"));

        assertThrows(GreenThreadExit.class, second::await);
        first.kill();
        assertThrows(GreenThreadExit.class, first::await);
      });
    }
  }

  @Test
  void aKilledLookUpLeavesTheNameToTheNextOne() throws Exception {
    var silent = new boolean[] {true};
    var zone = zone("later.test.", four(3));
    try (var _ = server(question -> silent[0] ? null : zone.apply(question))) {
      run(() -> {
        GreenThread<?> first = spawn(() -> InetAddress.getByName("later.test"));
        net.eventlet.Eventlet.sleep(ofMillis(50));
        first.kill();

        silent[0] = false;

        assertEquals(four(3), InetAddress.getByName("later.test"));
      });
    }
  }

  @Test
  void internationalNamesAreAskedForInAsciiAndKeepTheirOwnSpelling() throws Exception {
    try (var server = server(zone("xn--bcher-kva.test.", four(4)))) {
      run(() -> {
        var found = InetAddress.getByName("bücher.test");

        assertEquals("bücher.test", found.getHostName());
        assertEquals(four(4), found);
      });
      assertTrue(server.questions().contains("xn--bcher-kva.test. A"));
    }
  }

  @Test
  void addressesOfBothKindsComeInTheOrderOfTheJdksProperties() throws Exception {
    var six = InetAddress.getByName("fd00::5");
    try (var _ =
        server(question ->
            new Record[] {
              a(question, 5), new AAAARecord(question.getName(), DClass.IN, 60, six)
            })) {
      run(() ->
          assertArrayEquals(
              new InetAddress[] {four(5), six}, InetAddress.getAllByName("both.test")));
    }
  }

  @Test
  void addressesAreLookedUpBackwardsWhileTheHubGoesOn() throws Exception {
    var address = four(6);
    try (var _ =
        server(
            slowly(question ->
                question.getName().equals(ReverseMap.fromAddress(address))
                    ? new Record[] {
                      new PTRRecord(
                          question.getName(), DClass.IN, 60, Name.fromConstantString("back.test."))
                    }
                    : new Record[] {a(question, 6)}))) {
      assertEquals("back.test", Ticker.during(() -> Names.name(address, ofSeconds(10))));
    }
  }

  @Test
  void anAddressWithoutANameIsUnknown() throws Exception {
    try (var _ = server(_ -> new Record[0])) {
      run(() -> assertThrows(UnknownHostException.class, () -> Names.name(four(8), ofSeconds(10))));
    }
  }

  @Test
  void plainThreadsAskTheSameNameServer() throws Exception {
    try (var _ = server(zone("plain.test.", four(9)))) {
      assertEquals(four(9), InetAddress.getByName("plain.test"));
      assertEquals(four(9), Names.addresses("plain.test", ofSeconds(10))[0]);
    }
  }

  private static ARecord a(Record question, int last) {
    try {
      return new ARecord(question.getName(), DClass.IN, 60, four(last));
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static Function<Record, Record[]> zone(String name, InetAddress address) {
    return question ->
        question.getName().toString().equals(name)
            ? new Record[] {new ARecord(question.getName(), DClass.IN, 60, address)}
            : new Record[0];
  }

  private static Function<Record, Record[]> slowly(Function<Record, Record[]> zone) {
    return question -> {
      try {
        Thread.sleep(120);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return zone.apply(question);
    };
  }

  /// A name server that the process asks until the test is over.
  private static DnsServer server(Function<Record, Record[]> zone) throws IOException {
    return delayed(Duration.ZERO, zone);
  }

  private static DnsServer delayed(Duration late, Function<Record, Record[]> zone)
      throws IOException {
    var server = new DnsServer(late, zone);
    var resolver = new SimpleResolver(new InetSocketAddress("127.0.0.1", server.port()));
    resolver.setTimeout(ofSeconds(60));
    Names.use(
        new DnsjavaResolver(LookupSession.builder().resolver(resolver).maxRedirects(1).build()));
    return server;
  }
}
