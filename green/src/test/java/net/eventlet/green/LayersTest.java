package net.eventlet.green;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/// The arrows of `ARCHITECTURE.md`: this module rests on core, and on the JDK alone.
class LayersTest {

  private static final JavaClasses GREEN =
      new ClassFileImporter()
          .importUrl(Threads.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void thisModuleRestsOnCoreAndTheJdkAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "net.eventlet.green..",
            "net.eventlet",
            "net.eventlet.hubs",
            "net.eventlet.posix",
            "java..",
            "javax..",
            "jdk..",
            "org.jspecify..")
        .check(GREEN);
  }
}
