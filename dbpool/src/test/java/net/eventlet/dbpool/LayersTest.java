package net.eventlet.dbpool;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/// The arrows of `ARCHITECTURE.md`, as far as they concern this module.
class LayersTest {

  private static final JavaClasses DBPOOL =
      new ClassFileImporter()
          .importUrl(ConnectionPool.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void itUsesThePublicFaceOfCoreTheJdkAndHikari() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "net.eventlet",
                "net.eventlet.hubs",
                "net.eventlet.dbpool",
                "com.zaxxer.hikari..",
                "java..",
                "javax.sql..",
                "org.jspecify.."))
        .check(DBPOOL);
  }

  @Test
  void onlyTheHubsClockTellsTheTime() {
    noClasses()
        .that()
        .resideInAPackage("net.eventlet.dbpool")
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(DBPOOL);
  }
}
