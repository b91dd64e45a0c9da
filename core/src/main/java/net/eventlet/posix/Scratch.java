package net.eventlet.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedDeque;

/// A little native memory for one system call at a time: where `errno` lands, and room for an
/// address.
///
/// A hub keeps one for all its green threads, since a call never parks. Others [borrow][#borrow()]
/// one and close it, which gives it back; the memory itself is never freed.
public final class Scratch implements AutoCloseable {

  /// Bytes of room for arguments; a Unix-domain address takes 110.
  public static final int BYTES = 256;

  private static final ConcurrentLinkedDeque<Scratch> FREE = new ConcurrentLinkedDeque<>();

  /// Where a failing call leaves its error number.
  final MemorySegment errno;

  private final MemorySegment bytes;

  private Scratch() {
    var memory = Arena.global().allocate(BYTES + 16, 16);
    bytes = memory.asSlice(0, BYTES);
    errno = memory.asSlice(BYTES, 4);
  }

  /// {@return a scratch that nobody else uses until it is closed}
  public static Scratch borrow() {
    var free = FREE.pollLast();
    return free == null ? new Scratch() : free;
  }

  /// {@return the room for arguments: [#BYTES] bytes, with whatever the last call left there}
  public MemorySegment bytes() {
    return bytes;
  }

  /// {@return the address of [#bytes()]}
  public long address() {
    return bytes.address();
  }

  /// Puts an `int` into the room.
  ///
  /// @param offset in bytes
  /// @param value in the machine's order
  public void putInt(int offset, int value) {
    bytes.set(JAVA_INT, offset, value);
  }

  /// {@return an `int` from the room}
  ///
  /// @param offset in bytes
  public int getInt(int offset) {
    return bytes.get(JAVA_INT, offset);
  }

  /// Puts a `long` into the room.
  ///
  /// @param offset in bytes
  /// @param value in the machine's order
  public void putLong(int offset, long value) {
    bytes.set(JAVA_LONG, offset, value);
  }

  /// Puts a `short` into the room.
  ///
  /// @param offset in bytes
  /// @param value in the machine's order
  public void putShort(int offset, int value) {
    bytes.set(JAVA_SHORT, offset, (short) value);
  }

  /// {@return a `short` from the room, unsigned}
  ///
  /// @param offset in bytes
  public int getShort(int offset) {
    return Short.toUnsignedInt(bytes.get(JAVA_SHORT, offset));
  }

  /// Puts bytes into the room.
  ///
  /// @param offset in bytes
  /// @param values all of them go in
  public void putBytes(int offset, byte[] values) {
    MemorySegment.copy(values, 0, bytes, JAVA_BYTE, offset, values.length);
  }

  /// {@return a copy of bytes from the room}
  ///
  /// @param offset in bytes
  /// @param count how many
  public byte[] getBytes(int offset, int count) {
    var copy = new byte[count];
    MemorySegment.copy(bytes, JAVA_BYTE, offset, copy, 0, count);
    return copy;
  }

  /// Fills the room with zeros.
  public void clear() {
    bytes.fill((byte) 0);
  }

  /// Gives this scratch back.
  @Override
  public void close() {
    FREE.addLast(this);
  }
}
