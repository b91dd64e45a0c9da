package net.eventlet.spawning;

import picocli.CommandLine.IVersionProvider;

/// What `--version` says.
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    var version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "spawn (Eventlet for Java) " + (version == null ? "unreleased" : version),
      "Java " + Runtime.version()
    };
  }
}
