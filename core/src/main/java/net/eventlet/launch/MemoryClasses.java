package net.eventlet.launch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardLocation;
import org.jspecify.annotations.Nullable;

/// Where the compiler puts classes: into memory, in the order in which it makes them.
final class MemoryClasses extends ForwardingJavaFileManager<JavaFileManager> {

  private final Map<String, ClassFile> classes = new LinkedHashMap<>();

  MemoryClasses(JavaFileManager sources) {
    super(sources);
  }

  /// {@return the names of the top-level classes that come from some of the source files}
  List<String> topLevel(Set<? extends FileObject> sources) {
    return classes.entrySet().stream()
        .filter(entry -> sources.contains(entry.getValue().source))
        .map(Map.Entry::getKey)
        .filter(name -> name.indexOf('$') < 0)
        .toList();
  }

  /// {@return the bytes of a class, or null if no such class was made}
  byte @Nullable [] bytes(String name) {
    var file = classes.get(name);
    return file == null ? null : file.bytes.toByteArray();
  }

  @Override
  public JavaFileObject getJavaFileForOutput(
      Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
    var file = new ClassFile(className, sibling);
    classes.put(className, file);
    return file;
  }

  /// Hides the program's own module declaration: it runs on the class path.
  @Override
  public @Nullable JavaFileObject getJavaFileForInput(
      Location location, String className, JavaFileObject.Kind kind) throws IOException {
    return location == StandardLocation.SOURCE_PATH && className.equals("module-info")
        ? null
        : super.getJavaFileForInput(location, className, kind);
  }

  private static final class ClassFile extends SimpleJavaFileObject {

    private final FileObject source;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    ClassFile(String name, FileObject source) {
      super(URI.create("memory:///" + name.replace('.', '/') + ".class"), Kind.CLASS);
      this.source = source;
    }

    @Override
    public OutputStream openOutputStream() {
      return bytes;
    }
  }
}
