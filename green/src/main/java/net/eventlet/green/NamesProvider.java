package net.eventlet.green;

import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;

/// What the JDK finds when it looks for a resolver, at the first look-up of a process: see [Names].
public final class NamesProvider extends InetAddressResolverProvider {

  /// Creates it, which the JDK does.
  public NamesProvider() {}

  @Override
  public InetAddressResolver get(Configuration configuration) {
    return Names.over(configuration.builtinResolver());
  }

  @Override
  public String name() {
    return "Eventlet";
  }
}
