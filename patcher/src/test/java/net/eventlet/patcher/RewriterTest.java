package net.eventlet.patcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Rewritten classes, by the JDK's own verifier.
class RewriterTest {

  private static final int FEWEST_CHANGED = 150; // when this was written, of some 14,000

  private final ClassLoader loader = getClass().getClassLoader();
  private final Rewriter rewriter =
      new Rewriter(new Redirects(EnumSet.allOf(Module.class)), new Hierarchy(loader));

  static Stream<Path> jars() {
    return Arrays.stream(System.getProperty("java.class.path").split(":"))
        .filter(path -> path.endsWith(".jar"))
        .map(Path::of);
  }

  /// A cut instruction, a wrong length or a frame too many in any of them would be found.
  @Test
  void everyClassOfTheLibrariesIsAsGoodAsBefore() throws Exception {
    var changed = new ArrayList<String>();
    var worse = new ArrayList<String>();
    for (var jar : jars().toList()) {
      try (var zip = new ZipFile(jar.toFile())) {
        for (var entry : zip.stream().filter(entry -> isClass(entry.getName())).toList()) {
          var bytes = zip.getInputStream(entry).readAllBytes();
          var rewritten = rewriter.rewrite(entry.getName().replace(".class", ""), bytes);
          if (rewritten != null) {
            changed.add(entry.getName());
            if (faults(rewritten).size() > faults(bytes).size()) {
              worse.add(entry.getName() + ": " + faults(rewritten));
            }
          }
        }
      }
    }

    assertEquals(List.of(), worse);
    assertTrue(changed.size() >= FEWEST_CHANGED, changed::toString);
  }

  @ParameterizedTest
  @MethodSource("arguments")
  void whatIsMadeAmidstConditionsIsWhatWasAskedFor(boolean first, boolean second, String expected)
      throws Exception {
    var library = Patcher.importPatched("stranger.Makes");

    var makes =
        (Callable<?>)
            library
                .load("stranger.Makes")
                .getConstructor(boolean.class, boolean.class)
                .newInstance(first, second);

    assertEquals(expected, makes.call());
  }

  static List<Object[]> arguments() {
    return List.of(
        new Object[] {true, true, "pools of 1 and 3, an inner one of 5"},
        new Object[] {true, false, "pools of 1 and 4, an inner one of 5"},
        new Object[] {false, true, "pools of 2 and 3, an inner one of 6"},
        new Object[] {false, false, "pools of 2 and 4, an inner one of 6"});
  }

  private static boolean isClass(String name) {
    return name.endsWith(".class")
        && !name.startsWith("META-INF/")
        && !name.endsWith("module-info.class");
  }

  private List<VerifyError> faults(byte[] bytes) {
    return ClassFile.of(
            ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(loader)
                    .orElse(ClassHierarchyResolver.defaultResolver())))
        .verify(bytes);
  }
}
