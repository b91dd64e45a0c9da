package net.eventlet.green;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import net.eventlet.hubs.Fiber;
import net.eventlet.hubs.Hub;
import net.eventlet.hubs.Instrument;
import org.jspecify.annotations.Nullable;

/// Where the time of a hub's green threads goes: processor time, time for which they held the hub,
/// and time for which they waited, by green thread and by place of spawn.
///
/// ```java
/// try (var profile = Profile.start()) {
///   work();
///   IO.println(profile.table());
/// }
/// ```
///
/// Who holds the hub for longer than the processor time that it takes blocks it: a file, native
/// code. Waiting includes the wait for one's turn. While nobody profiles, none of this costs
/// anything; while somebody does, a turn costs two looks at the clocks.
///
/// Green threads are also events of the JDK's Flight Recorder, if a recording runs:
/// `net.eventlet.GreenThread` for each that ends, and `net.eventlet.Turn` for each turn of ten
/// milliseconds or more.
///
/// Source: `eventlet/green/profile.py`, which accounts for green threads one by one.
public final class Profile implements AutoCloseable {

  private static final int ENDED_MAX = 10_000; // that are told one by one; more only by place
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  private final Hub hub;
  private final Watch watch = new Watch();
  private final @Nullable Sampler sampler; // null unless stacks are wanted

  // all below belong to the hub's carrier
  private final IdentityHashMap<Fiber, Account> alive = new IdentityHashMap<>();
  private final List<Account> ended = new ArrayList<>();
  private final Map<String, Account> byPlace = new HashMap<>();
  private @Nullable Ending ending; // null unless one has just ended
  private long turnBegan; // 0 while none runs that this knows of
  private long turnCpu;

  private Profile(Hub hub, @Nullable Sampler sampler) {
    this.hub = hub;
    this.sampler = sampler;
  }

  /// Begins to profile the caller's hub.
  ///
  /// @return the profile, which goes on until it is closed
  /// @throws IllegalStateException outside a hub
  public static Profile start() {
    return start(Hub.current(), null);
  }

  /// Begins to profile a hub.
  ///
  /// @param hub any
  /// @param sampling how often a look is taken at where the running green thread is, for
  ///   [#collapsed()]; null for never
  /// @return the profile, which goes on until it is closed
  /// @throws IllegalArgumentException if `sampling` is not positive
  public static Profile start(Hub hub, @Nullable Duration sampling) {
    if (sampling != null && !sampling.isPositive()) {
      throw new IllegalArgumentException("one can look every so often only: " + sampling);
    }
    var profile = new Profile(hub, sampling == null ? null : new Sampler(sampling));
    if (profile.sampler != null) {
      profile.sampler.start();
    }
    hub.attach(profile.watch);
    return profile;
  }

  /// What green threads did, of one name or one place.
  ///
  /// @param name of the green thread, or the place of its spawn
  /// @param threads how many
  /// @param turns how often they ran
  /// @param cpu processor time
  /// @param held time for which they kept the hub
  /// @param waiting time between turns
  /// @param longest of their turns
  public record Row(
      String name,
      int threads,
      long turns,
      Duration cpu,
      Duration held,
      Duration waiting,
      Duration longest) {}

  /// {@return a row for each place of spawn, most processor time first}
  public List<Row> byPlace() {
    return onHub(() -> {
      var sums = new HashMap<String, Account>();
      byPlace.forEach((place, account) -> sums.put(place, account.copy()));
      alive.forEach(
          (fiber, account) -> sums.computeIfAbsent(placeOf(fiber), Account::new).add(account));
      return rows(sums.values());
    });
  }

  /// {@return a row for each green thread, most processor time first; of those that have ended, the
  /// first ten thousand}
  public List<Row> byThread() {
    return onHub(() -> {
      var all = new ArrayList<>(ended);
      all.addAll(alive.values());
      return rows(all);
    });
  }

  /// {@return [#byPlace()] as text, a line for each}
  public String table() {
    var text = new StringBuilder();
    text.append("  threads     turns    cpu ms   held ms   wait ms  longest ms  spawned at\n");
    for (var row : byPlace()) {
      text.append(
          "%9d %9d %9.1f %9.1f %9.1f %11.1f  %s\n"
              .formatted(
                  row.threads(),
                  row.turns(),
                  millis(row.cpu()),
                  millis(row.held()),
                  millis(row.waiting()),
                  millis(row.longest()),
                  row.name()));
    }
    return text.toString();
  }

