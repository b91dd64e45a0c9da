package net.eventlet.wsgi.websocket;

import java.io.IOException;

/// Something that the other end must not do, and the code that it is told.
final class Violation extends IOException {

  private static final long serialVersionUID = 1;

  private final int code;

  Violation(int code, String reason) {
    super(reason);
    this.code = code;
  }

  CloseStatus status() {
    return new CloseStatus(code, String.valueOf(getMessage()));
  }

  /// {@return this, without a stack: the other end is to blame}
  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
