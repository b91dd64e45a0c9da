package net.eventlet.wsgi;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import net.eventlet.GreenConnection;
import net.eventlet.GreenSocket;
import org.jspecify.annotations.Nullable;

/// What there is of a client while it rests: its socket, and what has to be known when it sends
/// something. Some two hundred bytes, the socket among them.
///
/// ```
///   silent ──────► waiting ──► served ──► over
///                     ▲          │
///                     └─ resting ◄┘
/// ```
final class Client implements Runnable {

  private final Worker worker;
  private final GreenSocket socket;
  private final @Nullable InetAddress from; // null unless connections are counted by address
  private GreenConnection wire; // what encrypts over the socket, or itself
  private @Nullable SocketAddress remote; // null unless a proxy told
  private @Nullable Connection connection; // null unless it is served
  private int requests;
  private boolean over;

  long dueNanos; // when it has rested for too long; its lobby's
  @Nullable Clients list; // that it is in; and there, the list's own
  @Nullable Client previous;
  @Nullable Client next;

  Client(Worker worker, GreenSocket socket, @Nullable InetAddress from) {
    this.worker = worker;
    this.socket = socket;
    this.from = from;
    wire = socket;
  }

  /// It has sent something, or is gone.
  @Override
  public void run() {
    if (!over) {
      worker.arrived(this);
    }
  }

  GreenSocket socket() {
    return socket;
  }

  @Nullable InetAddress from() {
    return from;
  }

  /// {@return what is read from and written to}
  GreenConnection wire() {
    return wire;
  }

  boolean secure() {
    return wire != socket;
  }

  /// Speaks TLS from now on.
  void secure(GreenConnection encrypting) {
    wire = encrypting;
  }

  /// {@return its address, or that of the proxy before it}
  @Nullable SocketAddress remote() {
    return remote == null ? socket.getRemoteSocketAddress() : remote;
  }

  /// A proxy says for whom it speaks.
  void remote(@Nullable SocketAddress told) {
    remote = told;
  }

  /// {@return how many requests it sent}
  int requests() {
    return requests;
  }

  /// Counts another request.
  void asked() {
    if (requests < Integer.MAX_VALUE) {
      requests++;
    }
  }

  @Nullable Connection connection() {
    return connection;
  }

  void servedBy(@Nullable Connection by) {
    connection = by;
  }

  /// Ends it, once; what is on its way still goes.
  ///
  /// @return whether this call ended it
  /// @throws IOException if its end cannot be told to it
  boolean close() throws IOException {
    if (over) {
      return false;
    }
    over = true;
    try {
      wire.close();
    } finally {
      socket.close();
    }
    return true;
  }

  @Override
  public String toString() {
    return Exchange.nameOf(remote());
  }
}