  /// {@return stacks that ran, in microseconds, as flame graph tools read them: frames separated by
  /// `;`, outermost first, a space, a number. The outermost frames are the hub and the place of the
  /// spawn; below that is what was sampled, if it was}
  public List<String> collapsed() {
    return sampler != null
        ? sampler.collapsed()
        : byPlace().stream()
            .map(row -> frame(hub.name()) + ";" + frame(row.name()) + " " + micros(row.cpu()))
            .toList();
  }

  /// {@return who waited, in microseconds, in the form of [#collapsed()]: the hub, the place of the
  /// spawn}
  public List<String> collapsedWaiting() {
    return byPlace().stream()
        .map(row -> frame(hub.name()) + ";" + frame(row.name()) + " " + micros(row.waiting()))
        .toList();
  }

  /// Stops. What was seen can still be asked for, while the hub is open.
  @Override
  public void close() {
    hub.detach(watch);
    if (sampler != null) {
      sampler.close();
    }
  }

  private <T> T onHub(Callable<T> look) {
    try {
      return Hub.currentOrNull() == hub ? look.call() : hub.spawn(look).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted before the profile could be read", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the profile cannot be read", e.getCause());
    } catch (Exception e) {
      throw new IllegalStateException("the profile cannot be read", e);
    }
  }

  private static List<Row> rows(Collection<Account> accounts) {
    return accounts.stream()
        .map(Account::row)
        .sorted(Comparator.comparing(Row::cpu).reversed().thenComparing(Row::name))
        .toList();
  }

  static String placeOf(Fiber fiber) {
    return Objects.toString(fiber.place(), "an unknown place");
  }

  static String frame(String text) {
    return text.replace(';', ',').replace(' ', '_');
  }

  private static double millis(Duration time) {
    return time.toNanos() / 1e6;
  }

  private static long micros(Duration time) {
    return time.toNanos() / 1000;
  }

  /// What the hub tells. At its end a green thread tells by itself, and its processor time is that
  /// of the carrier, which knows it when it tells the next time.
  private final class Watch implements Instrument {

    @Override
    public void created(Fiber fiber) {
      alive.put(fiber, new Account(fiber.toString()));
    }

    @Override
    public void running(Fiber fiber) {
      settle();
      var now = hub.clock().nanoTime();
      account(fiber).resumes(now);
      turnBegan = now;
      if (sampler != null) {
        sampler.running(fiber);
      }
      turnCpu = CPU.getCurrentThreadCpuTime();
    }

    @Override
    public void suspended(Fiber fiber) {
      var account = account(fiber);
      var now = hub.clock().nanoTime();
      if (turnBegan != 0) { // otherwise it ran already when this began
        account.turn(CPU.getCurrentThreadCpuTime() - turnCpu, now - turnBegan, fiber);
        turnBegan = 0;
      }
      account.suspends(now);
      if (sampler != null) {
        sampler.running(null);
      }
    }

    @Override
    public void terminated(Fiber fiber) {
      var account = alive.remove(fiber);
      if (account != null) {
        var held = turnBegan == 0 ? 0 : hub.clock().nanoTime() - turnBegan;
        ending = new Ending(fiber, account, held);
      }
      if (sampler != null) {
        sampler.running(null);
      }
    }

    @Override
    public void polled(int ready, long timeoutNanos) {
      settle();
    }

    private void settle() {
      var last = ending;
      if (last == null) {
        return;
      }
      ending = null;
      if (turnBegan != 0) {
        last.account().turn(CPU.getCurrentThreadCpuTime() - turnCpu, last.held(), last.fiber());
        turnBegan = 0;
      }
      if (ended.size() < ENDED_MAX) {
        ended.add(last.account());
      }
      var place = placeOf(last.fiber());
      byPlace.computeIfAbsent(place, Account::new).add(last.account());
      last.account().commit(place);
    }

    private Account account(Fiber fiber) {
      return alive.computeIfAbsent(fiber, _ -> new Account(fiber.toString()));
    }
  }

  /// A green thread that has ended, and whose processor time is not known yet.
  private record Ending(Fiber fiber, Account account, long held) {}
}
