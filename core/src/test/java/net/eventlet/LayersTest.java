package net.eventlet;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.AccessibleObject;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import net.eventlet.hubs.Hub;
import net.eventlet.hubs.HubOptions;
import org.junit.jupiter.api.Test;

/// The arrows of `ARCHITECTURE.md`, all of which point one way.
class LayersTest {

  private static final String FACE = "net.eventlet";
  private static final String GREENLET = "net.eventlet.greenlet..";
  private static final String HUBS = "net.eventlet.hubs..";
  private static final String JDK = "net.eventlet.jdk..";
  private static final String POSIX = "net.eventlet.posix..";
  private static final String LAUNCH = "net.eventlet.launch..";

  private static final JavaClasses CORE =
      new ClassFileImporter()
          .importUrl(Hub.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void theHubKnowsNothingOfWhatIsBuiltOnIt() {
    noClasses()
        .that()
        .resideInAPackage(HUBS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(FACE, GREENLET, LAUNCH)
        .check(CORE);
  }

  @Test
  void theInsideOfTheJdkKnowsNothingOfUs() {
    noClasses()
        .that()
        .resideInAPackage(JDK)
        .should()
        .dependOnClassesThat(resideInAPackage("net.eventlet..").and(not(resideInAPackage(JDK))))
        .check(CORE);
  }

  @Test
  void systemCallsKnowNothingOfUs() {
    noClasses()
        .that()
        .resideInAPackage(POSIX)
        .should()
        .dependOnClassesThat(resideInAPackage("net.eventlet..").and(not(resideInAPackage(POSIX))))
        .check(CORE);
  }

  @Test
  void nothingDependsOnTheLauncher() {
    noClasses()
        .that()
        .resideOutsideOfPackage(LAUNCH)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(LAUNCH)
        .check(CORE);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().assignedFrom(new Packages()).should().beFreeOfCycles().check(CORE);
  }

  @Test
  void coreDependsOnTheJdkAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage("net.eventlet..", "java..", "javax.tools..", "org.jspecify.."))
        .check(CORE);
  }

  @Test
  void onlyTheClockReadsTheTime() {
    noClasses()
        .that()
        .doNotHaveSimpleName("SystemClock")
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethodWhere(target(owner(assignableTo(Instant.class))).and(target(name("now"))))
        .orShould()
        .callMethodWhere(
            target(owner(assignableTo(Clock.class))).and(target(nameMatching("system.*"))))
        .check(CORE);
  }

  @Test
  void onlyASeedComesFromOutside() {
    noClasses()
        .that()
        .doNotBelongToAnyOf(HubOptions.class)
        .should()
        .callMethod(Math.class, "random")
        .orShould()
        .callMethod(ThreadLocalRandom.class, "current")
        .orShould()
        .callConstructor(Random.class)
        .check(CORE);
  }

  @Test
  void nothingSleeps() {
    noClasses()
        .should()
        .callMethodWhere(target(owner(assignableTo(Thread.class))).and(target(name("sleep"))))
        .check(CORE);
  }

  @Test
  void onlyOnePackageLooksIntoTheJdk() {
    noClasses()
        .that()
        .resideOutsideOfPackages(JDK, LAUNCH) // the launcher looks into the user's program
        .should()
        .callMethodWhere(
            target(owner(assignableTo(AccessibleObject.class)))
                .and(target(nameMatching("setAccessible|trySetAccessible"))))
        .orShould()
        .callMethodWhere(
            target(owner(assignableTo(MethodHandles.class))).and(target(name("privateLookupIn"))))
        .check(CORE);
  }

  /// A slice for each package, the face among them.
  private static final class Packages implements SliceAssignment {

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return SliceIdentifier.of(type.getPackageName());
    }

    @Override
    public String getDescription() {
      return "packages";
    }
  }
}
