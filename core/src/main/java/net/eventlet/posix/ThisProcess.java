package net.eventlet.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/// What a process does to itself: it becomes another program, or another user.
///
/// Each call returns the kernel's answer, or `-errno`. A class of its own, so that only servers
/// that need these link them.
@SuppressWarnings("restricted") // reads what the C library points to
public final class ThisProcess {

  private static final int F_SETFD = 2;
  private static final int PASSWD_UID = 16; // where it is in a struct passwd, and in a group
  private static final int PASSWD_GID = 20;
  private static final int PASSWD_BYTES = 48;

  private static final MethodHandle EXECVE = Posix.blocking("execve");
  private static final MethodHandle FCNTL = Posix.quick("fcntl");
  private static final MethodHandle GETPWNAM = Posix.blocking("getpwnam");
  private static final MethodHandle GETGRNAM = Posix.blocking("getgrnam");
  private static final MethodHandle INITGROUPS = Posix.blocking("initgroups");
  private static final MethodHandle SETGID = Posix.blocking("setgid");
  private static final MethodHandle SETUID = Posix.blocking("setuid");

  private ThisProcess() {}

  /// Becomes another program: with the same number, the same children, and those descriptors that
  /// were kept.
  ///
  /// @param program its path
  /// @param arguments its own name first
  /// @param environment `NAME=value` each
  /// @return `-errno`; if it works, this does not return
  public static int become(String program, List<String> arguments, List<String> environment) {
    try (var arena = Arena.ofConfined()) {
      return (int)
          Posix.call(
              EXECVE,
              arena.allocateFrom(program).address(),
              pointers(arena, arguments),
              pointers(arena, environment),
              0,
              0);
    }
  }

  private static long pointers(Arena arena, List<String> strings) {
    var pointers = arena.allocate(ADDRESS, strings.size() + 1);
    for (var i = 0; i < strings.size(); i++) {
      pointers.setAtIndex(ADDRESS, i, arena.allocateFrom(strings.get(i)));
    }
    return pointers.address();
  }

  /// Lets a descriptor outlive [#become], or not.
  ///
  /// @param fd open
  /// @param keep whether it does
  /// @return 0, or `-errno`
  public static int keep(int fd, boolean keep) {
    return (int) Posix.call(FCNTL, fd, F_SETFD, keep ? 0 : 1, 0, 0);
  }

  /// Becomes another user, with that user's groups, for good and in every thread.
  ///
  /// @param user known to the system
  /// @param group known to the system; empty for the user's own
  /// @return 0, or `-errno`; `-ENOENT` if one of them is not known, before anything is changed
  public static int user(String user, String group) {
    try (var arena = Arena.ofConfined()) {
      var name = arena.allocateFrom(JAVA_BYTE, (user + '\0').getBytes(UTF_8)).address();
      var entry = entry(GETPWNAM, name);
      if (entry.address() == 0) {
        return -Errno.ENOENT;
      }
      var uid = entry.get(JAVA_INT, PASSWD_UID);
      var gid = entry.get(JAVA_INT, PASSWD_GID);
      if (!group.isEmpty()) {
        var other = entry(GETGRNAM, arena.allocateFrom(group).address());
        if (other.address() == 0) {
          return -Errno.ENOENT;
        }
        gid = other.get(JAVA_INT, PASSWD_UID);
      }
      var result = Posix.call(INITGROUPS, name, gid, 0, 0, 0);
      result = result < 0 ? result : Posix.call(SETGID, gid, 0, 0, 0, 0);
      return (int) (result < 0 ? result : Posix.call(SETUID, uid, 0, 0, 0, 0));
    }
  }

  private static MemorySegment entry(MethodHandle call, long name) {
    var address = Posix.call(call, name, 0, 0, 0, 0);
    return MemorySegment.ofAddress(Math.max(0, address)).reinterpret(PASSWD_BYTES);
  }
}
