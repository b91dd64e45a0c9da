package net.eventlet.launch;

/// Why a program could not be started, in words for whoever typed the command.
final class LaunchException extends Exception {

  private static final long serialVersionUID = 1;

  LaunchException(String message) {
    super(message);
  }
}
