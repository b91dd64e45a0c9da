package net.eventlet.patcher;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The table of what is redirected, against the JDK and against what it is redirected to.
class RedirectTest {

  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  static List<Redirect> all() {
    return Redirect.ALL;
  }

  @ParameterizedTest
  @MethodSource("all")
  void thisJdkHasWhatIsRedirected(Redirect redirect) {
    assertDoesNotThrow(() -> original(redirect));
  }

  @ParameterizedTest
  @MethodSource("all")
  void anybodyMayCallWhatItIsRedirectedTo(Redirect redirect) throws Exception {
    var green = type(redirect.green());

    assertDoesNotThrow(() ->
        MethodHandles.publicLookup()
            .findStatic(green, redirect.greenName(), methodType(redirect.greenDescriptor())));
    assertTrue(Modifier.isPublic(green.getModifiers()));
  }

  /// One that is missing would leave its class unpatched.
  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("constructed")
  void allConstructorsOfAClassAreRedirectedIfOneIs(String owner) throws Exception {
    var known =
        Redirect.ALL.stream()
            .filter(redirect -> redirect.kind() == Redirect.Kind.CONSTRUCTOR)
            .filter(redirect -> redirect.owner().equals(owner))
            .map(Redirect::descriptor)
            .collect(Collectors.toSet());

    var all =
        Arrays.stream(type(owner).getConstructors())
            .map(constructor ->
                MethodType.methodType(void.class, constructor.getParameterTypes())
                    .descriptorString())
            .collect(Collectors.toSet());

    assertEquals(all, known);
  }

  static Stream<String> constructed() {
    return Redirect.ALL.stream()
        .filter(redirect -> redirect.kind() == Redirect.Kind.CONSTRUCTOR)
        .map(Redirect::owner)
        .distinct();
  }

  private static MethodHandle original(Redirect redirect) throws ReflectiveOperationException {
    var owner = type(redirect.owner());
    var name = redirect.name();
    var descriptor = redirect.descriptor();
    return switch (redirect.kind()) {
      case STATIC -> LOOKUP.findStatic(owner, name, methodType(descriptor));
      case INSTANCE, SUPER -> LOOKUP.findVirtual(owner, name, methodType(descriptor));
      case CONSTRUCTOR -> LOOKUP.findConstructor(owner, methodType(descriptor));
      case FIELD ->
          LOOKUP.findStaticGetter(owner, name, methodType("()" + descriptor).returnType());
    };
  }

  private static MethodType methodType(String descriptor) {
    return MethodType.fromMethodDescriptorString(descriptor, RedirectTest.class.getClassLoader());
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(name.replace('/', '.'));
  }
}
