package net.eventlet.green;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;

/// A new JDK whose TLS sockets can do more breaks our build, and not somebody's server: each public
/// method of theirs is overridden by ours, or listed here with the reason why not.
class SslCoverageTest {

  private static final Map<String, String> INHERITED_BY_SOCKETS = Map.of();

  private static final Map<String, String> INHERITED_BY_LISTENERS = Map.of();

  private static final Map<String, String> INHERITED_BY_FACTORIES = Map.of();

  @Test
  void everyMethodOfTlsSocketsIsOverriddenOrInheritedForAReason() {
    assertEquals(
        new TreeSet<>(INHERITED_BY_SOCKETS.keySet()),
        inherited(GreenSslSocket.class, SSLSocket.class, Socket.class));
  }

  @Test
  void everyMethodOfTlsListenersIsOverriddenOrInheritedForAReason() {
    assertEquals(
        new TreeSet<>(INHERITED_BY_LISTENERS.keySet()),
        inherited(GreenSslServerSocket.class, SSLServerSocket.class, ServerSocket.class));
  }

  @Test
  void everyMethodOfTheFactoriesIsOverriddenOrInheritedForAReason() {
    assertEquals(
        new TreeSet<>(INHERITED_BY_FACTORIES.keySet()),
        inherited(
            GreenSslSocketFactory.class,
            SSLSocketFactory.class,
            SSLSocketFactory.class.getSuperclass()));
    assertEquals(
        new TreeSet<>(INHERITED_BY_FACTORIES.keySet()),
        inherited(
            GreenSslServerSocketFactory.class,
            SSLServerSocketFactory.class,
            SSLServerSocketFactory.class.getSuperclass()));
  }

  @Test
  void theMethodsThatAreLookedForAreThere() {
    assertTrue(
        methods(SSLSocket.class).anyMatch(method -> method.getName().equals("startHandshake")));
    assertTrue(
        methods(SSLServerSocket.class)
            .anyMatch(method -> method.getName().equals("setSSLParameters")));
  }

  private static Set<String> inherited(Class<?> green, Class<?>... stock) {
    var overridden = methods(green).map(SslCoverageTest::signature).collect(Collectors.toSet());
    return Arrays.stream(stock)
        .flatMap(SslCoverageTest::methods)
        .map(SslCoverageTest::signature)
        .filter(signature -> !overridden.contains(signature))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<Method> methods(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()))
        .filter(method -> !Modifier.isStatic(method.getModifiers()));
  }

  private static String signature(Method method) {
    var parameters =
        Arrays.stream(method.getParameterTypes())
            .map(Class::getSimpleName)
            .collect(Collectors.joining(", "));
    return method.getName() + "(" + parameters + ")";
  }
}
