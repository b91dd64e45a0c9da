package net.eventlet.patcher;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.management.JMException;
import javax.management.ObjectName;

/// How the patcher comes by what changes classes: from the JVM, which gives it to an agent.
///
/// A program that was started without our agent loads it into itself, by the command that `jcmd`
/// would give it. That needs neither a flag nor another process, but the JVM prints a warning
/// unless it was started with `-XX:+EnableDynamicAgentLoading`.
final class Attachment {

  private static final String REMEDY =
      "the running program cannot be patched; start it with bin/eventlet run --patched, or add"
          + " -javaagent:PATH/eventlet-patcher.jar to the options of java";

  private Attachment() {}

  /// {@return what changes classes}
  ///
  /// @throws IllegalStateException if the JVM does not let agents be loaded; the message names the
  ///   flag to start it with
  static Instrumentation instrumentation() {
    var given = Agent.instrumentation();
    if (given == null) {
      var answer = load();
      given = Agent.instrumentation();
      if (given == null) {
        throw new IllegalStateException(REMEDY + ": " + answer.strip());
      }
    }
    return given;
  }

  private static String load() {
    try {
      var jar = agentJar();
      try {
        return (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "jvmtiAgentLoad",
                    new Object[] {new String[] {jar.toString(), Agent.KEEP}},
                    new String[] {String[].class.getName()});
      } finally {
        Files.delete(jar);
      }
    } catch (IOException | JMException e) {
      throw new IllegalStateException(REMEDY, e);
    }
  }

  /// Makes a jar that only says which class the agent is: it is on the class path already.
  private static Path agentJar() throws IOException {
    var manifest = new Manifest();
    var attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Agent-Class", Agent.class.getName());
    attributes.putValue("Can-Retransform-Classes", "true");
    var jar = Files.createTempFile("eventlet-patcher", ".jar");
    try (var out = Files.newOutputStream(jar);
        var _ = new JarOutputStream(out, manifest)) {
      return jar;
    }
  }
}
