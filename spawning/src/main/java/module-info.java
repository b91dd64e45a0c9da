import org.jspecify.annotations.NullMarked;

/// Spawning: an application on as many processes as wanted, kept alive and replaced without a lost
/// request.
@NullMarked
module net.eventlet.spawning {
  requires static transitive org.jspecify;
  requires transitive net.eventlet.wsgi;
  requires net.eventlet.green;
  requires info.picocli;
  requires jdk.unsupported; // signals

  exports net.eventlet.spawning;

  opens net.eventlet.spawning to
      info.picocli;
}
