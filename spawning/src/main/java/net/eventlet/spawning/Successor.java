package net.eventlet.spawning;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.eventlet.GreenServerSocket;
import net.eventlet.GreenSocket;
import net.eventlet.posix.Errno;
import net.eventlet.posix.ThisProcess;

/// What a controller leaves to the one that takes its place in the same process: the listening
/// sockets, and the children with their lines.
///
/// `execve(2)` keeps the process's number, so that `systemd`, a container's runtime and a pid file
/// notice nothing, and the children stay its own.
///
/// @param listeners descriptors
/// @param children processes, in the order of their start
record Successor(List<Integer> listeners, List<Heir> children) {

  private static final String LISTENERS = "SPAWN_INHERITED_LISTENERS";
  private static final String CHILDREN = "SPAWN_INHERITED_CHILDREN";

  /// A child that gets another controller.
  ///
  /// @param pid number of the process
  /// @param line descriptor of the line to it
  /// @param state that it is in
  record Heir(long pid, int line, Child.State state) {

    static Heir parse(String word) {
      var parts = word.split(":", -1);
      return new Heir(
          Long.parseLong(parts[0]), Integer.parseInt(parts[1]), Child.State.valueOf(parts[2]));
    }

    @Override
    public String toString() {
      return pid + ":" + line + ":" + state;
    }

    /// {@return the child, whose line is from now on this process's}
    Child adopt() throws IOException {
      ThisProcess.keep(line, false);
      return new Child(new Handle.Inherited(pid), GreenSocket.adopt(line), Instant.now());
    }
  }

  /// {@return what there is to leave}
  static Successor of(List<GreenServerSocket> listeners, List<Child> children) throws IOException {
    var sockets = new ArrayList<Integer>();
    for (var listener : listeners) {
      sockets.add(listener.fileno());
    }
    var heirs = new ArrayList<Heir>();
    for (var child : children) {
      heirs.add(new Heir(child.pid(), child.control().fileno(), child.state()));
    }
    return new Successor(List.copyOf(sockets), List.copyOf(heirs));
  }

  /// {@return what a former controller left, as the environment says; empty if there was none}
  static Successor inherited(Map<String, String> environment) {
    var listeners = words(environment.getOrDefault(LISTENERS, "")).map(Integer::parseInt).toList();
    var children = words(environment.getOrDefault(CHILDREN, "")).map(Heir::parse).toList();
    return new Successor(listeners, children);
  }

  private static Stream<String> words(String text) {
    return Stream.of(text.split(",", -1)).filter(word -> !word.isEmpty());
  }

  private static String words(List<?> list) {
    return list.stream().map(Object::toString).collect(Collectors.joining(","));
  }

  /// Hands over: this process becomes another program.
  ///
  /// @param command of it
  /// @throws IOException if the kernel refuses, and all is as before
  void become(List<String> command) throws IOException {
    var variables = new HashMap<>(System.getenv());
    variables.put(LISTENERS, words(listeners));
    variables.put(CHILDREN, words(children));
    variables.computeIfPresent(Daemon.LINE, (_, _) -> ""); // that number is another's by now
    var environment =
        variables.entrySet().stream().map(one -> one.getKey() + "=" + one.getValue()).toList();
    keep(true);
    var result = ThisProcess.become(command.getFirst(), command, environment);
    keep(false);
    throw new IOException("cannot run " + command.getFirst() + ": " + Errno.message(-result));
  }

  private void keep(boolean keep) {
    Stream.concat(listeners.stream(), children.stream().map(Heir::line))
        .forEach(fd -> ThisProcess.keep(fd, keep));
  }

  /// {@return the listeners, taken over}
  List<GreenServerSocket> adoptListeners() throws IOException {
    var result = new ArrayList<GreenServerSocket>();
    for (var fd : listeners) {
      ThisProcess.keep(fd, false);
      result.add(GreenServerSocket.adopt(fd));
    }
    return result;
  }
}
