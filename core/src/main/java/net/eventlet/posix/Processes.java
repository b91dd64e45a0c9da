package net.eventlet.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/// Linux's calls for child processes.
///
/// Each returns the kernel's answer, or `-errno`. A class of its own, so that only programs with
/// children link these.
///
/// Children are started by `posix_spawn`, which suspends the calling thread alone until the child
/// is another program; to `fork` a JVM copies its page tables, and the child may deadlock on locks
/// of threads that it does not have.
@SuppressWarnings("restricted") // reads what the C library points to
public final class Processes {

  /// Ends a process that does not mind.
  public static final int SIGTERM = 15;

  /// Ends a process.
  public static final int SIGKILL = 9;

  /// What [#wait(Scratch, int, boolean)] says of a process that runs.
  public static final int RUNNING = -1_000_000;

  /// To which group of processes a child belongs.
  public enum Group {
    /// The starter's.
    SAME(0),
    /// One of its own.
    OWN(0x02),
    /// One of its own, in a session of its own, without a terminal.
    SESSION(0x80);

    private final long attributes; // their address

    Group(int flag) {
      attributes = attributes(flag).address();
    }
  }

  private static final int SIGPIPE = 13;
  private static final int SIGCHLD = 17;
  private static final int SIGXFSZ = 25;
  private static final int SETSIGDEF = 0x04;
  private static final int SETSIGMASK = 0x08;
  private static final int P_PID = 1;
  private static final int P_PIDFD = 3;
  private static final int WNOHANG = 1;
  private static final int WEXITED = 4;
  private static final int WNOWAIT = 0x1000000;
  private static final int CLD_EXITED = 1;
  private static final int PIDFD_SEND_SIGNAL = 424;
  private static final int PIDFD_OPEN = 434;
  private static final int PROCESS_GROUP = 1 << 2;
  private static final int SIGNALS_BYTES = 128; // of a sigset_t
  private static final int ROOM = 512; // more than glibc's structures take: 336 and 80 bytes

  private static final MethodHandle POSIX_SPAWN = Posix.blocking("posix_spawn");
  private static final MethodHandle ACTIONS_INIT = Posix.quick("posix_spawn_file_actions_init");
  private static final MethodHandle ACTIONS_DESTROY =
      Posix.quick("posix_spawn_file_actions_destroy");
  private static final MethodHandle ADD_DUP2 = Posix.quick("posix_spawn_file_actions_adddup2");
  private static final MethodHandle ADD_CHDIR = Posix.quick("posix_spawn_file_actions_addchdir_np");
  private static final MethodHandle ADD_CLOSEFROM =
      Posix.quick("posix_spawn_file_actions_addclosefrom_np");
  private static final MethodHandle WAITID = Posix.quick("waitid");
  private static final MethodHandle KILL = Posix.quick("kill");
  private static final MethodHandle SYSCALL = Posix.quick("syscall");

  static {
    noticeEnds();
  }

  private Processes() {}

  /// {@return what a child is started with, besides its descriptors: none of the JVM's signal
  /// masks, and the default for signals that the JVM minds}
  private static MemorySegment attributes(int flag) {
    var defaults = Arena.global().allocate(SIGNALS_BYTES, 8);
    for (var signal : new int[] {SIGPIPE, SIGCHLD, SIGXFSZ}) {
      defaults.set(JAVA_LONG, 0, defaults.get(JAVA_LONG, 0) | 1L << (signal - 1));
    }
    var none = Arena.global().allocate(SIGNALS_BYTES, 8);
    var attributes = Arena.global().allocate(ROOM, 16);
    set("posix_spawnattr_init", attributes, 0);
    set("posix_spawnattr_setsigmask", attributes, none.address());
    set("posix_spawnattr_setsigdefault", attributes, defaults.address());
    set("posix_spawnattr_setflags", attributes, SETSIGDEF | SETSIGMASK | flag);
    return attributes;
  }

  private static void set(String call, MemorySegment attributes, long value) {
    Posix.call(Posix.quick(call), attributes.address(), value, 0, 0, 0);
  }

  /// A parent that ignores the end of its children never learns how they ended; some who start a
  /// JVM leave it so.
  private static void noticeEnds() {
    try (var scratch = Scratch.borrow()) {
      scratch.clear();
      Posix.call(scratch, Posix.quick("sigaction"), SIGCHLD, 0, scratch.address(), 0, 0);
      if (scratch.getInt(0) == 1) { // SIG_IGN
        Posix.call(scratch, Posix.quick("signal"), SIGCHLD, 0, 0, 0, 0);
      }
    }
  }

