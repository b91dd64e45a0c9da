package net.eventlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A new JDK whose sockets can do more breaks our build, and not somebody's server.
///
/// Whatever [Socket] and [ServerSocket] inherit to ours works on a socket of the JDK's, which ours
/// do not have: each method is either overridden or listed here, with the reason why that is right.
class SocketCoverageTest {

  private static final Map<String, String> INHERITED_BY_SOCKETS = Map.of();

  private static final Map<String, String> INHERITED_BY_LISTENERS = Map.of();

  @Test
  void everyMethodOfSocketIsOverriddenOrInheritedForAReason() {
    assertEquals(
        new TreeSet<>(INHERITED_BY_SOCKETS.keySet()), inherited(Socket.class, GreenSocket.class));
  }

  @Test
  void everyMethodOfServerSocketIsOverriddenOrInheritedForAReason() {
    assertEquals(
        new TreeSet<>(INHERITED_BY_LISTENERS.keySet()),
        inherited(ServerSocket.class, GreenServerSocket.class));
  }

  @Test
  void theMethodsThatAreLookedForAreThere() {
    assertTrue(methods(Socket.class).anyMatch(method -> method.getName().equals("getInputStream")));
    assertTrue(methods(ServerSocket.class).anyMatch(method -> method.getName().equals("accept")));
  }

  private static Set<String> inherited(Class<?> stock, Class<?> green) {
    var overridden = methods(green).map(SocketCoverageTest::signature).collect(Collectors.toSet());
    return methods(stock)
        .map(SocketCoverageTest::signature)
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
        List.of(method.getParameterTypes()).stream()
            .map(Class::getSimpleName)
            .collect(Collectors.joining(", "));
    return method.getName() + "(" + parameters + ")";
  }
}
