package net.eventlet.patcher;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/// The arrows of `ARCHITECTURE.md` that begin at the patcher.
class LayersTest {

  @Test
  void thePatcherDependsOnGreenAndCoreAndTheJdkAlone() {
    var patcher =
        new ClassFileImporter()
            .importUrl(Patcher.class.getProtectionDomain().getCodeSource().getLocation());

    classes()
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "net.eventlet",
                "net.eventlet.hubs",
                "net.eventlet.green..",
                "net.eventlet.patcher",
                "java..",
                "javax.management..",
                "org.jspecify.."))
        .check(patcher);
  }
}
