package net.eventlet.wsgi.websocket;

/// What one end sends and the other receives.
public sealed interface Message {

  /// A text.
  ///
  /// @param text of any length, empty too
  record Text(String text) implements Message {}

  /// Bytes.
  ///
  /// @param bytes of any number, none too; not copied
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  record Binary(byte[] bytes) implements Message {}
}
