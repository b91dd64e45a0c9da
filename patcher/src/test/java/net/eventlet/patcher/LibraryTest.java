package net.eventlet.patcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LibraryTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "com.example.*", "com/example", "com..example", ".com", "com. x"})
  void whatNamesNoPackageIsRefused(String name) {
    var refusal = assertThrows(IllegalArgumentException.class, () -> Patcher.importPatched(name));

    assertEquals(
        "this names no package or class, as com.example.lib does: \"" + name + '"',
        refusal.getMessage());
  }

  @Test
  void itSaysWhatItIsOf() {
    assertEquals(
        "Library[com.example, app.Übersetzer$Leser]",
        Patcher.importPatched("com.example", "app.Übersetzer$Leser").toString());
  }
}