  /// Starts a child. Suspends the calling thread until it is another program.
  ///
  /// @param program path, which is not searched for; ends with 0, as all of these do
  /// @param arguments its own name first
  /// @param environment `NAME=value` each
  /// @param folder where it works; empty for the starter's
  /// @param descriptors what its descriptors from 0 on stand for, none of them below their number;
  ///   all others are closed in it
  /// @param group to which it belongs
  /// @return its process number, or `-errno`
  public static int spawn(
      byte[] program,
      List<byte[]> arguments,
      List<byte[]> environment,
      byte[] folder,
      List<Integer> descriptors,
      Group group) {
    try (var arena = Arena.ofConfined();
        var scratch = Scratch.borrow()) {
      var actions = arena.allocate(ROOM, 16).address();
      Posix.call(scratch, ACTIONS_INIT, actions, 0, 0, 0, 0);
      try {
        if (folder.length > 0) {
          var path = arena.allocateFrom(JAVA_BYTE, folder).address();
          Posix.call(scratch, ADD_CHDIR, actions, path, 0, 0, 0);
        }
        var count = descriptors.size();
        for (var i = 0; i < count; i++) {
          Posix.call(scratch, ADD_DUP2, actions, descriptors.get(i), i, 0, 0);
        }
        Posix.call(scratch, ADD_CLOSEFROM, actions, count, 0, 0, 0);
        var result =
            (int)
                Posix.call(
                    scratch,
                    POSIX_SPAWN,
                    scratch.address(),
                    arena.allocateFrom(JAVA_BYTE, program).address(),
                    actions,
                    group.attributes,
                    pointers(arena, arguments),
                    pointers(arena, environment));
        return result == 0 ? scratch.getInt(0) : -result;
      } finally {
        Posix.call(scratch, ACTIONS_DESTROY, actions, 0, 0, 0, 0);
      }
    }
  }

  private static long pointers(Arena arena, List<byte[]> strings) {
    var pointers = arena.allocate(ADDRESS, strings.size() + 1);
    for (var i = 0; i < strings.size(); i++) {
      pointers.setAtIndex(ADDRESS, i, arena.allocateFrom(JAVA_BYTE, strings.get(i)));
    }
    return pointers.address();
  }

  /// {@return this process's environment: `NAME=value` each, without the 0 at the end}
  public static List<byte[]> environment() {
    var variables = new ArrayList<byte[]>();
    var variable = Linker.nativeLinker().defaultLookup().findOrThrow("environ");
    var pointers = variable.reinterpret(8).get(ADDRESS, 0);
    for (var i = 0; pointers.address() != 0; i++) {
      var string = pointers.reinterpret(8 * (i + 1L)).getAtIndex(ADDRESS, i);
      if (string.address() == 0) {
        break;
      }
      var length = 0;
      string = string.reinterpret(Integer.MAX_VALUE);
      while (string.get(JAVA_BYTE, length) != 0) {
        length++;
      }
      variables.add(string.asSlice(0, length).toArray(JAVA_BYTE));
    }
    return variables;
  }

  /// {@return a descriptor of a process, readable once that has ended, or `-errno`}
  ///
  /// @param pid of a process, which must not be able to end and be another's meanwhile
  public static int open(int pid) {
    return (int) Posix.call(SYSCALL, PIDFD_OPEN, pid, 0, 0, 0);
  }

  /// Asks how a child ended.
  ///
  /// @param scratch of the caller
  /// @param pidfd from [#open(int)]
  /// @param keep whether to ask again is possible; otherwise its number is let go
  /// @return its exit status; 128 and the signal that ended it; [#RUNNING]; or `-errno`, which is
  ///   `ECHILD` if it is no child, or somebody else has asked
  public static int wait(Scratch scratch, int pidfd, boolean keep) {
    scratch.clear();
    var options = WEXITED | WNOHANG | (keep ? WNOWAIT : 0);
    var result = (int) Posix.call(scratch, WAITID, P_PIDFD, pidfd, scratch.address(), options, 0);
    if (result < 0) {
      return result;
    }
    if (scratch.getInt(16) == 0) {
      return RUNNING;
    }
    var status = scratch.getInt(24);
    return scratch.getInt(8) == CLD_EXITED ? status : 128 + status;
  }

  /// Waits for a child that was killed, and lets its number go. Blocks the calling thread.
  ///
  /// @param pid its number
  public static void waitBlocking(int pid) {
    try (var scratch = Scratch.borrow()) {
      var wait = Posix.blocking("waitid");
      while (Posix.call(scratch, wait, P_PID, pid, scratch.address(), WEXITED, 0)
          == -Errno.EINTR) {}
    }
  }

  /// Sends a signal to a process.
  ///
  /// @param pidfd from [#open(int)]
  /// @param signal its number; 0 only asks whether it is there
  /// @return 0, or `-errno`
  public static int signal(int pidfd, int signal) {
    return (int) Posix.call(SYSCALL, PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0);
  }

  /// Sends a signal to the group that a process leads or led; needs Linux 6.9.
  ///
  /// @param pidfd from [#open(int)]
  /// @param signal its number; 0 only asks whether anybody is there
  /// @return 0, or `-errno`, which is `EINVAL` before Linux 6.9
  public static int signalGroup(int pidfd, int signal) {
    return (int) Posix.call(SYSCALL, PIDFD_SEND_SIGNAL, pidfd, signal, 0, PROCESS_GROUP);
  }

  /// Sends a signal by number, which must not be able to be another's meanwhile.
  ///
  /// @param target the number of a process; negated, that of a group
  /// @param signal its number
  /// @return 0, or `-errno`
  public static int kill(int target, int signal) {
    return (int) Posix.call(KILL, target, signal, 0, 0, 0);
  }
}
