package net.eventlet.green;

/// To which group of processes a child belongs, which is what signals go to.
public enum ProcessGroup {

  /// The starter's: it gets the terminal's signals, such as that of Ctrl-C, and may read from it.
  /// To end the child leaves alone what it started.
  SAME,

  /// One of its own, unless told otherwise: to end the child ends what it started as well.
  OWN,

  /// One of its own, in a session of its own, without a terminal: for daemons.
  SESSION
}
