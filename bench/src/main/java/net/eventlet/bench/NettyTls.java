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
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/// What does TLS cost on Netty's native epoll, with the JDK's own engine and one event loop?
///
/// Netty's own secure echo; [NettyEcho] says which flags.
///
/// Run: `make bench ARGS=tls`.
final class NettyTls {

  private NettyTls() {}

  /// Serves, and measures.
  ///
  /// @param arguments none
  /// @throws Exception if anything goes wrong
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(300);
    var context = TlsLoad.context();
    var handler = new Echo();
    var thread = new CompletableFuture<Long>();
    var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    group.execute(() -> thread.complete(Thread.currentThread().threadId()));
    try (group) {
      var server =
          new ServerBootstrap()
              .group(group)
              .channel(EpollServerSocketChannel.class)
              .childOption(ChannelOption.TCP_NODELAY, true)
              .childHandler(
                  new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                      var engine = context.createSSLEngine();
                      engine.setUseClientMode(false);
                      channel.pipeline().addLast(new SslHandler(engine), handler);
                    }
                  })
              .bind(InetAddress.getLoopbackAddress(), 0)
              .sync()
              .channel();
      TlsLoad.report(((InetSocketAddress) server.localAddress()).getPort(), thread.get(), context);
      server.close().sync();
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
