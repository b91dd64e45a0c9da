import java.util.concurrent.locks.*;
public class P { 
  static boolean parks() throws Exception { var self=Thread.currentThread(); var f=new java.util.concurrent.atomic.AtomicBoolean();
    Thread.ofPlatform().start(()->{ try{Thread.sleep(50);}catch(Exception e){} f.set(true); LockSupport.unpark(self);}); LockSupport.park(); boolean r=f.get(); while(!f.get()) Thread.sleep(1); return r;}
  public static void main(String[] a) throws Exception {
    for (var kind : new String[]{"sleep","self","lock"}) {
    var t=Thread.ofVirtual().start(()->{ try { 
      var l=new ReentrantLock();
      try { if(kind.equals("sleep")) Thread.sleep(100000); else if(kind.equals("self")) Thread.currentThread().interrupt(); else LockSupport.park(); } catch(InterruptedException e){} 
      Thread.interrupted(); System.out.println(kind+" parks after: "+parks()); } catch(Exception e){e.printStackTrace();} });
    Thread.sleep(50); t.interrupt(); t.join(); }
  }
}
