package stranger;

import java.util.concurrent.FutureTask;
import net.eventlet.Eventlet;
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
      var elsewhere = new FutureTask<>(Threads::kinds);
      Thread.ofPlatform().start(elsewhere);
      System.out.println(elsewhere.get());
    });
    System.out.println(Threads.life());
  }
}
