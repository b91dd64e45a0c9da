package net.eventlet.green.coverage;

import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Every method of some modules of the JDK, and which of them calls which, read from its class
/// files.
///
/// A call is followed to the method that it names, or that the named one's class inherits. Where
/// that is abstract, or says that it throws one of the [#signs], it is followed to those that
/// override it as well: to each of them for a method with a sign, and to the only one for another.
/// Calls of the methods of [#PASSED_ON] are not followed further, since who makes them chose the
/// stream.
final class JdkMethods {

  /// A method or, with the name `new`, a constructor.
  ///
  /// @param owner the binary name of its class
  /// @param name as in the source
  /// @param descriptor as in the class file
  /// @param modifiers its own, as bits of [ClassFile]
  /// @param thrown binary names of what it declares
  /// @param calls those that it names, handles in lambda expressions among them
  record Method(
      String owner,
      String name,
      String descriptor,
      int modifiers,
      Set<String> thrown,
      List<Call> calls) {

    /// {@return how it is named in the tables, with all that have its name}
    String call() {
      return owner + "." + name;
    }

    /// {@return whether it has a modifier}
    ///
    /// @param flag of [ClassFile]
    boolean has(int flag) {
      return (modifiers & flag) != 0;
    }

    private Signature signature() {
      return new Signature(name, descriptor);
    }

    @Override
    public boolean equals(Object other) {
      return this == other; // each is read once, and its calls are many to compare
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /// A call, as it stands in the code.
  ///
  /// @param exact whether it cannot get to an overriding method
  record Call(String owner, Signature signature, boolean exact) {}

  record Signature(String name, String descriptor) {}

  private record Type(
      int modifiers,
      boolean exported,
      Optional<String> parent,
      List<String> interfaces,
      Map<Signature, Method> methods) {}

  /// What a method throws that waits for something outside of the program, or for another thread.
  private static final List<String> SIGNS =
      List.of(
          "java.io.IOException",
          "java.lang.InterruptedException",
          "java.sql.SQLException",
          "java.util.concurrent.BrokenBarrierException",
          "java.util.concurrent.ExecutionException",
          "java.util.concurrent.TimeoutException",
          "javax.naming.NamingException");

  /// Whose methods are followed to all that override them.
  private static final Set<String> FAMILIES = Set.of("java.util.logging.Handler");

  private static final Set<String> PASSED_ON =
      Set.of(
          "java.io.Closeable",
          "java.io.DataInput",
          "java.io.DataOutput",
          "java.io.Flushable",
          "java.io.InputStream",
          "java.io.ObjectInput",
          "java.io.ObjectOutput",
          "java.io.OutputStream",
          "java.io.Reader",
          "java.io.Writer",
          "java.lang.Appendable",
          "java.lang.AutoCloseable",
          "java.lang.Readable");

  private final Map<String, Type> types = new HashMap<>();
  private final Map<String, List<String>> children = new HashMap<>();

  /// Reads the modules of the JDK that runs.
  ///
  /// @param modules their names
  JdkMethods(List<String> modules) {
    for (var module : modules) {
      var exported =
          ModuleFinder.ofSystem().find(module).orElseThrow().descriptor().exports().stream()
              .filter(exports -> !exports.isQualified())
              .map(ModuleDescriptor.Exports::source)
              .collect(toSet());
      classFiles(module).forEach(file -> read(file, exported));
    }
    types.forEach((name, type) ->
        Stream.concat(type.parent().stream(), type.interfaces().stream())
            .forEach(parent -> children.computeIfAbsent(parent, _ -> new ArrayList<>()).add(name)));
  }

  /// {@return all of them}
  Stream<Method> all() {
    return types.values().stream().flatMap(type -> type.methods().values().stream());
  }

  /// {@return those that a program may call: public ones of public types in exported packages}
  Stream<Method> face() {
    return types.entrySet().stream()
        .filter(entry -> isFace(entry.getKey()))
        .flatMap(entry -> entry.getValue().methods().values().stream())
        .filter(method -> method.has(ClassFile.ACC_PUBLIC) && !method.has(ClassFile.ACC_SYNTHETIC));
  }

  /// {@return whether a method declares that it throws what those throw that wait}
  boolean hasSign(Method method) {
    return method.thrown().stream()
        .anyMatch(thrown -> SIGNS.stream().anyMatch(sign -> is(thrown, sign)));
  }

  /// {@return whether a method is one of a stream, which waits as the stream does}
  boolean isPassedOn(Method method) {
    return PASSED_ON.contains(method.owner()) && hasSign(method);
  }

  /// {@return those that call some others, at any distance}
  ///
  /// @param roots those others
  /// @param barrier where not to follow further
  Set<Method> callersOf(Predicate<Method> roots, Predicate<Method> barrier) {
    var callers = new HashMap<Method, List<Method>>();
    all()
        .forEach(caller ->
            caller.calls().stream()
                .flatMap(call -> targets(call).stream())
                .forEach(
                    target -> callers.computeIfAbsent(target, _ -> new ArrayList<>()).add(caller)));
    var found = new HashSet<Method>();
    var next = new ArrayDeque<>(all().filter(roots).toList());
    while (!next.isEmpty()) {
      for (var caller : callers.getOrDefault(next.poll(), List.of())) {
        if (!barrier.test(caller) && found.add(caller)) {
          next.add(caller);
        }
      }
    }
    return found;
  }

  /// {@return those that override a method, not itself}
  ///
  /// @param method of any class or interface
  Set<Method> overriding(Method method) {
    var found = new HashSet<Method>();
    if (!method.has(ClassFile.ACC_STATIC) && !method.name().equals("new")) {
      addOverriding(method.owner(), method.signature(), found);
    }
    return found;
  }

  /// {@return whether a program may name a class}
  ///
  /// @param type its binary name
  boolean isFace(String type) {
    return types.get(type).exported() && isPublic(type);
  }

  private Set<Method> targets(Call call) {
    var found = resolve(call.owner(), call.signature());
    if (found == null) {
      return Set.of();
    }
    if (call.exact() || PASSED_ON.contains(found.owner())) {
      return Set.of(found);
    }
    var sign = hasSign(found);
    if (!sign && !found.has(ClassFile.ACC_ABSTRACT)) {
      return Set.of(found);
    }
    var targets = new HashSet<Method>();
    addOverriding(call.owner(), call.signature(), targets);
    if (!sign && targets.size() > 1 && !FAMILIES.contains(found.owner())) {
      targets.clear();
    }
    targets.add(found);
    return targets;
  }

  private void addOverriding(String owner, Signature signature, Set<Method> found) {
    for (var child : children.getOrDefault(owner, List.of())) {
      var method = types.get(child).methods().get(signature);
      if (method != null) {
        found.add(method);
      }
      addOverriding(child, signature, found);
    }
  }

  private Method resolve(String owner, Signature signature) {
    var type = types.get(owner);
    if (type == null) {
      return null;
    }
    var own = type.methods().get(signature);
    if (own != null) {
      return own;
    }
    return Stream.concat(type.parent().stream(), type.interfaces().stream())
        .map(parent -> resolve(parent, signature))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private boolean is(String name, String ancestor) {
    if (name.equals(ancestor)) {
      return true;
    }
    var type = types.get(name);
    return type != null && type.parent().filter(parent -> is(parent, ancestor)).isPresent();
  }

  private boolean isPublic(String name) {
    var outer = name.lastIndexOf('$');
    return (types.get(name).modifiers() & ClassFile.ACC_PUBLIC) != 0
        && (outer < 0 || isPublic(name.substring(0, outer)));
  }

  private static Stream<ClassModel> classFiles(String module) {
    var root = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules", module);
    try (var files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .filter(file -> !file.endsWith("module-info.class"))
          .map(JdkMethods::parse)
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ClassModel parse(Path file) {
    try {
      return ClassFile.of().parse(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(ClassModel file, Set<String> exported) {
    var name = dotted(file.thisClass().asInternalName());
    var methods = new HashMap<Signature, Method>();
    for (var model : file.methods()) {
      var method = method(name, model);
      methods.put(method.signature(), method);
    }
    types.put(
        name,
        new Type(
            file.flags().flagsMask(),
            exported.contains(name.substring(0, name.lastIndexOf('.'))),
            file.superclass().map(parent -> dotted(parent.asInternalName())),
            file.interfaces().stream().map(parent -> dotted(parent.asInternalName())).toList(),
            methods));
  }

  private static Method method(String owner, MethodModel model) {
    return new Method(
        owner,
        source(model.methodName().stringValue()),
        model.methodType().stringValue(),
        model.flags().flagsMask(),
        model.findAttribute(Attributes.exceptions()).stream()
            .flatMap(attribute -> attribute.exceptions().stream())
            .map(thrown -> dotted(thrown.asInternalName()))
            .collect(toSet()),
        model.code().stream()
            .flatMap(code -> code.elementStream())
            .flatMap(JdkMethods::calls)
            .toList());
  }

  private static Stream<Call> calls(CodeElement element) {
    return switch (element) {
      case InvokeInstruction call ->
          Stream.of(
              new Call(
                  dotted(call.owner().asInternalName()),
                  new Signature(source(call.name().stringValue()), call.type().stringValue()),
                  call.opcode() == Opcode.INVOKESTATIC || call.opcode() == Opcode.INVOKESPECIAL));
      case InvokeDynamicInstruction lambda ->
          lambda.bootstrapArgs().stream()
              .filter(DirectMethodHandleDesc.class::isInstance)
              .map(DirectMethodHandleDesc.class::cast)
              .map(JdkMethods::call);
      default -> Stream.of();
    };
  }

  private static Call call(DirectMethodHandleDesc handle) {
    return new Call(
        binaryName(handle.owner()),
        new Signature(source(handle.methodName()), handle.lookupDescriptor()),
        true);
  }

  private static String binaryName(ClassDesc type) {
    var descriptor = type.descriptorString();
    return dotted(descriptor.substring(1, descriptor.length() - 1));
  }

  private static String source(String name) {
    return name.equals("<init>") ? "new" : name;
  }

  private static String dotted(String internal) {
    return internal.replace('/', '.');
  }
}
