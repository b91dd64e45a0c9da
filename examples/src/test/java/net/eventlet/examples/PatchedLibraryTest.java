package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatchedLibraryTest {

  @Test
  void itsThreadsAreGreenWhereItIsLoadedPatched() throws IOException {
    var printed = Program.output(PatchedLibrary.class);

    assertEquals(
        List.of(
            "as it is, reports are made in a platform thread",
            "patched, they are made in a green thread"),
        printed);
  }
}
