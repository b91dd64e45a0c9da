package net.eventlet.spawning;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/// The arrows of `ARCHITECTURE.md`, as far as they concern this module, and those within it.
class LayersTest {

  private static final JavaClasses SPAWNING =
      new ClassFileImporter()
          .importUrl(Spawn.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void itUsesWhatIsBelowTheJdkAndPicocli() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "net.eventlet",
                "net.eventlet.hubs",
                "net.eventlet.posix",
                "net.eventlet.green",
                "net.eventlet.wsgi",
                "net.eventlet.spawning",
                "picocli..",
                "java..",
                "org.jspecify.."))
        .check(SPAWNING);
  }

  @Test
  void aChildKnowsNothingOfTheCommandLine() {
    noClasses()
        .that()
        .belongToAnyOf(Worker.class, WorkerSettings.class, NamedFactory.class, AccessLogFile.class)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Options.class, Spawn.class, Controller.class, Child.class)
        .check(SPAWNING);
  }

  @Test
  void theControllerKnowsNothingOfWhoShowsIt() {
    noClasses()
        .that()
        .belongToAnyOf(Controller.class, Child.class, Handle.class)
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(StatusServer.class, StatusPage.class, Report.class, Spawn.class)
        .check(SPAWNING);
  }
}
