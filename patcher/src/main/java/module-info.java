import org.jspecify.annotations.NullMarked;

/// Libraries made to cooperate unchanged.
@NullMarked
module net.eventlet.patcher {
  requires static transitive org.jspecify;
  requires transitive net.eventlet.green;
  requires transitive java.instrument;
  requires java.management;
  requires jdk.management; // the command that loads an agent into a running program

  exports net.eventlet.patcher;
}
