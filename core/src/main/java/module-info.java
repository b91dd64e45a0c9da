import org.jspecify.annotations.NullMarked;

/// Green threads on a hub: asynchronous I/O with a synchronous attitude.
///
/// [net.eventlet] is what programs use; [net.eventlet.hubs] is for those who build on the hub
/// itself, or bring their own clock, poller or run order. Everything else is private to this
/// module.
@NullMarked
@SuppressWarnings("module") // the friends are built after this one
module net.eventlet.core {
  requires static transitive org.jspecify;
  requires static java.compiler;

  uses java.net.spi.InetAddressResolverProvider;

  exports net.eventlet;
  exports net.eventlet.greenlet;
  exports net.eventlet.hubs;
  exports net.eventlet.posix to
      net.eventlet.green,
      net.eventlet.patcher,
      net.eventlet.spawning,
      net.eventlet.wsgi;
}
