package net.eventlet.green;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.eventlet.posix.Errno;
import net.eventlet.posix.Pipes;
import net.eventlet.posix.Posix;
import net.eventlet.posix.Processes;
import net.eventlet.posix.Scratch;

/// One start of a child: the descriptors that are opened for it, closed whatever comes, and what
/// the kernel is told.
///
/// Its methods may block the calling thread; [Starts] calls them where that does no harm.
final class Starter implements AutoCloseable {

  private static final String USUAL_PATH = "/usr/local/bin:/usr/bin:/bin";
  private static final Charset CHARSET = charset();
  private static final List<byte[]> INHERITED = Processes.environment();
  private static final int NONE = -1;

  private final Command command;
  private final int count; // of the child's descriptors
  private final List<Integer> given = new ArrayList<>(); // the child's, from 0 on, as they are here
  private final List<Integer> temporary = new ArrayList<>(); // of no more use once it runs
  private final int[] own = {NONE, NONE, NONE}; // our ends of its pipes

  /// Holds on to the descriptors that are handed down, so that the caller may close them.
  ///
  /// @param command to start
  /// @throws IllegalArgumentException if one of them is not open
  Starter(Command command) throws IOException {
    this.command = command;
    count = 3 + command.descriptors().size();
    try {
      for (var stream : List.of(command.input(), command.output(), command.error())) {
        given.add(stream instanceof Stdio.Handed(var fileno) ? hold(fileno) : NONE);
      }
      for (var fileno : command.descriptors()) {
        given.add(hold(fileno));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private int hold(int fileno) throws IOException {
    var held = Pipes.duplicate(fileno, count);
    if (held == -Errno.EBADF) {
      throw new IllegalArgumentException(
          "descriptor %d is not open and cannot be handed to %s"
              .formatted(fileno, command.words().getFirst()));
    }
    return temporary(held);
  }

  private int temporary(int fileno) throws IOException {
    temporary.add(check(fileno));
    return fileno;
  }

  private int check(int result) throws IOException {
    if (result < 0) {
      throw StartFailure.of(command, StartFailure.words(-result));
    }
    return result;
  }

  /// {@return the child, which runs}
  ///
  /// @throws IOException if it cannot be started
  Child start() throws IOException {
    given.set(0, streamFrom(command.input()));
    given.set(1, streamTo(1, command.output()));
    given.set(2, streamTo(2, command.error()));
    for (var i = 0; i < count; i++) {
      if (given.get(i) < count && given.get(i) != i) { // or another would take its place
        given.set(i, temporary(Pipes.duplicate(given.get(i), count)));
      }
    }
    var folder = folder();
    var program = program();
    var arguments = command.words().stream().map(Starter::bytes).toList();
    var environment = environment();
    var pid = Processes.spawn(program, arguments, environment, folder, given, group());
    if (pid < 0) {
      throw refused(-pid, arguments, environment);
    }
    var pidfd = Processes.open(pid);
    if (pidfd < 0) {
      throw abandon(pid, -pidfd);
    }
    var child = new Child(command, pid, pidfd, own.clone());
    Arrays.fill(own, NONE);
    return child;
  }

  private Processes.Group group() {
    return switch (command.group()) {
      case SAME -> Processes.Group.SAME;
      case OWN -> Processes.Group.OWN;
      case SESSION -> Processes.Group.SESSION;
    };
  }

  private int streamFrom(Stdio stream) throws IOException {
    return switch (stream) {
      case Stdio.Pipe() -> pipe(0, false);
      case Stdio.Inherit() -> 0;
      case Stdio.Null() -> temporary(Pipes.open(bytes("/dev/null"), Pipes.O_RDONLY));
      case Stdio.File(var path, _) -> file(path.toString(), Pipes.O_RDONLY);
      case Stdio.Handed _ -> given.get(0);
      case Stdio.Bytes bytes -> {
        try (var scratch = Scratch.borrow()) {
          yield temporary(Pipes.memoryFile(scratch, bytes.bytes()));
        }
      }
      case Stdio.Output() -> throw new AssertionError("a command's input is none of its outputs");
    };
  }

  private int streamTo(int number, Stdio stream) throws IOException {
    return switch (stream) {
      case Stdio.Pipe() -> pipe(number, true);
      case Stdio.Inherit() -> number;
      case Stdio.Null() -> temporary(Pipes.open(bytes("/dev/null"), Pipes.O_WRONLY));
      case Stdio.File(var path, var append) ->
          file(
              path.toString(),
              Pipes.O_WRONLY | Pipes.O_CREAT | (append ? Pipes.O_APPEND : Pipes.O_TRUNC));
      case Stdio.Handed _ -> given.get(number);
      case Stdio.Output() -> given.get(1);
      case Stdio.Bytes _ -> throw new AssertionError("a command cannot write to given bytes");
    };
  }

  private int file(String path, int flags) throws IOException {
    var fileno = Pipes.open(bytes(path), flags);
    if (fileno < 0) {
      throw StartFailure.of(command, path + ": " + StartFailure.words(-fileno));
    }
    return temporary(fileno);
  }

  private int pipe(int number, boolean fromChild) throws IOException {
    try (var scratch = Scratch.borrow()) {
      check(Pipes.pipe(scratch));
      var source = scratch.getInt(0);
      var sink = scratch.getInt(4);
      own[number] = fromChild ? source : sink;
      temporary(fromChild ? sink : source);
      check(Posix.adopt(scratch, own[number]));
      return fromChild ? sink : source;
    }
  }

  private byte[] folder() throws IOException {
    if (command.directory().isEmpty()) {
      return new byte[0];
    }
    var folder = bytes(command.directory().get().toString());
    var kind = Pipes.kind(folder);
    if (kind != Pipes.FOLDER) {
      throw StartFailure.of(command, kind < 0 ? Errno.message(-kind) : "that is no directory");
    }
    return folder;
  }

  /// {@return where the program is}
  private byte[] program() throws IOException {
    var name = command.words().getFirst();
    if (name.indexOf('/') >= 0) {
      return bytes(name);
    }
    var path = path();
    var refused = false;
    for (var folder : path.split(":", -1)) {
      var candidate = folder.isEmpty() ? "./" + name : folder + "/" + name;
      if (Pipes.isExecutable(bytes(here(candidate)))) {
        return bytes(candidate);
      }
      refused |= Pipes.kind(bytes(here(candidate))) == Pipes.REGULAR;
    }
    throw StartFailure.of(
        command,
        refused
            ? "the file of that name on the PATH (" + path + ") is not executable; chmod +x it"
            : "there is none on the PATH ("
                + path
                + "); install it, or give its path"
                + (name.indexOf(' ') < 0 ? "" : "; a program's arguments are words of their own"));
  }

  private String path() {
    var set = command.environment().get("PATH");
    if (set != null) {
      return set;
    }
    var inherited = command.inheritsEnvironment() ? System.getenv("PATH") : null;
    return inherited == null ? USUAL_PATH : inherited;
  }

  /// {@return a path as it is from here, which may be another folder than the child's}
  private String here(String path) {
    return path.startsWith("/") || command.directory().isEmpty()
        ? path
        : command.directory().get() + "/" + path;
  }

  private List<byte[]> environment() {
    var environment = new ArrayList<byte[]>();
    if (command.inheritsEnvironment()) {
      for (var variable : INHERITED) {
        if (command.environment().isEmpty()
            || !command.environment().containsKey(nameOf(variable))) {
          environment.add(zeroed(variable));
        }
      }
    }
    command.environment().forEach((name, value) -> environment.add(bytes(name + "=" + value)));
    return environment;
  }

  private static String nameOf(byte[] variable) {
    var text = new String(variable, CHARSET);
    return text.substring(0, Math.max(0, text.indexOf('=')));
  }

  private IOException refused(int errno, List<byte[]> arguments, List<byte[]> environment) {
    var path = here(command.words().getFirst());
    var why =
        switch (errno) {
          case Errno.E2BIG ->
              "%s: arguments and environment take %,d bytes; hand what is long over through its standard input, or a file"
                  .formatted(Errno.message(errno), sizeOf(arguments) + sizeOf(environment));
          case Errno.ENOENT ->
              Pipes.kind(bytes(path)) < 0
                  ? Errno.message(errno)
                  : "the interpreter that its first line names is not there; install it, or mend"
                      + " that line";
          case Errno.EACCES ->
              Pipes.kind(bytes(path)) == Pipes.FOLDER
                  ? "that is a directory"
                  : StartFailure.words(errno);
          default -> StartFailure.words(errno);
        };
    return StartFailure.of(command, why);
  }

  private static long sizeOf(List<byte[]> strings) {
    return strings.stream().mapToLong(string -> string.length + 8L).sum();
  }

  /// There is no descriptor left to watch it with.
  private IOException abandon(int pid, int errno) {
    Processes.kill(command.group() == ProcessGroup.SAME ? pid : -pid, Processes.SIGKILL);
    Processes.waitBlocking(pid);
    return StartFailure.of(command, StartFailure.words(errno));
  }

  /// {@return a text as the kernel takes it, with a 0 at its end}
  private static byte[] bytes(String text) {
    return zeroed(text.getBytes(CHARSET));
  }

  private static byte[] zeroed(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  /// {@return the system's encoding; UTF-8 in place of ASCII, which could not name all files}
  private static Charset charset() {
    var name = System.getProperty("sun.jnu.encoding", "UTF-8");
    var charset = Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
    return charset.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : charset;
  }

  /// Closes what is of no more use.
  @Override
  public void close() {
    temporary.forEach(Posix::close);
    temporary.clear();
    for (var fileno : own) {
      if (fileno != NONE) {
        Posix.close(fileno);
      }
    }
    Arrays.fill(own, NONE);
  }
}
