package net.eventlet.hubs;

import static java.time.Duration.ofMillis;
import static net.eventlet.hubs.OnHub.pass;
import static net.eventlet.hubs.OnHub.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

@Bounded
class InstrumentTest {

  private final HandPoller poller = new HandPoller(new HandClock());
  private final List<String> seen = new ArrayList<>();

  @Test
  void itSeesEachStepOfAFiber() throws Exception {
    run(() -> {
      start(() -> {
        seen.add("turn 1");
        pass();
        seen.add("turn 2");
      });
      pass();
      pass();
    });

    assertEquals(
        List.of(
            "created 0",
            "running 0",
            "created 1",
            "suspended 0",
            "running 1",
            "turn 1",
            "suspended 1",
            "running 0",
            "suspended 0",
            "running 1",
            "turn 2",
            "terminated 1",
            "running 0",
            "terminated 0"),
        seen);
  }

  @Test
  void itMayComeLaterAndLeaveEarlier() throws Exception {
    var late =
        new Instrument() {
          @Override
          public void created(Fiber fiber) {
            seen.add("created");
          }
        };
    OnHub.run(
        poller.options(),
        () -> {
          start(() -> {});
          Hub.current().attach(late);
          start(() -> {});
          Hub.current().detach(late);
          start(() -> {});
        });

    assertEquals(List.of("created"), seen);
  }

  @Test
  void itSeesAThreadThatOtherCodeStarted() throws Exception {
    run(() -> {
      Thread.ofVirtual().start(() -> seen.add("stock"));
      pass();
    });

    assertEquals(
        List.of(
            "created 0",
            "running 0",
            "created 1",
            "suspended 0",
            "running 1",
            "stock",
            "terminated 1",
            "running 0",
            "terminated 0"),
        seen);
  }

  @Test
  void itSeesOneThatNeverRan() throws Exception {
    run(() -> start(() -> seen.add("never")));

    assertEquals(
        List.of("created 0", "running 0", "created 1", "terminated 0", "running 1", "terminated 1"),
        seen);
  }

  @Test
  void itSeesEachLookAndHowLongTheHubWasWillingToWait() throws Exception {
    run(
        () -> {
          start(() -> Hub.current().trampoline(5, Interest.READ, null));
          pass();
          poller.makeReady(5, Interest.READ);
          pass();
          new Waiter().await(ofMillis(3).toNanos());
        },
        polled());

    assertEquals(List.of("1 in 0", "0 in 3000000"), seen);
  }

  @Test
  void severalAreToldInTheirOrder() throws Exception {
    run(() -> {}, naming("first"), naming("second"));

    assertEquals(List.of("first", "second"), seen);
  }

  @Test
  void itIsToldOnTheCarrier() throws Exception {
    var threads = new HashSet<Thread>();

    run(
        OnHub::pass,
        new Instrument() {
          @Override
          public void running(Fiber fiber) {
            threads.add(Thread.currentThread());
          }

          @Override
          public void suspended(Fiber fiber) {
            threads.add(Thread.currentThread());
          }

          @Override
          public void polled(int ready, long timeoutNanos) {
            threads.add(Thread.currentThread());
          }
        });

    assertEquals(Set.of(Thread.currentThread()), threads);
  }

  @Test
  void oneWithoutMethodsIsToldWithoutEffect() throws Exception {
    run(OnHub::pass, new Instrument() {});

    assertSame(true, poller.closed);
  }

  private void run(OnHub.Body body) throws Exception {
    run(body, new Steps());
  }

  private void run(OnHub.Body body, Instrument... instruments) throws Exception {
    OnHub.run(poller.options().withInstruments(List.of(instruments)), body);
  }

  private Instrument polled() {
    return new Instrument() {
      @Override
      public void polled(int ready, long timeoutNanos) {
        seen.add(ready + " in " + timeoutNanos);
      }
    };
  }

  private Instrument naming(String name) {
    return new Instrument() {
      @Override
      public void created(Fiber fiber) {
        seen.add(name);
      }
    };
  }

  /// Records all but the looks; fibers are numbered as they come.
  private final class Steps implements Instrument {

    private final List<Fiber> fibers = new ArrayList<>();

    @Override
    public void created(Fiber fiber) {
      fibers.add(fiber);
      seen.add("created " + fibers.indexOf(fiber));
    }

    @Override
    public void running(Fiber fiber) {
      seen.add("running " + fibers.indexOf(fiber));
    }

    @Override
    public void suspended(Fiber fiber) {
      seen.add("suspended " + fibers.indexOf(fiber));
    }

    @Override
    public void terminated(Fiber fiber) {
      seen.add("terminated " + fibers.indexOf(fiber));
    }
  }
}
