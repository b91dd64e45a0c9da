import org.jspecify.annotations.NullMarked;

/// Libraries made to cooperate unchanged.
@NullMarked
module net.eventlet.patcher {
  requires static transitive org.jspecify;
  requires transitive net.eventlet.green;
  requires java.instrument;
}
