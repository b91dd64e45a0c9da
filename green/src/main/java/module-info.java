import org.jspecify.annotations.NullMarked;

/// The rest of the standard library, made green.
@NullMarked
module net.eventlet.green {
  requires static transitive org.jspecify;
  requires transitive net.eventlet.core;
  requires java.management;
  requires jdk.jfr;

  exports net.eventlet.green;

  provides java.net.spi.InetAddressResolverProvider with
      net.eventlet.green.NamesProvider;
}
