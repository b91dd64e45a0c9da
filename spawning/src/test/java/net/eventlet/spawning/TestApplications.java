package net.eventlet.spawning;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import net.eventlet.Eventlet;
import net.eventlet.wsgi.Application;
import net.eventlet.wsgi.Request;
import net.eventlet.wsgi.Response;

/// What the tests have served.
public final class TestApplications {

  /// A field that holds one.
  public static final Application FIELD = _ -> Response.text("field");

  /// A field that holds none.
  public static final String TEXT = "text";

  private TestApplications() {}

  /// Answers with its process and what it was asked for.
  public static final class Echo implements Application {

    /// As a factory wants it.
    public Echo() {}

    @Override
    public Response handle(Request request) {
      if (request.path().equals("/slow")) {
        Eventlet.sleep(Duration.ofMillis(Integer.parseInt(request.query())));
      }
      if (request.path().equals("/wait")) {
        awaitGate();
      }
      if (request.path().equals("/eat")) {
        Memory.eat(Integer.parseInt(request.query()));
      }
      return Response.text(
          ProcessHandle.current().pid() + " " + request.path() + " " + request.query());
    }
  }

  /// The same, once there is a file of the name that the property `gate` has.
  public static final class Gated implements Application {

    private final Echo echo = new Echo();

    /// Waits for the file.
    public Gated() {
      awaitGate();
    }

    @Override
    public Response handle(Request request) {
      return echo.handle(request);
    }
  }

  private static void awaitGate() {
    while (!Files.exists(Path.of(System.getProperty("gate")))) {
      Eventlet.sleep(Duration.ofMillis(10));
    }
  }

  /// Holds memory that was asked for.
  private static final class Memory {
    private static final List<byte[]> HELD = new java.util.ArrayList<>();

    private static void eat(int megabytes) {
      for (var i = 0; i < megabytes; i++) {
        var block = new byte[1 << 20];
        java.util.Arrays.fill(block, (byte) 1);
        HELD.add(block);
      }
    }
  }

  /// Cannot be made.
  public static final class Broken implements Application {

    /// Fails.
    public Broken() {
      throw new IllegalStateException("no database here");
    }

    @Override
    public Response handle(Request request) {
      return Response.of(500);
    }
  }

  /// Dies as soon as it is asked for something.
  public static final class Deadly implements Application {

    /// As a factory wants it.
    public Deadly() {}

    @Override
    public Response handle(Request request) {
      Runtime.getRuntime().halt(7);
      return Response.of(500);
    }
  }

  /// A method that makes one.
  public static Application made() {
    return _ -> Response.text("made");
  }

  /// A method that is one.
  public static Response handler(Request request) {
    return Response.text("handler " + request.path());
  }

  /// A method that is one, and tells where it runs.
  public static Response threadName(Request request) {
    return Response.text(Thread.currentThread().getName());
  }

  /// Middleware: a function.
  public static Application shout(Application inner) {
    return request -> inner.handle(request).with("x-shout", "yes");
  }

  /// Middleware: a field.
  public static final UnaryOperator<Application> WHISPER =
      inner -> request -> inner.handle(request).with("x-whisper", "yes");

  /// Middleware: a class.
  public static final class Stamp implements Application {
    private final Application inner;

    /// Wraps another.
    public Stamp(Application inner) {
      this.inner = inner;
    }

    @Override
    public Response handle(Request request) throws Exception {
      return inner.handle(request).with("x-stamp", "yes");
    }
  }

  /// A factory of the user's.
  public static final class OwnFactory implements Factory {

    /// As `--factory` wants it.
    public OwnFactory() {}

    @Override
    public Application create(List<String> names) {
      return _ -> Response.text("made of " + names);
    }
  }
}
