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

/// The monitors that the JVM notes with the calling thread rather than in the monitor.
///
/// A thread that enters a monitor which nobody wants puts it on its lock stack. A continuation that
/// is left takes the whole stack along: right for a virtual thread, whose only continuation it is,
/// but a nested one robs those who run it of their monitors, without a word. A monitor that the
/// stack has no room for knows its owner itself, and stays with the thread. So before a nested
/// continuation is entered or left, the stack is emptied, by filling it.
///
/// Whether there is anything to empty is read from the JVM's memory, at a place that it names to
/// debuggers; where that cannot be found the stack is filled each time, which costs as much as all
/// the rest of a switch.
///
/// Source: `lockStack.hpp`, `lightweightSynchronizer.cpp`, `continuationFreezeThaw.cpp` and
/// `vmStructs.hpp` of JDK 25.
final class LockStack {

  private static final int CAPACITY = 8;
  private static final int MONITOR_BYTES = 8;

  // An entry of the JVM's table of its fields: where what stands, in bytes.
  private static final int TYPE_NAME = 0;
  private static final int FIELD_NAME = 8;
  private static final int OFFSET = 32;
  private static final int ENTRY_BYTES = 48;

  private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  private static final MethodHandle CARRIER =
      Inside.method("java.lang.Thread", "currentCarrierThread");
  private static final MethodHandle JVM_THREAD =
      Inside.field(Thread.class, "eetop", Thread.class, long.class);

  private static final int TOP; // offset in the JVM's thread; 0 if it cannot be known
  private static final int EMPTY; // what stands there when the stack is empty

  static {
    var stack = offset("JavaThread", "_lock_stack");
    var top = offset("LockStack", "_top");
    var base = offset("LockStack", "_base[0]");
    var known = stack.isPresent() && top.isPresent() && base.isPresent();
    var place = known ? stack.getAsInt() + top.getAsInt() : 0;
    TOP = known && grows(place) ? place : 0;
    EMPTY = known ? stack.getAsInt() + base.getAsInt() : 0;
  }

  private LockStack() {}

  /// Lets the calling thread's monitors know who owns them.
  static void empty() {
    if (TOP == 0 || top(TOP) != EMPTY) {
      fill(new Object[CAPACITY], 0);
      if (TOP != 0 && top(TOP) != EMPTY) {
        throw new AssertionError("the lock stack could not be emptied; please report this");
      }
    }
  }

  /// Initialises this class.
  ///
  /// @return whether the JVM's memory tells if there is anything to empty
  static boolean link() {
    return TOP != 0;
  }

  private static void fill(Object[] monitors, int index) {
    var monitor = new Object();
    monitors[index] = monitor;
    synchronized (monitor) {
      if (index + 1 < monitors.length) {
        fill(monitors, index + 1);
      }
    }
  }

  private static int top(int place) {
    try {
      return MEMORY.get(JAVA_INT, (long) JVM_THREAD.invokeExact((Thread) CARRIER.invokeExact()) + place);
    } catch (Throwable e) {
      throw Coroutine.rethrow(e);
    }
  }

  /// {@return whether what stands at a place is what it is taken for}
  private static boolean grows(int place) {
    var monitor = new Object();
    var before = top(place);
    synchronized (monitor) {
      return top(place) == before + MONITOR_BYTES;
    }
  }

  private static OptionalInt offset(String type, String field) {
    try {
      var jvm = Path.of(System.getProperty("java.home"), "lib", "server", "libjvm.so");
      var table =
          SymbolLookup.libraryLookup(jvm, Arena.global())
              .find("gHotSpotVMStructs")
              .map(symbol -> symbol.reinterpret(ADDRESS.byteSize()).get(JAVA_LONG, 0))
              .orElse(0L);
      for (var entry = table; entry != 0 && word(entry + TYPE_NAME) != 0; entry += ENTRY_BYTES) {
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
