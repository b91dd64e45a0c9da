package net.eventlet.jdk;

import java.io.IOException;

/// Who takes over when one of the JDK's sockets has to wait.
public interface SocketWaits {

  /// Asks that the calling thread be unparked once a descriptor is ready. The JDK parks it next.
  ///
  /// @param fd a non-blocking descriptor of the JDK's
  /// @param write whether to wait for room to write, rather than something to read
  /// @return whether the caller is one of ours; if not, the JDK does what it always did
  /// @throws IOException if the kernel refuses
  boolean begin(int fd, boolean write) throws IOException;

  /// Ends what [#begin] asked for; the calling thread is the same.
  ///
  /// @param fd as it was given
  /// @param write as it was given
  /// @return whether the caller is one of ours
  boolean end(int fd, boolean write);
}
