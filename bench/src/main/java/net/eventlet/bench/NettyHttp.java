package net.eventlet.bench;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;
import static io.netty.handler.codec.http.HttpHeaderNames.DATE;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;

/// What does a small answer cost on Netty's native epoll, with one event loop?
///
/// As Netty's own programs do it for speed: decoder and encoder without checks of header fields,
/// constants as `AsciiString`, the date made once a second, answers flushed when a read is
/// complete.
///
/// Run: `make bench ARGS=http`; the port is the first line of output, and the argument the seconds
/// until it ends.
final class NettyHttp {

  private static final byte[] TEXT = "Hello, World!".getBytes(US_ASCII);
  private static final AsciiString LENGTH = AsciiString.cached(Integer.toString(TEXT.length));
  private static final AsciiString PLAIN = AsciiString.cached("text/plain");

  private NettyHttp() {}

  /// Serves.
  ///
  /// @param arguments seconds until it ends
  /// @throws Exception if it cannot listen
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(arguments);
    var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    var hello = new Hello();
    try (group) {
      var _ = group.scheduleAtFixedRate(hello::tick, 1, 1, TimeUnit.SECONDS);
      var decoder =
          new HttpDecoderConfig()
              .setHeadersFactory(DefaultHttpHeadersFactory.headersFactory().withValidation(false));
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
                      channel
                          .pipeline()
                          .addLast(new HttpResponseEncoder())
                          .addLast(new HttpRequestDecoder(decoder))
                          .addLast(hello);
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
  private static final class Hello extends ChannelInboundHandlerAdapter {

    private volatile AsciiString date = now();

    private static AsciiString now() {
      return AsciiString.of(
          DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
    }

    void tick() {
      date = now();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof HttpRequest request) {
        var answer =
            new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.OK,
                Unpooled.wrappedBuffer(TEXT),
                DefaultHttpHeadersFactory.headersFactory().withValidation(false),
                DefaultHttpHeadersFactory.trailersFactory().withValidation(false));
        answer.headers().set(CONTENT_TYPE, PLAIN).set(CONTENT_LENGTH, LENGTH).set(DATE, date);
        if (HttpUtil.isKeepAlive(request)) {
          context.write(answer, context.voidPromise());
        } else {
          answer.headers().set(CONNECTION, HttpHeaderValues.CLOSE);
          context.write(answer).addListener(ChannelFutureListener.CLOSE);
        }
      }
      ReferenceCountUtil.release(message);
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
