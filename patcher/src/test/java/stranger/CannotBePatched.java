package stranger;

import net.eventlet.patcher.Module;
import net.eventlet.patcher.Patcher;

/// Tries to patch itself, and prints what it is told.
final class CannotBePatched {

  private CannotBePatched() {}

  public static void main(String[] args) {
    try {
      Patcher.monkeyPatch();
      System.out.println("patched");
    } catch (IllegalStateException e) {
      System.out.println(e.getMessage());
    }
    System.out.println(Patcher.isMonkeyPatched(Module.THREAD));
  }
}
