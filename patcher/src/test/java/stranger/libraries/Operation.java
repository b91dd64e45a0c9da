package stranger.libraries;

/// What a program does with a library, over and over.
public interface Operation {

  /// Gets ready: makes the client.
  ///
  /// @param port of the server, on the loopback interface
  /// @param most operations at once
  void open(int port, int most) throws Exception;

  /// Does it once.
  ///
  /// @param number of the operation
  /// @return what the server answered
  String once(int number) throws Exception;

  /// Closes the client.
  void close() throws Exception;
}
