package net.eventlet.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScratchTest {

  @Test
  void twoThatAreBorrowedAtOnceAreDifferentOnes() {
    try (var one = Scratch.borrow();
        var other = Scratch.borrow()) {
      assertNotEquals(one.address(), other.address());
    }
  }

  @Test
  void whatIsGivenBackIsLentAgain() {
    long address;
    try (var scratch = Scratch.borrow()) {
      address = scratch.address();
    }

    try (var again = Scratch.borrow()) {
      assertEquals(address, again.address());
    }
  }

  @Test
  void nobodyElseUsesWhatIsBorrowed() throws Exception {
    Callable<Boolean> user =
        () -> {
          for (var i = 0; i < 20_000; i++) {
            try (var scratch = Scratch.borrow()) {
              scratch.putLong(0, Thread.currentThread().threadId());
              scratch.putInt(8, i);
              Thread.onSpinWait();
              assertEquals((int) Thread.currentThread().threadId(), scratch.getInt(0));
              assertEquals(i, scratch.getInt(8));
            }
          }
          return true;
        };

    try (var threads = Executors.newFixedThreadPool(4)) {
      for (var future : threads.invokeAll(IntStream.range(0, 4).mapToObj(_ -> user).toList())) {
        future.get();
      }
    }
  }

  @Test
  void valuesComeBackInTheMachinesOrder() {
    try (var scratch = Scratch.borrow()) {
      scratch.putShort(0, 65_535);
      scratch.putInt(4, -2);
      scratch.putBytes(8, new byte[] {1, 2, 3});

      assertEquals(65_535, scratch.getShort(0));
      assertEquals(-2, scratch.getInt(4));
      assertArrayEquals(new byte[] {1, 2, 3}, scratch.getBytes(8, 3));
      scratch.clear();
      assertArrayEquals(new byte[Scratch.BYTES], scratch.getBytes(0, Scratch.BYTES));
    }
  }

  @Test
  void thereIsNoRoomBehindTheRoom() {
    try (var scratch = Scratch.borrow()) {
      assertThrows(IndexOutOfBoundsException.class, () -> scratch.putLong(Scratch.BYTES - 4, 1));
    }
  }
}
