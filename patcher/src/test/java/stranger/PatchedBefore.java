package stranger;

import net.eventlet.Eventlet;
import net.eventlet.patcher.Module;
import net.eventlet.patcher.Patcher;

/// Uses its library, patched or not.
final class PatchedBefore {

  private PatchedBefore() {}

  public static void main(String[] args) throws Exception {
    System.out.println(Patcher.isMonkeyPatched(Module.THREAD));
    Eventlet.run(() -> {
      System.out.println(Threads.kinds());
      System.out.println(Threads.life());
    });
    System.out.println(Threads.kinds());
  }
}
