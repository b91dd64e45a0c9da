package net.eventlet.patcher;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.constant.ClassDesc;
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

    var target =
        MethodHandles.publicLookup()
            .findStatic(
                green, redirect.greenName(), redirect.greenType().resolveConstantDesc(LOOKUP));

    assertEquals(
        redirect.greenType().returnType(),
        target.type().returnType().describeConstable().orElseThrow());
    assertTrue(Modifier.isPublic(green.getModifiers()));
  }

  /// One that is missing would leave its class unpatched.
  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("constructed")
  void allConstructorsOfAClassAreRedirectedIfOneIs(ClassDesc owner) throws Exception {
    var known =
        Redirect.ALL.stream()
            .filter(redirect -> redirect.kind() == Redirect.Kind.CONSTRUCTOR)
            .filter(redirect -> redirect.owner().equals(owner))
            .map(redirect -> redirect.type().descriptorString())
            .collect(Collectors.toSet());

    var all =
        Arrays.stream(type(owner).getConstructors())
            .map(constructor ->
                MethodType.methodType(void.class, constructor.getParameterTypes())
                    .descriptorString())
            .collect(Collectors.toSet());

    assertEquals(all, known);
  }

  static Stream<ClassDesc> constructed() {
    return Redirect.ALL.stream()
        .filter(redirect -> redirect.kind() == Redirect.Kind.CONSTRUCTOR)
        .map(Redirect::owner)
        .distinct();
  }

  private static MethodHandle original(Redirect redirect) throws ReflectiveOperationException {
    var owner = type(redirect.owner());
    var type = redirect.type().resolveConstantDesc(LOOKUP);
    return switch (redirect.kind()) {
      case STATIC -> LOOKUP.findStatic(owner, redirect.name(), type);
      case INSTANCE, SUPER -> LOOKUP.findVirtual(owner, redirect.name(), type);
      case CONSTRUCTOR -> LOOKUP.findConstructor(owner, type);
      case FIELD -> LOOKUP.findStaticGetter(owner, redirect.name(), type.returnType());
    };
  }

  private static Class<?> type(ClassDesc name) throws ReflectiveOperationException {
    return (Class<?>) name.resolveConstantDesc(LOOKUP);
  }
}
