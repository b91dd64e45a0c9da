package net.eventlet;

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
    super(new KernelDatagramSocket());
    if (address != null) {
      try {
        bind(address);
      } catch (SocketException failure) {
        close();
        throw failure;
      }
    }
  }
}
