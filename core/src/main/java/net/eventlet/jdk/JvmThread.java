package net.eventlet.jdk;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.OptionalInt;

/// What the JVM knows of the calling thread, and tells debuggers only: which monitors it holds, and
/// how much of its stack is left.
///
/// **Monitors.** A thread that enters a monitor which nobody wants puts it on its *lock stack*. A
/// continuation that is left takes that stack along: right for a virtual thread's, but a nested one
/// robs those under it of their monitors, without a word. A monitor that the stack has no room for
/// knows its owner itself, and stays with the thread. So before a nested continuation is entered or
/// left, the stack is emptied, by filling it.
///
/// **Room.** A continuation that does not fit on what is left of the stack should be a
/// [StackOverflowError]; where it is nested, the JVM crashes.
///
/// Both are read from the JVM's memory, at places that it lists for debuggers. Where it does not
/// list them, the lock stack is filled each time, which costs as much as all the rest of a switch,
/// and everything is taken to fit.
///
/// Source: `lockStack.hpp`, `lightweightSynchronizer.cpp`, `continuationFreezeThaw.cpp` and
/// `vmStructs.cpp` of JDK 25.
@SuppressWarnings("restricted") // what is read of the JVM's memory is checked first
final class JvmThread {

  private static final int MONITORS = 8; // that a lock stack has room for
  private static final int MONITOR_BYTES = 8;

  /// What the JVM wants to be free of every stack at all times, and then some.
  private static final int RESERVED_BYTES = 128 * 1024;

  // An entry of the JVM's list: where what stands, in bytes.
  private static final int TYPE_NAME = 0;
  private static final int FIELD_NAME = 8;
  private static final int OFFSET = 32;
  private static final int ENTRY_BYTES = 48;

  private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  private static final MethodHandle POINTER =
      Inside.field(Thread.class, "eetop", Thread.class, long.class);

  // Offsets in the JVM's thread; 0 if not known.
  private static final int LOCKS_TOP;
  private static final int STACK_BASE = offset("JavaThread", "_stack_base").orElse(0);
  private static final int STACK_SIZE = offset("JavaThread", "_stack_size").orElse(0);
  private static final int CONTINUATION = offset("JavaThread", "_cont_entry").orElse(0);

  private static final int NO_LOCKS; // what stands at LOCKS_TOP then

  static {
    var stack = offset("JavaThread", "_lock_stack");
    var top = offset("LockStack", "_top");
    var base = offset("LockStack", "_base[0]");
    var listed = stack.isPresent() && top.isPresent() && base.isPresent();
    var place = listed ? stack.getAsInt() + top.getAsInt() : 0;
    NO_LOCKS = listed ? stack.getAsInt() + base.getAsInt() : 0;
    LOCKS_TOP = listed && tellsMonitors(place) ? place : 0;
  }

  private JvmThread() {}

  /// {@return whether the JVM lists what is read of its memory}
  static boolean listed() {
    return LOCKS_TOP != 0 && STACK_BASE != 0 && STACK_SIZE != 0 && CONTINUATION != 0;
  }

  /// Lets the monitors that the thread holds know their owner, so that no continuation takes them
  /// along.
  static void keepMonitors() {
    if (LOCKS_TOP == 0 || locksTop(LOCKS_TOP) != NO_LOCKS) {
      hold(new Object[MONITORS], 0);
      if (LOCKS_TOP != 0 && locksTop(LOCKS_TOP) != NO_LOCKS) {
        throw new AssertionError("the lock stack could not be emptied; please report this");
      }
    }
  }

  private static void hold(Object[] monitors, int index) {
    var monitor = new Object();
    monitors[index] = monitor;
    synchronized (monitor) {
      if (index + 1 < monitors.length) {
        hold(monitors, index + 1);
      }
    }
  }

  private static int locksTop(int place) {
    return MEMORY.get(JAVA_INT, pointer() + place);
  }

  /// {@return whether what stands at a place tells how many monitors are held}
  private static boolean tellsMonitors(int place) {
    hold(new Object[MONITORS], 0);
    var monitor = new Object();
    synchronized (monitor) {
      if (locksTop(place) != NO_LOCKS + MONITOR_BYTES) {
        return false;
      }
    }
    return locksTop(place) == NO_LOCKS;
  }

  /// {@return how many bytes of stack there are for more continuations} Must be called in one, and
  /// is what there was when that was entered.
  static long room() {
    if (STACK_BASE == 0 || STACK_SIZE == 0 || CONTINUATION == 0) {
      return Long.MAX_VALUE;
    }
    var thread = pointer();
    var end = word(thread + STACK_BASE) - word(thread + STACK_SIZE);
    return word(thread + CONTINUATION) - end - RESERVED_BYTES;
  }

  private static long pointer() {
    try {
      return (long) POINTER.invokeExact(Jdk.currentCarrier());
    } catch (Throwable e) {
      throw Coroutine.rethrow(e);
    }
  }

  private static OptionalInt offset(String type, String field) {
    try {
      var jvm = Path.of(System.getProperty("java.home"), "lib", "server", "libjvm.so");
      var list =
          SymbolLookup.libraryLookup(jvm, Arena.global())
              .find("gHotSpotVMStructs")
              .map(symbol -> symbol.reinterpret(ADDRESS.byteSize()).get(JAVA_LONG, 0))
              .orElse(0L);
      for (var entry = list; entry != 0 && word(entry + TYPE_NAME) != 0; entry += ENTRY_BYTES) {
        if (text(entry + TYPE_NAME).equals(type) && text(entry + FIELD_NAME).equals(field)) {
          return OptionalInt.of((int) word(entry + OFFSET));
        }
      }
    } catch (IllegalArgumentException e) {
      return OptionalInt.empty(); // no such library
    }
    return OptionalInt.empty();
  }

  private static long word(long address) {
    return MEMORY.get(JAVA_LONG, address);
  }

  private static String text(long address) {
    return MEMORY.getString(word(address));
  }
}
