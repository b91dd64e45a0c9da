package net.eventlet.spawning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/// What an option is that is not on the command line: what the environment says, or else the
/// configuration file.
///
/// @param environment of this process
/// @param file of `--config`; empty without
record Defaults(Map<String, String> environment, Properties file) implements IDefaultValueProvider {

  private static final String PREFIX = "SPAWN_";

  /// {@return the defaults of a command line}
  ///
  /// @param environment of this process
  /// @param args where `--config` may be
  /// @throws IllegalArgumentException if the file cannot be read
  static Defaults of(Map<String, String> environment, String... args) {
    var path = configOf(environment, args);
    var file = new Properties();
    if (path != null) {
      try (var reader = Files.newBufferedReader(Path.of(path))) {
        file.load(reader);
      } catch (NoSuchFileException e) {
        throw new IllegalArgumentException("--config: there is no file " + path, e);
      } catch (IOException e) {
        throw new IllegalArgumentException("--config: cannot read " + path + ": " + e, e);
      }
    }
    return new Defaults(environment, file);
  }

  private static @Nullable String configOf(Map<String, String> environment, String... args) {
    for (var i = 0; i < args.length; i++) {
      if (args[i].startsWith("--config=")) {
        return args[i].substring("--config=".length());
      }
      if (args[i].equals("--config") && i + 1 < args.length) {
        return args[i + 1];
      }
    }
    return environment.get(PREFIX + "CONFIG");
  }

  /// Refuses names in the file that no option has.
  ///
  /// @param known options
  /// @throws IllegalArgumentException naming them
  void check(Iterable<OptionSpec> known) {
    var names = new TreeSet<String>();
    known.forEach(option -> names.add(nameOf(option)));
    var unknown =
        file.stringPropertyNames().stream()
            .filter(name -> !names.contains(name) && !name.equals("app"))
            .collect(Collectors.toCollection(TreeSet::new));
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "--config: no option is called %s; there are app, %s"
              .formatted(String.join(", ", unknown), String.join(", ", names)));
    }
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    var name = argument instanceof OptionSpec option ? nameOf(option) : "app";
    if (Set.of("help", "version", "config").contains(name)) {
      return null;
    }
    var value = environment.get(PREFIX + name.toUpperCase(Locale.ROOT).replace('-', '_'));
    return value == null ? file.getProperty(name) : value;
  }

  private static String nameOf(OptionSpec option) {
    return option.longestName().replaceFirst("^-+", "");
  }
}
