package net.eventlet;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/// A datagram socket that parks the green thread which waits on it: a [DatagramSocket], for every
/// library that takes one.
///
/// What waits: [#receive], for at most [#setSoTimeout(int)], and [#send] when there is no room. To
/// close it, from anywhere, wakes whoever waits with a [SocketException]; to kill the waiting green
/// thread leaves it open.
///
/// Source: `eventlet/greenio/base.py`, `GreenSocket.recvfrom` and `sendto`.
public final class GreenDatagramSocket extends DatagramSocket {

  private final KernelDatagramSocket socket;

  /// Creates a socket on any free port of the wildcard address.
  ///
  /// @throws SocketException if the kernel refuses
  public GreenDatagramSocket() throws SocketException {
    this(new InetSocketAddress(0));
  }

  /// Creates a socket.
  ///
  /// @param address its own; null leaves it unbound
  /// @throws java.net.BindException if another socket has the address, or this machine has not
  /// @throws SocketException if the kernel refuses
  public GreenDatagramSocket(@Nullable SocketAddress address) throws SocketException {
    this(new KernelDatagramSocket(), address);
  }

  private GreenDatagramSocket(KernelDatagramSocket socket, @Nullable SocketAddress address)
      throws SocketException {
    super(socket);
    this.socket = socket;
    if (address != null) {
      try {
        bind(address);
      } catch (SocketException failure) {
        close();
        throw failure;
      }
    }
  }

  /// Waits for a datagram. What there is no room for is cut off.
  ///
  /// @param packet takes it
  /// @throws java.net.SocketTimeoutException if [#setSoTimeout(int)] was set and the time runs out
  /// @throws IllegalStateException if another thread already waits for one
  /// @throws IOException if this is closed, before or meanwhile, or the kernel refuses
  @Override
  public void receive(DatagramPacket packet) throws IOException {
    if (isClosed()) {
      throw new SocketException("Socket is closed");
    }
    socket.receive(packet); // not through DatagramSocket, which would hold its lock meanwhile
  }
}
