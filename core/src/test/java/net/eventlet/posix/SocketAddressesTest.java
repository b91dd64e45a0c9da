package net.eventlet.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SocketAddressesTest {

  private final Scratch scratch = Scratch.borrow();

  @AfterEach
  void giveBack() {
    scratch.close();
  }

  @Test
  void anAddressOfIpv4IsWrittenAsTheKernelWantsIt() throws Exception {
    var length = put(Posix.AF_INET, "192.0.2.1", 8080);

    assertEquals("02001f90c0000201" + "00".repeat(8), bytes(length));
  }

  @Test
  void anAddressOfIpv6IsWrittenAsTheKernelWantsIt() throws Exception {
    var length = put(Posix.AF_INET6, "2001:db8::1", 65_535);

    assertEquals(
        "0a00ffff" + "00000000" + "20010db8000000000000000000000001" + "00000000", bytes(length));
  }

  @Test
  void anAddressOfIpv4IsMappedForASocketOfIpv6() throws Exception {
    var length = put(Posix.AF_INET6, "192.0.2.1", 1);

    assertEquals(
        "0a000001" + "00000000" + "00000000000000000000ffffc0000201" + "00000000", bytes(length));
  }

  @Test
  void whatIsPutComesBack() throws Exception {
    for (var literal : new String[] {"127.0.0.1", "255.255.255.255", "0.0.0.0"}) {
      put(Posix.AF_INET, literal, 0);
      assertEquals(address(literal, 0), SocketAddresses.get(scratch, 0));
    }
    for (var literal : new String[] {"::1", "2001:db8::ffff", "192.0.2.1"}) {
      put(Posix.AF_INET6, literal, 40_000);
      assertEquals(address(literal, 40_000), SocketAddresses.get(scratch, 0));
    }
  }

  @Test
  void theWildcardIsThatOfTheSocketsFamily() throws Exception {
    put(Posix.AF_INET, "::", 1);
    assertEquals(address("0.0.0.0", 1), SocketAddresses.get(scratch, 0));
    put(Posix.AF_INET6, "0.0.0.0", 1);
    assertEquals(address("::", 1), SocketAddresses.get(scratch, 0));
  }

  @Test
  void theScopeOfALinkIsKept() throws Exception {
    var bytes = InetAddress.ofLiteral("fe80::1").getAddress();
    var address = Inet6Address.getByAddress(null, bytes, 3);

    SocketAddresses.put(scratch, Posix.AF_INET6, address, 1);

    var back = (InetSocketAddress) SocketAddresses.get(scratch, 0);
    assertEquals(3, ((Inet6Address) back.getAddress()).getScopeId());
  }

  @Test
  void aSocketOfIpv4CannotTakeAnAddressOfIpv6() {
    var refusal =
        assertThrows(UnknownHostException.class, () -> put(Posix.AF_INET, "2001:db8::1", 1));

    assertTrue(refusal.getMessage().contains("2001:db8:0:0:0:0:0:1"), refusal::getMessage);
  }

  @Test
  void aPathIsWrittenAsTheKernelWantsItAndComesBack() throws Exception {
    var address = UnixDomainSocketAddress.of("/tmp/x");

    var length = SocketAddresses.put(scratch, address);

    assertEquals("0100" + "2f746d702f78" + "00", bytes(length));
    assertEquals(address, SocketAddresses.get(scratch, 0));
  }

  @Test
  void aSocketWithoutANameHasNoPath() throws Exception {
    var address = UnixDomainSocketAddress.of("");

    assertEquals(2, SocketAddresses.put(scratch, address));
    assertEquals(address, SocketAddresses.get(scratch, 0));
  }

  @Test
  void aPathHasAtMost107Bytes() throws Exception {
    var longest = UnixDomainSocketAddress.of("/" + "x".repeat(106));
    var tooLong = UnixDomainSocketAddress.of("/" + "x".repeat(107));

    assertEquals(110, SocketAddresses.put(scratch, longest));
    assertEquals(longest, SocketAddresses.get(scratch, 0));
    var refusal = assertThrows(SocketException.class, () -> SocketAddresses.put(scratch, tooLong));
    assertTrue(refusal.getMessage().contains("has 108"), refusal::getMessage);
  }

  @Test
  void theFamilyFollowsFromTheAddress() {
    var any = SocketAddresses.IPV6 ? Posix.AF_INET6 : Posix.AF_INET;

    assertEquals(Posix.AF_INET, SocketAddresses.familyOf(InetAddress.ofLiteral("127.0.0.1")));
    assertEquals(Posix.AF_INET6, SocketAddresses.familyOf(InetAddress.ofLiteral("::1")));
    assertEquals(any, SocketAddresses.familyOf(InetAddress.ofLiteral("0.0.0.0")));
  }

  private int put(int family, String literal, int port) throws UnknownHostException {
    return SocketAddresses.put(scratch, family, InetAddress.ofLiteral(literal), port);
  }

  private String bytes(int length) {
    return HexFormat.of().formatHex(scratch.getBytes(0, length));
  }

  private static InetSocketAddress address(String literal, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(literal), port);
  }
}
