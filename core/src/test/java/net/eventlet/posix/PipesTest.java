package net.eventlet.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipesTest {

  private static final int NOWHERE = 1_000_000; // more than a process may open here

  private final Scratch scratch = Scratch.borrow();

  @TempDir private Path folder;

  @AfterEach
  void giveBack() {
    scratch.close();
  }

  @Test
  void bytesGoThroughAPipeToItsEnd() {
    assertEquals(0, Pipes.pipe(scratch));
    var source = scratch.getInt(0);
    var sink = scratch.getInt(4);
    assertEquals(0, Posix.adopt(scratch, source));
    var into = new byte[4];

    assertEquals(-Errno.EAGAIN, Pipes.read(scratch, source, MemorySegment.ofArray(into)));
    assertEquals(3, Pipes.write(scratch, sink, MemorySegment.ofArray(new byte[] {1, 2, 3})));
    assertEquals(3, Pipes.read(scratch, source, MemorySegment.ofArray(into)));
    assertArrayEquals(new byte[] {1, 2, 3, 0}, into);
    Posix.close(sink);
    assertEquals(0, Pipes.read(scratch, source, MemorySegment.ofArray(into)));
    Posix.close(source);
  }

  @Test
  void aPipeThatNobodyReadsIsBroken() {
    assertEquals(0, Pipes.pipe(scratch));
    var sink = scratch.getInt(4);
    Posix.close(scratch.getInt(0));

    assertEquals(-Errno.EPIPE, Pipes.write(scratch, sink, MemorySegment.ofArray(new byte[1])));

    Posix.close(sink);
  }

  @Test
  void aPairOfSocketsIsConnected() {
    assertEquals(0, Pipes.socketPair(scratch));
    var near = scratch.getInt(0);
    var far = scratch.getInt(4);

    assertEquals(1, Posix.send(scratch, near, MemorySegment.ofArray(new byte[] {7}), 0));
    var into = new byte[2];
    assertEquals(1, Posix.receive(scratch, far, MemorySegment.ofArray(into), 0));
    assertEquals(7, into[0]);
    assertEquals(Pipes.SOCKET, Pipes.kind(scratch, near));

    Posix.close(near);
    Posix.close(far);
  }

  @Test
  void aFileInMemoryIsReadFromItsBeginning() {
    var bytes = "0123456789".repeat(100_000).getBytes(UTF_8);
    var file = Pipes.memoryFile(scratch, bytes);
    try (var arena = Arena.ofConfined()) {
      var room = arena.allocate(bytes.length + 1);

      assertEquals(bytes.length, Pipes.readBlocking(file, room));
      assertEquals('9', room.get(JAVA_BYTE, bytes.length - 1));
      assertEquals(0, Pipes.readBlocking(file, room));
    }
    Posix.close(file);
  }

  @Test
  void filesAreOpenedMadeEmptiedAndAddedTo() throws IOException {
    var path = folder.resolve("file");
    var write = Pipes.O_WRONLY | Pipes.O_CREAT;

    assertEquals(-Errno.ENOENT, Pipes.open(zeroed(path), Pipes.O_RDONLY));
    put(path, write, "long");
    put(path, write | Pipes.O_TRUNC, "ab");
    put(path, write | Pipes.O_APPEND, "c");

    assertEquals("abc", Files.readString(path));
  }

  private static void put(Path path, int flags, String text) {
    var file = Pipes.open(zeroed(path), flags);
    try (var arena = Arena.ofConfined()) {
      var bytes = arena.allocateFrom(text);
      assertEquals(text.length(), Pipes.writeBlocking(file, bytes.asSlice(0, text.length())));
    }
    Posix.close(file);
  }

  @Test
  void kindsAreToldApart() throws IOException {
    var file = Files.writeString(folder.resolve("file"), "");

    assertEquals(Pipes.REGULAR, Pipes.kind(zeroed(file)));
    assertEquals(Pipes.FOLDER, Pipes.kind(zeroed(folder)));
    assertEquals(-Errno.ENOENT, Pipes.kind(zeroed(folder.resolve("none"))));
    assertEquals(-Errno.EBADF, Pipes.kind(scratch, NOWHERE));
    assertFalse(Pipes.isExecutable(zeroed(file)));
    assertFalse(Pipes.isExecutable(zeroed(folder)));
    assertTrue(file.toFile().setExecutable(true));
    assertTrue(Pipes.isExecutable(zeroed(file)));
  }

  @Test
  void aDuplicateHasAnotherNumberAndLivesOn() {
    assertEquals(0, Pipes.pipe(scratch));
    var source = scratch.getInt(0);
    var sink = scratch.getInt(4);

    var other = Pipes.duplicate(sink, 500);
    Posix.close(sink);

    assertTrue(other >= 500, () -> "it is " + other);
    assertEquals(1, Pipes.write(scratch, other, MemorySegment.ofArray(new byte[1])));
    assertEquals(-Errno.EBADF, Pipes.duplicate(NOWHERE, 0));
    Posix.close(other);
    Posix.close(source);
  }

  private static byte[] zeroed(Path path) {
    return (path + "\0").getBytes(UTF_8);
  }
}
