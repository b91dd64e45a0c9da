package net.eventlet.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.eventlet.Eventlet.*;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.concurrent.TimeoutException;
import net.eventlet.Event;
import net.eventlet.Queue;
import net.eventlet.TPool;
import net.eventlet.wsgi.FileServer;
import net.eventlet.wsgi.Request;
import net.eventlet.wsgi.Response;
import net.eventlet.wsgi.Wsgi;
import net.eventlet.wsgi.websocket.CloseStatus;
import net.eventlet.wsgi.websocket.WebSocket;
import net.eventlet.wsgi.websocket.WebSocketWsgi;

/// A chat room with a page to look at: talk goes through WebSockets, who is here through
/// server-sent events, a form serves browsers without a script, and files are put up and fetched,
/// in parts too.
///
/// No locks: between two waits nobody else runs. Nobody waits for a slow guest: 100 lines are kept
/// for it, and one more shows it out.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/ChatRoom.java [PORT
/// [PAGE]]`, then open `localhost:8091`.
public final class ChatRoom {

  private static final int KEPT = 50; // lines, for who comes later
  private static final int FILE_BYTES_MAX = 5_000_000;
  private static final int FILES_MAX = 100;

  private final byte[] page;
  private final Path folder;
  private final FileServer files;
  private final WebSocketWsgi sockets = new WebSocketWsgi(_ -> {});
  private final LinkedHashMap<WebSocket, Queue<String>> guests = new LinkedHashMap<>();
  private final LinkedHashMap<WebSocket, String> names = new LinkedHashMap<>();
  private final ArrayDeque<String> said = new ArrayDeque<>();
  private Event<Boolean> changed = new Event<>(); // who is here
  private int filesPutUp;

  private ChatRoom(Path page) throws IOException {
    this.page = Files.readAllBytes(page);
    var served = Files.createTempDirectory("chat");
    folder = Files.createDirectory(served.resolve("files"));
    files = new FileServer(served);
  }

  public static void main(String[] arguments) throws Exception {
    var port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8091;
    var page =
        arguments.length > 1
            ? arguments[1]
            : "examples/src/main/java/net/eventlet/examples/ChatRoom.html";
    var room = new ChatRoom(Path.of(page));
    var listener = listen(new InetSocketAddress(port));
    IO.println("listening on port " + listener.getLocalPort());
    Wsgi.server(listener, room::answer);
  }

  private Response answer(Request request) throws Exception {
    var path = request.path();
    return switch (request.method() + " " + path) {
      case "GET /" -> Response.bytes("text/html; charset=utf-8", page);
      case "GET /talk" -> join(request);
      case "GET /here" -> Response.written("text/event-stream", this::tellWhoIsHere);
      case "POST /say" -> say(request);
      case "POST /files" -> putUp(request);
      default ->
          path.startsWith("/files/")
              ? files.handle(request).with("x-content-type-options", "nosniff")
              : Response.text("Not Found\n").withStatus(404);
    };
  }

  // ----------------------------------------------------------------------------------------
  // talking

  private Response join(Request request) {
    var name = line(parameter(request.query(), "name"), 30);
    return name.isEmpty()
        ? Response.text("who are you?\n").withStatus(400)
        : sockets.answer(request, socket -> talk(name, socket));
  }

  private void talk(String name, WebSocket socket) throws Exception {
    var unsent = new Queue<String>(KEPT + 100);
    said.forEach(unsent::offer);
    guests.put(socket, unsent);
    names.put(socket, name);
    var sender = spawn(() -> send(socket, unsent));
    sender.link(_ -> {}); // it fails with the connection, which this thread sees too
    tellAll("joined", name, "");
    newsOfWhoIsHere();
    try {
      for (var text = socket.receiveText(); text != null; text = socket.receiveText()) {
        tellAll("said", name, text);
      }
    } finally {
      sender.kill();
      guests.remove(socket);
      names.remove(socket);
      tellAll("left", name, "");
      newsOfWhoIsHere();
    }
  }

  private static void send(WebSocket socket, Queue<String> unsent) throws IOException {
    while (true) {
      socket.send(unsent.get());
    }
  }

  /// A line of talk is what happened, to whom, and a text, with tabs between.
  private void tellAll(String what, String who, String text) {
    var news = what + "\t" + who + "\t" + line(text, 2000);
    if (!what.equals("joined") && !what.equals("left")) {
      said.add(news);
      if (said.size() > KEPT) {
        said.remove();
      }
    }
    guests.forEach((socket, unsent) -> {
      if (!unsent.offer(news)) {
        spawnN(() -> socket.close(CloseStatus.POLICY, "too slow"));
      }
    });
  }

  private Response say(Request request) throws IOException {
    var form = new String(request.body().readNBytes(10_000), UTF_8);
    var name = line(parameter(form, "name"), 30);
    tellAll("said", name.isEmpty() ? "somebody" : name, parameter(form, "text"));
    return Response.of(303).with("location", "/");
  }

  // --------------------------------------------------------------------------------- who is here

  private void newsOfWhoIsHere() {
    changed.send(true);
    changed = new Event<>();
  }

  private void tellWhoIsHere(OutputStream output) throws Exception {
    while (true) {
      var next = changed;
      output.write(("data: " + String.join("\t", names.values()) + "\n\n").getBytes(UTF_8));
      output.flush();
      try {
        next.await(Duration.ofSeconds(15));
      } catch (TimeoutException nothingNew) {
        // then the same again, since the client may be gone
      }
    }
  }

  // ------------------------------------------------------------------------------------------
  // files

  private Response putUp(Request request) throws Exception {
    var name = parameter(request.query(), "name").replaceAll("[^\\w.-]+", "_");
    var who = line(parameter(request.query(), "who"), 30);
    var bytes = request.body().readNBytes(FILE_BYTES_MAX + 1);
    if (bytes.length > FILE_BYTES_MAX || filesPutUp == FILES_MAX) {
      return Response.text("there is no room for this file\n").withStatus(413);
    }
    var file = ++filesPutUp + "-" + name.substring(Math.max(0, name.length() - 60));
    TPool.execute(() -> Files.write(folder.resolve(file), bytes));
    tellAll("file", who, "/files/" + file);
    return Response.of(201).with("location", "/files/" + file);
  }

  private static String parameter(String form, String name) {
    for (var pair : form.split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        return URLDecoder.decode(pair.substring(name.length() + 1), UTF_8);
      }
    }
    return "";
  }

  private static String line(String text, int lengthMax) {
    var line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.substring(0, Math.min(lengthMax, line.length()));
  }
}
