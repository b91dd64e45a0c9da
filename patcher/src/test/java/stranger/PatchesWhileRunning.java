package stranger;

import net.eventlet.Eventlet;
import net.eventlet.TPool;
import net.eventlet.patcher.Module;
import net.eventlet.patcher.Patcher;

/// Patches itself after its library was loaded and used.
final class PatchesWhileRunning {

  private PatchesWhileRunning() {}

  public static void main(String[] args) throws Exception {
    Eventlet.run(() -> {
      System.out.println(Threads.kinds());
      Patcher.monkeyPatch();
      Patcher.monkeyPatch(Module.THREAD);
      System.out.println(Patcher.isMonkeyPatched(Module.THREAD));
      System.out.println(Threads.kinds());
      System.out.println(Threads.life());
      System.out.println(TPool.execute(Threads::kinds));
    });
    System.out.println(Threads.life());
  }
}
