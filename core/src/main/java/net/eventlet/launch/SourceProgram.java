package net.eventlet.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/// A program in source form, compiled in memory.
///
/// What its sources refer to is looked for on the class path, and among the sources that share
/// their package root. The compiler's messages go to standard error, as `javac` prints them.
///
/// Source: JEP 330 and JEP 458. There the first class of a file is the one to run; here it is the
/// one named like the file, or else the first that has a `main`.
final class SourceProgram {

  private static final Pattern PACKAGE =
      Pattern.compile("^\\s*package\\s+([\\w.]+)\\s*;", Pattern.MULTILINE);

  private SourceProgram() {}

  /// {@return the `main` of one source file}
  ///
  /// @param file is compiled, and so is what it refers to
  /// @throws LaunchException if it cannot be read, does not compile, or has no `main`
  static EntryPoint ofFile(Path file) throws LaunchException, IOException, ClassNotFoundException {
    if (!Files.isReadable(file)) {
      throw new LaunchException("cannot read " + file);
    }
    var mains = compile(List.of(file));
    return mains.stream()
        .filter(main -> file.endsWith(main.type().getSimpleName() + ".java"))
        .findFirst()
        .or(() -> mains.stream().findFirst())
        .orElseThrow(() -> noMainIn(file));
  }

  /// {@return the only `main` of a folder of sources}
  ///
  /// @param folder is compiled with all folders in it
  /// @throws LaunchException if it has no sources, does not compile, or has no `main` or several
  static EntryPoint ofFolder(Path folder)
      throws LaunchException, IOException, ClassNotFoundException {
    var files = sources(folder);
    if (files.isEmpty()) {
      throw new LaunchException("there is no .java file in " + folder);
    }
    var mains = compile(files);
    if (mains.size() == 1) {
      return mains.getFirst();
    }
    if (mains.isEmpty()) {
      throw noMainIn(folder);
    }
    throw new LaunchException(
        "several classes in %s have a main; run the file of one of them: %s"
            .formatted(
                folder,
                mains.stream()
                    .map(main -> main.type().getName())
                    .collect(Collectors.joining(", "))));
  }

  private static LaunchException noMainIn(Path path) {
    return new LaunchException(
        "no class in %s has a main: %s".formatted(path, EntryPoint.WHAT_COUNTS));
  }

  private static List<Path> sources(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.endsWith("module-info.java"))
          .sorted()
          .toList();
    }
  }

  /// Compiles `files`, and finds the mains of the top-level classes in them, file by file.
  private static List<EntryPoint> compile(List<Path> files)
      throws LaunchException, IOException, ClassNotFoundException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new LaunchException(
          "%s has no compiler; set JAVA_HOME to a JDK".formatted(System.getProperty("java.home")));
    }
    var root = packageRoot(files.getFirst());
    var classPath = System.getProperty("java.class.path");
    var options = List.of("-proc:none", "-classpath", classPath, "-sourcepath", root.toString());
    try (var standard = compiler.getStandardFileManager(null, null, null);
        var classes = new MemoryClasses(standard)) {
      var sources = new LinkedHashSet<JavaFileObject>();
      standard.getJavaFileObjectsFromPaths(files).forEach(sources::add);
      if (!compiler.getTask(null, classes, null, options, null, sources).call()) {
        throw new LaunchException("the program does not compile");
      }
      var loader = new MemoryClassLoader(classes, root);
      var mains = new ArrayList<EntryPoint>();
      for (var name : classes.topLevel(sources)) {
        EntryPoint.of(loader.loadClass(name)).ifPresent(mains::add);
      }
      return mains;
    }
  }

  /// {@return the folder that the file's package starts in}
  private static Path packageRoot(Path file) throws IOException {
    var folder = file.toAbsolutePath().normalize().resolveSibling("");
    var text = Files.readString(file, StandardCharsets.ISO_8859_1); // decodes whatever it is
    return PACKAGE
        .matcher(text)
        .results()
        .findFirst()
        .map(declaration -> Path.of(declaration.group(1).replace('.', '/')))
        .filter(folder::endsWith)
        .map(path -> folder.resolve("../".repeat(path.getNameCount())).normalize())
        .orElse(folder);
  }
}
