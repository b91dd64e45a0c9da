package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.SequenceInputStream;
import java.io.StringWriter;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import net.eventlet.Action;
import net.eventlet.GreenConnection;
import net.eventlet.GreenSocket;
import net.eventlet.GreenThreadExit;
import net.eventlet.Timeout;
import net.eventlet.Unwind;
import net.eventlet.hubs.Fiber;
import net.eventlet.wsgi.Content.Switched;
import org.jspecify.annotations.Nullable;

/// Serves a client: reads a request, has it answered, sends the answer, and again. When that one
/// rests or is gone, it serves another.
///
/// Source: `eventlet/wsgi.py`, `HttpProtocol.handle`; RFC 9112 sections 9.3 and 9.6.
final class Connection {

  private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);

  /// What a connection is doing.
  enum State {
    /// It waits for a request, of which nothing has come; over TLS alone, where there is no other
    /// way to know.
    RESTING,
    /// It reads a head.
    READING,
    /// A request is being answered.
    AT_WORK,
    /// It has left HTTP.
    UPGRADED
  }

  private final Worker worker;
  private final ServerOptions options;
  private final ServerLimits limits;
  private final Head head;
  private final Inbound in;
  private final Outbound out;
  private final Body body;
  private final Sender sender;
  private Client client;
  private GreenSocket socket; // the client's
  private GreenConnection wire; // the client's
  private @Nullable Fiber fiber; // null unless it serves somebody
  private State state = State.RESTING;
  private long began; // the request at work, as System.nanoTime() has it; 0 while there is none
  private long ended; // the request before, and what came after it
  private boolean idle; // the application says so
  private boolean failed; // the application, or it was late
  private boolean sound; // nobody is still at work on what it served last
  private long received; // bytes, when it was last reported
  private long sent; // bytes, then
  private boolean reported; // the request at work
  private @Nullable Upgraded upgraded; // null while it speaks HTTP
  private @Nullable List<Action> afterwards; // null unless the application wants something done

  /// @param first of those it will serve
  Connection(Worker worker, Client first) {
    this.worker = worker;
    this.options = worker.options();
    this.limits = options.limits();
    client = first;
    socket = first.socket();
    wire = first.wire();
    head = new Head(limits);
    out = new Outbound(socket, wire, worker.buffers(), limits.times());
    in = new Inbound(socket, wire, out, worker.buffers(), limits.times());
    body = new Body(this::sendContinue, in, limits.body());
    sender = new Sender(head, out, this::isLast);
  }

  // ---------------------------------------------------------------------------- what others ask it

  GreenSocket socket() {
    return socket;
  }

  Body body() {
    return body;
  }

  Fields fields() {
    return head.fields();
  }

  Sender sender() {
    return sender;
  }

  ServerOptions options() {
    return options;
  }

  boolean secure() {
    return client.secure();
  }

  State state() {
    return state;
  }

  /// {@return whether closing it would cut nothing off}
  boolean resting() {
    return state == State.RESTING || (state == State.READING && in.isEmpty()) || idle;
  }

  /// Lets what it speaks in place of HTTP know that the server closes.
  void ending() {
    if (upgraded != null) {
      upgraded.ending();
    }
  }

  /// {@return the client's address, or that of the proxy before it}
  @Nullable SocketAddress remote() {
    return client.remote();
  }

  /// The application says whether closing would cut nothing off now.
  void idle(boolean idle) {
    this.idle = idle;
  }

  Optional<SSLSession> session() {
    return wire instanceof SSLSocket tls ? Optional.of(tls.getSession()) : Optional.empty();
  }

  /// Has something done once the answer has gone.
  void afterwards(Action action) {
    var actions = afterwards;
    if (actions == null) {
      actions = new ArrayList<>();
      afterwards = actions;
    }
    actions.add(action);
  }

  /// {@return what it does, for a report}
  String describe() {
    return switch (state) {
      case RESTING, READING -> state.name().toLowerCase(Locale.ROOT) + " " + this;
      case AT_WORK, UPGRADED ->
          "%s from %s, for %.1f s"
              .formatted(head.requestLine(), this, (System.nanoTime() - began) / 1e9);
    };
  }

  /// Ends a wait that nothing is lost by: for the client's next request, or the application's own.
  void dismiss() throws IOException {
    if (idle) {
      kill();
    } else {
      socket.close();
    }
  }

  /// Ends what it does, where it waits.
  void kill() {
    if (fiber != null) {
      fiber.unwind(new GreenThreadExit());
    }
  }

  /// {@return whether it can serve another: not if it has left HTTP, nor if a thread of the
  /// application may be at work on what it served}
  boolean isReusable() {
    return sound && upgraded == null && !in.inUse() && !out.inUse();
  }

  @Override
  public String toString() {
    return client.toString();
  }

  // -------------------------------------------------------------------------------------- its life

  /// Serves a client that has sent something.
  ///
  /// @return whether it rests now; if not, its connection is over
  boolean serve(Client next) throws Exception {
    fiber = Fiber.currentOrNull();
    client = next;
    socket = next.socket();
    socket.readLimit(limits.times().idle()); // should nothing have come after all
    sound = false;
    failed = false;
    var rests = false;
    try {
      begin();
      rests = (next.requests() > 0 || meet()) && converse();
      sound = !failed;
    } catch (BadRequest refused) {
      refuse(refused);
    } catch (SocketException | SocketTimeoutException gone) {
      // the client went away, or takes too long
    } finally {
      if (sound) {
        in.release();
        out.release();
      }
      fiber = null;
    }
    return rests;
  }

  private void begin() {
    wire = client.wire();
    in.begin(socket, wire);
    out.begin(socket, wire);
    received = 0;
    sent = 0;
  }

  /// Learns who it is. Answers whether it has sent anything besides, in time.
  private boolean meet() throws IOException {
    state = State.RESTING;
    var limit = limits.times().firstByte();
    socket.readLimit(limit);
    if (options.proxyProtocol()) {
      client.remote(ProxyLine.read(socket, limit));
    }
    if (options.tls().isPresent()) {
      client.secure(options.tls().get().over(socket));
      begin();
    }
    return (!options.proxyProtocol() && !client.secure()) || in.rest(limit);
  }

  /// Answers requests. Answers itself whether the client rests; if not, this is the end.
  private boolean converse() throws Exception {
    while (oneRequest()) {
      if (!in.isEmpty()) {
        continue;
      }
      out.flush();
      in.release();
      if (!worker.mayRest()) {
        return false;
      }
      if (client.secure()) {
        state = State.RESTING;
        if (!in.rest(limits.times().idle())) {
          return false;
        }
      } else if (worker.rest(client)) {
        return true;
      }
    }
    return false;
  }

  private boolean oneRequest() throws Exception {
    sender.reset();
    reported = false;
    began = 0;
    if (!readHead()) {
      return false;
    }
    state = State.AT_WORK;
    body.reset(head);
    var busy = !worker.began();
    try {
      client.asked();
      if (!head.keepsAlive()
          || !options.keepAlive()
          || client.requests() >= limits.connections().requests()
          || worker.closing()) {
        sender.close();
      }
      var request = new Request(head, this);
      Response response;
      try {
        response = busy ? Worker.BUSY : answer(request);
        send(response);
        report();
      } finally {
        request.answered();
        sender.end();
        afterwards();
      }
      return response.content() instanceof Switched(var handler) ? hijack(handler) : finish();
    } finally {
      idle = false;
      worker.ended();
    }
  }

  /// Gets ready for the next request. Answers whether there can be one.
  private boolean finish() throws IOException {
    if (in.inUse() || out.inUse()) {
      if (!out.inUse()) {
        out.flush();
      }
      throw new IllegalStateException(
          head.requestLine()
              + " is answered, and a thread still reads its body or writes to its answer; wait for"
              + " that thread in the application");
    }
    if (!sender.closing() && !body.ended()) {
      if (body.promised() || !Leftovers.passOver(body)) {
        sender.close();
      }
      ended = System.nanoTime();
    }
    if (sender.closing()) {
      out.flush();
      if (!body.ended() || !in.isEmpty()) {
        Leftovers.linger(socket, wire);
      }
      return false;
    }
    return true;
  }

  private boolean hijack(Upgraded handler) throws Exception {
    state = State.UPGRADED;
    out.flush();
    var before = new ByteArrayInputStream(in.remainder());
    in.release();
    head.forget();
    socket.readLimit(null);
    socket.writeLimit(null);
    upgraded = handler;
    worker.counters().upgraded(1);
    try {
      handler.run(
          before.available() == 0
              ? wire.getInputStream()
              : new SequenceInputStream(before, wire.getInputStream()),
          wire.getOutputStream(),
          socket);
    } finally {
      worker.counters().upgraded(-1);
    }
    return false;
  }

  private void refuse(BadRequest refused) throws Exception {
    worker.counters().refused();
    try {
      if (!sender.begun()) {
        sender.close();
        sender.send(Response.text(refused.getMessage() + "\n").withStatus(refused.status()));
      }
      report();
      out.flush();
      Leftovers.linger(socket, wire);
    } catch (SocketException | SocketTimeoutException gone) {
      // it does not want to know
    }
  }

  // --------------------------------------------------------------------------------------- reading

  /// Reads a head. Answers false if there is none: the client went.
  private boolean readHead() throws IOException {
    state = State.READING;
    var before = in.received();
    if (!in.readHead(head)) {
      return false;
    }
    began = in.received() > before ? System.nanoTime() : ended;
    return true;
  }

  private void sendContinue() throws IOException {
    if (!sender.begun()) {
      out.put(CONTINUE);
      out.flush();
    }
  }

  // ------------------------------------------------------------------------------------- answering

  private Response answer(Request request) throws Exception {
    try {
      var response = handle(request);
      if (response.content() instanceof Switched && !(head.upgrades() && body.ended())) {
        response.content().close();
        return Response.text("this resource wants an upgrade\n").withStatus(426);
      }
      return response;
    } catch (BadRequest refused) {
      throw refused;
    } catch (Exception | Timeout | LinkageError | AssertionError | StackOverflowError failure) {
      failed = true;
      if (!(failure instanceof IOException) || !isGone()) {
        worker.failed(head.requestLine(), failure);
      }
      if (sender.begun() || isGone()) {
        cutOff(failure);
      }
      sender.close();
      return failed(failure);
    }
  }

  private Response handle(Request request) throws Exception {
    var application = worker.application();
    var limit = limits.times().application();
    if (limit.equals(TimeLimits.FOR_EVER)) {
      return application.handle(request);
    }
    var response = Timeout.call(limit, () -> application.handle(request), Worker.LATE);
    if (response == Worker.LATE) {
      failed = true;
      var late = new TimeoutException("the application took longer than " + limit);
      worker.failed(head.requestLine(), late);
      if (sender.begun()) {
        cutOff(late);
      }
      sender.close();
    }
    return response;
  }

  private Response failed(Throwable failure) {
    return Response.text(options.debug() ? trace(failure) : "").withStatus(500);
  }

  private static String trace(Throwable failure) {
    var text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  /// {@return whether no request can follow: it is not known whether the client sends what it
  /// promised, or the server ends}
  private boolean isLast() {
    return body.promised() || worker.closing();
  }

  private void send(Response response) throws Exception {
    try {
      sender.send(response);
    } catch (Exception | Timeout failure) {
      failed = true;
      response.content().close();
      if (failure instanceof BadRequest refused && !sender.begun()) {
        throw refused;
      }
      if (!(failure instanceof BadRequest) && !isGone()) {
        worker.failed(head.requestLine(), failure);
      }
      if (sender.begun() || isGone()) {
        cutOff(failure);
      }
      sender.close();
      sender.send(failed(failure));
    } catch (Unwind unwound) {
      response.content().close();
      throw unwound;
    }
  }

  /// {@return whether the client is no longer there to be told}
  private boolean isGone() {
    return in.broken() || out.broken();
  }

  /// Ends an answer that has begun: the client sees that something is missing.
  private void cutOff(Throwable failure) throws IOException {
    report();
    if (!isGone()) {
      sender.flush();
    }
    throw new SocketException("cut off", failure);
  }

  private void afterwards() {
    var actions = afterwards;
    if (actions == null) {
      return;
    }
    afterwards = null;
    try {
      out.flush();
    } catch (IOException gone) {
      // the next to send meets it again
    }
    for (var action : actions) {
      try {
        action.run();
      } catch (Exception failure) {
        worker.failed("what was to be done after " + head.requestLine(), failure);
      }
    }
    ended = System.nanoTime();
  }

  private void report() {
    if (reported) {
      return;
    }
    reported = true;
    ended = sender.ended();
    var nanos = began == 0 ? 0 : ended - began;
    worker.counters().answered(sender.status(), nanos);
    worker.counters().bytes(in.received() - received, out.sent() - sent);
    received = in.received();
    sent = out.sent();
    if (!options.hooks().isEmpty()) {
      worker.tell(new Exchange(head, this, sender.status(), sender.bodyBytes(), nanos));
    }
  }
}
