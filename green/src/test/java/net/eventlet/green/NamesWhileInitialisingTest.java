package net.eventlet.green;

import static net.eventlet.Eventlet.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A green thread in a static initialiser holds its hub: a look-up there must not need the hub. RMI
/// makes one when it is first used.
@Timeout(value = 30, threadMode = SEPARATE_THREAD)
class NamesWhileInitialisingTest {

  @AfterEach
  void askTheSystem() {
    Names.useSystem();
  }

  @Test
  void aNameIsLookedUp() throws Exception {
    Names.use(new Loopback());

    var found = run(() -> LooksUpAtFirst.FOUND);

    assertEquals("initialising.invalid", found.getHostName());
  }

  @Test
  void theSystemIsAsked() throws Exception {
    var found = run(() -> AsksTheSystemAtFirst.FOUND);

    assertNotEquals(0, found.length);
  }

  private static final class LooksUpAtFirst {

    static final InetAddress FOUND = find("initialising.invalid")[0];
  }

  private static final class AsksTheSystemAtFirst {

    static final InetAddress[] FOUND = find("localhost");
  }

  private static InetAddress[] find(String name) {
    try {
      return InetAddress.getAllByName(name);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private record Loopback() implements InetAddressResolver {

    @Override
    public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
        throws UnknownHostException {
      return Stream.of(InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}));
    }

    @Override
    public String lookupByAddress(byte[] address) throws UnknownHostException {
      throw new UnknownHostException();
    }
  }
}
