package net.eventlet.wsgi;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/// The arrows that lead out of this module and between its packages.
class LayersTest {

  private static final JavaClasses WSGI =
      new ClassFileImporter()
          .importUrl(Server.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void itNeedsTheJdkAndWhatIsBelowAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "javax.net..", "com.sun.net.httpserver..", "net.eventlet..", "org.jspecify..")
        .check(WSGI);
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "net.eventlet.spawning..", "net.eventlet.dbpool..", "net.eventlet.patcher..")
        .check(WSGI);
  }

  @Test
  void theServerKnowsNothingOfWhatIsBuiltOnIt() {
    noClasses()
        .that()
        .resideInAPackage("net.eventlet.wsgi")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("net.eventlet.wsgi.*")
        .check(WSGI);
  }
}
