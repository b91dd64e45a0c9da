package net.eventlet.wsgi;

import java.io.IOException;

/// What a server refuses: it answers, and closes the connection. An application meets it where it
/// reads a body that is not what it should be, and does best to let it pass.
public final class BadRequest extends IOException {

  private static final long serialVersionUID = 1;

  private final int status;

  BadRequest(int status, String why) {
    super(why);
    this.status = status;
  }

  /// {@return the status that says so, such as 400}
  public int status() {
    return status;
  }
}
