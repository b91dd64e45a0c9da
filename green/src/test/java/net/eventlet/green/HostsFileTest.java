package net.eventlet.green;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostsFileTest {

  private static final LookupPolicy BOTH = LookupPolicy.of(LookupPolicy.IPV4 | LookupPolicy.IPV6);

  @TempDir private Path folder;

  private Path file;
  private HostsFile hosts;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("hosts");
    hosts = new HostsFile(file);
    Files.writeString(
        file,
        """
        # of a test
        10.0.0.1   Shop.test shop  # two names
        fd00::1    shop.test
        10.0.0.2   shop.test
        10.0.0.1   second.test

        nonsense   lost.test
        10.0.0.9
        """);
  }

  @Test
  void aNameHasAllItsAddressesInAnyCaseAndInTheOrderOfTheFile() throws Exception {
    assertEquals(
        List.of(ip("10.0.0.1"), ip("fd00::1"), ip("10.0.0.2")), hosts.addresses("SHOP.TEST", BOTH));
    assertEquals(List.of(ip("10.0.0.1")), hosts.addresses("shop", BOTH));
  }

  @Test
  void onlyTheKindsThatAreWantedAreGiven() throws Exception {
    assertEquals(
        List.of(ip("fd00::1")), hosts.addresses("shop.test", LookupPolicy.of(LookupPolicy.IPV6)));
    assertEquals(
        List.of(ip("10.0.0.1"), ip("10.0.0.2")),
        hosts.addresses("shop.test", LookupPolicy.of(LookupPolicy.IPV4)));
  }

  @Test
  void oneKindComesBeforeTheOtherIfThatIsWanted() throws Exception {
    var sixFirst = LookupPolicy.IPV4 | LookupPolicy.IPV6 | LookupPolicy.IPV6_FIRST;
    var fourFirst = LookupPolicy.IPV4 | LookupPolicy.IPV6 | LookupPolicy.IPV4_FIRST;

    assertEquals(
        List.of(ip("fd00::1"), ip("10.0.0.1"), ip("10.0.0.2")),
        hosts.addresses("shop.test", LookupPolicy.of(sixFirst)));
    assertEquals(
        List.of(ip("10.0.0.1"), ip("10.0.0.2"), ip("fd00::1")),
        hosts.addresses("shop.test", LookupPolicy.of(fourFirst)));
  }

  @Test
  void anAddressHasTheFirstNameOfItsFirstLine() throws Exception {
    assertEquals("Shop.test", hosts.name(ip("10.0.0.1")));
    assertEquals("shop.test", hosts.name(ip("fd00::1")));
    assertEquals("", hosts.name(ip("10.0.0.9")));
  }

  @Test
  void linesThatAreNotUnderstoodAreSkipped() throws Exception {
    assertEquals(List.of(), hosts.addresses("lost.test", BOTH));
  }

  @Test
  void aChangedFileIsReadAgain() throws Exception {
    hosts.addresses("shop.test", BOTH);

    Files.writeString(file, "10.0.0.3 new.test\n");

    assertEquals(List.of(ip("10.0.0.3")), hosts.addresses("new.test", BOTH));
    assertEquals(List.of(), hosts.addresses("shop.test", BOTH));
  }

  @Test
  void aFileThatIsNotThereIsAsGoodAsEmpty() throws Exception {
    Files.delete(file);

    assertEquals(List.of(), hosts.addresses("shop.test", BOTH));
    assertEquals("", hosts.name(ip("10.0.0.1")));
  }

  @Test
  void aFileThatCannotBeReadMakesNamesUnknown() throws Exception {
    Files.write(file, new byte[] {'1', (byte) 0xff, (byte) 0xfe});

    var failure =
        assertThrows(UnknownHostException.class, () -> hosts.addresses("shop.test", BOTH));

    assertEquals("the hosts file " + file + " cannot be read", failure.getMessage());
  }

  private static InetAddress ip(String literal) {
    return InetAddress.ofLiteral(literal);
  }
}
