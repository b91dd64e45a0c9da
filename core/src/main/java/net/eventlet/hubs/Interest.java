package net.eventlet.hubs;

/// What a descriptor is watched for.
public enum Interest {
  /// Nothing.
  NONE,
  /// Bytes to read, a connection to accept, or the end.
  READ,
  /// Room to write, or a connection made.
  WRITE,
  /// Either.
  BOTH;

  /// {@return whether this includes reading}
  public boolean reads() {
    return this == READ || this == BOTH;
  }

  /// {@return whether this includes writing}
  public boolean writes() {
    return this == WRITE || this == BOTH;
  }

  static Interest of(boolean read, boolean write) {
    if (read) {
      return write ? BOTH : READ;
    }
    return write ? WRITE : NONE;
  }
}
