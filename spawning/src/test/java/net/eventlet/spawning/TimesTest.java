package net.eventlet.spawning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimesTest {

  @ParameterizedTest
  @CsvSource({"90s, PT1M30S", "250ms, PT0.25S", "15m, PT15M", "12h, PT12H", "2d, PT48H", "5, PT5S"})
  void aTimeIsANumberAndItsUnit(String text, Duration time) {
    assertEquals(time, Times.parse(text));
  }

  @ParameterizedTest
  @CsvSource({"''", "s", "-1s", "1.5s", "1w", "99999999999s"})
  void whatIsNoTimeIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Times.parse(text));
  }

  @ParameterizedTest
  @CsvSource({"P10DT14H, 10d 14h", "PT3H20M, 3h 20m", "PT12M40S, 12m", "PT15S, 15s", "PT0S, 0s"})
  void aTimeIsShownInItsTwoLargestUnits(Duration time, String text) {
    assertEquals(text, Times.show(time));
  }

  @ParameterizedTest
  @CsvSource({"512M, 536870912", "2G, 2147483648", "64k, 65536", "100, 100", "1MB, 1048576"})
  void aSizeIsANumberAndItsUnit(String text, long bytes) {
    assertEquals(bytes, Size.parse(text).bytes());
  }

  @ParameterizedTest
  @CsvSource({"''", "M", "-1M", "1.5G", "1T"})
  void whatIsNoSizeIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Size.parse(text));
  }
}
