package net.eventlet.green;

import static java.time.Duration.ofMillis;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import net.eventlet.hubs.Hub;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileTest {

  private static final Duration A_WHILE = ofMillis(60);

  @Test
  void whoComputesHasProcessorTimeAndWhoSleepsHasWaited() throws Exception {
    run(() -> {
      try (var profile = Profile.start()) {
        spawn(() -> compute(A_WHILE)).await();
        spawn(() -> sleep(A_WHILE)).await();

        var busy = only(profile, "compute(A_WHILE)", 1);
        var idle = only(profile, "sleep(A_WHILE)", 0);
        assertTrue(
            busy.cpu().compareTo(A_WHILE.dividedBy(20)) > 0, busy::toString); // others compute too
        assertTrue(busy.held().compareTo(busy.cpu()) >= 0, busy::toString);
        assertTrue(busy.longest().compareTo(A_WHILE.dividedBy(2)) > 0, busy::toString);
        assertTrue(idle.waiting().compareTo(A_WHILE.dividedBy(2)) > 0, idle::toString);
        assertTrue(idle.cpu().compareTo(busy.cpu()) < 0, idle::toString);
        assertEquals(2, idle.turns());
      }
    });
  }

  /// Computing comes first in the table, so that a row is known by its place in it.
  private static Profile.Row only(Profile profile, String what, int fromEnd) {
    var rows =
        profile.byPlace().stream()
            .filter(row -> row.name().contains("ProfileTest.java") && row.threads() == 1)
            .filter(row -> row.turns() == (fromEnd == 1 ? 1 : 2))
            .toList();
    return rows.stream()
        .findFirst()
        .orElseThrow(() -> new AssertionError("no row for " + what + ":\n" + profile.table()));
  }

  @Test
  void greenThreadsOfOnePlaceAreOneRow() throws Exception {
    run(() -> {
      try (var profile = Profile.start()) {
        var sleepers = IntStream.range(0, 10).mapToObj(_ -> spawn(() -> sleep())).toList();
        for (var sleeper : sleepers) {
          sleeper.await();
        }

        var ten = profile.byPlace().stream().filter(row -> row.threads() == 10).toList();
        assertEquals(1, ten.size(), profile::table);
        assertEquals(20, ten.getFirst().turns());
        assertTrue(ten.getFirst().name().contains("ProfileTest.java"));
        assertEquals(11, profile.byThread().size()); // and the one that asks
        assertTrue(profile.table().contains(ten.getFirst().name()));
      }
    });
  }

  @Test
  void thoseThatRunStillAreCountedAndTheHubIsLeftAloneAfterwards() throws Exception {
    run(() -> {
      var sleeper = spawn(() -> sleep(Duration.ofHours(1)));
      var profile = Profile.start();
      sleep(ofMillis(1));
      sleeper.kill();
      sleep();
      profile.close();
      var before = profile.byThread();

      spawn(() -> sleep()).await();

      assertEquals(before.size(), profile.byThread().size());
    });
  }

  @Test
  void anotherThreadMayAskToo() throws Exception {
    try (var hub = Hub.start("profiled");
        var profile = Profile.start(hub, null)) {
      hub.spawn(() -> compute(ofMillis(10))).get();

      assertTrue(profile.byPlace().getFirst().cpu().isPositive());
      assertEquals(profile.byPlace().size(), profile.collapsed().size());
      assertTrue(profile.collapsed().getFirst().startsWith("profiled;"));
      assertTrue(profile.collapsedWaiting().getFirst().matches("profiled;\\S+ \\d+"));
    }
  }

  @Test
  void stacksAreSampledWhereTheRunningOneIs() throws Exception {
    try (var hub = Hub.start("sampled");
        var profile = Profile.start(hub, ofMillis(1))) {
      hub.spawn(() -> compute(ofMillis(300))).get();

      var stacks = profile.collapsed();

      assertTrue(
          stacks.stream()
              .anyMatch(line ->
                  line.startsWith("sampled;")
                      && line.contains("net.eventlet.green.ProfileTest.compute")
                      && line.matches(".* \\d+")),
          stacks::toString);
    }
  }

  @Test
  void longTurnsAndEndsAreEventsOfTheFlightRecorder(@TempDir Path folder) throws Exception {
    var file = folder.resolve("profile.jfr");
    try (var recording = new Recording()) {
      recording.enable("net.eventlet.Turn");
      recording.enable("net.eventlet.GreenThread");
      recording.start();
      run(() -> {
        try (var _ = Profile.start()) {
          spawn(() -> compute(A_WHILE)).await();
          spawn(() -> sleep()).await();
        }
      });
      recording.dump(file);
    }

    var events = RecordingFile.readAllEvents(file);
    var turns =
        events.stream()
            .filter(e -> e.getEventType().getName().equals("net.eventlet.Turn"))
            .toList();
    var ends =
        events.stream()
            .filter(e -> e.getEventType().getName().equals("net.eventlet.GreenThread"))
            .toList();
    assertTrue(
        turns.stream().anyMatch(e -> e.getDuration("held").compareTo(A_WHILE.dividedBy(2)) > 0));
    assertTrue(turns.getFirst().getString("place").contains("ProfileTest.java"));
    assertEquals(2, ends.size());
    assertEquals(List.of(1L, 2L), ends.stream().map(e -> e.getLong("turns")).toList());
  }

  @Test
  void wrongCallsAreRefused() throws Exception {
    assertThrows(IllegalStateException.class, Profile::start);
    run(() ->
        assertThrows(
            IllegalArgumentException.class, () -> Profile.start(Hub.current(), Duration.ZERO)));
  }

  private static boolean compute(Duration time) {
    var until = System.nanoTime() + time.toNanos();
    var turns = 0L;
    while (System.nanoTime() < until) {
      turns++;
    }
    return turns > 0;
  }
}
