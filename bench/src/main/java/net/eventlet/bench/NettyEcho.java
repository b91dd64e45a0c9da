package net.eventlet.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// What does an echo cost on Netty's native epoll, with one event loop?
///
/// Netty's own echo server: written as it is read, flushed when a read is complete, one handler for
/// all connections. The flags that [Rows] gives it are those that Netty documents for speed: no
/// leak detection, no checks of buffers, `Unsafe` allowed.
///
/// Source: Netty's `io.netty.example.echo.EchoServer`.
///
/// Run: `make bench ARGS=echo`; the port is the first line of output, and the argument the seconds
/// until it ends.
final class NettyEcho {

  private NettyEcho() {}

  /// Serves.
  ///
  /// @param arguments seconds until it ends
  /// @throws Exception if it cannot listen
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(arguments);
    var handler = new Echo();
    var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    try (group) {
      var server =
          new ServerBootstrap()
              .group(group)
              .channel(EpollServerSocketChannel.class)
              .option(ChannelOption.SO_BACKLOG, 4096)
              .childOption(ChannelOption.TCP_NODELAY, true)
              .childHandler(
                  new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                      channel.pipeline().addLast(handler);
                    }
                  })
              .bind(InetAddress.getLoopbackAddress(), 0)
              .sync()
              .channel();
      System.out.println(((InetSocketAddress) server.localAddress()).getPort());
      server.closeFuture().sync();
    }
  }

  @ChannelHandler.Sharable
  @SuppressWarnings("FutureReturnValueIgnored") // a failure arrives at exceptionCaught
  private static final class Echo extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.write(message, context.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
