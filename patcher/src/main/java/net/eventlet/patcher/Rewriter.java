package net.eventlet.patcher;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Rewrites classes: a call that is redirected becomes one of a static method.
///
/// Belongs to one class loader. May be used by any number of threads at once.
final class Rewriter {

  private final Redirects redirects;
  private final Hierarchy hierarchy;
  private final ClassFile format;

  /// A rewriter for the classes of one loader.
  ///
  /// @param redirects what is rewritten
  /// @param hierarchy of that loader
  Rewriter(Redirects redirects, Hierarchy hierarchy) {
    this.redirects = redirects;
    this.hierarchy = hierarchy;
    format = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(hierarchy));
  }

  /// {@return a class file with its calls redirected; null if none of them is}
  ///
  /// @param name such as `com/example/Feed`
  /// @param bytes a class file; left as it is
  /// @throws IllegalArgumentException if it is not well-formed
  byte @Nullable [] rewrite(String name, byte[] bytes) {
    if (!new ClassBytes(bytes).refersTo(new Wanted())) {
      return null;
    }
    hierarchy.learn(name, bytes);
    var model = format.parse(bytes);
    var methods = model.methods().stream().filter(this::callsRedirected).toList();
    if (methods.isEmpty()) {
      return null;
    }
    return format.transformClass(
        model,
        ClassTransform.transformingMethodBodies(
            methods::contains, CodeTransform.ofStateful(() -> new Calls())));
  }

  /// {@return whether a class that is loaded may have calls that are redirected}
  ///
  /// @param name such as `com/example/Feed`
  /// @param loader of the class
  boolean wants(String name, ClassLoader loader) {
    var bytes = Hierarchy.bytes(name, loader);
    return bytes == null || new ClassBytes(bytes).refersTo(new Wanted());
  }

  private boolean callsRedirected(MethodModel method) {
    return method
        .code()
        .filter(code -> code.elementStream().anyMatch(element -> redirectOf(element) != null))
        .isPresent();
  }

  /// {@return where the call that an instruction makes, or will make, goes; null if it stays}
  private @Nullable Redirect redirectOf(CodeElement element) {
    return switch (element) {
      case InvokeInstruction call -> redirectOf(call);
      case FieldInstruction field when field.opcode() == Opcode.GETSTATIC ->
          redirects.of(
              Redirect.Kind.FIELD,
              field.owner().asInternalName(),
              field.name().stringValue(),
              field.type().stringValue(),
              hierarchy);
      case InvokeDynamicInstruction call ->
          call.bootstrapArgs().stream()
              .map(this::redirectOf)
              .filter(redirect -> redirect != null)
              .findFirst()
              .orElse(null);
      default -> null;
    };
  }

  private @Nullable Redirect redirectOf(InvokeInstruction call) {
    var owner = call.owner().asInternalName();
    return owner.startsWith("[")
        ? null
        : redirects.of(
            kind(call), owner, call.name().stringValue(), call.type().stringValue(), hierarchy);
  }

  private static Redirect.Kind kind(InvokeInstruction call) {
    return switch (call.opcode()) {
      case INVOKESTATIC -> Redirect.Kind.STATIC;
      case INVOKESPECIAL ->
          call.name().equalsString("<init>") ? Redirect.Kind.CONSTRUCTOR : Redirect.Kind.SUPER;
      default -> Redirect.Kind.INSTANCE;
    };
  }

  /// {@return where calls of a method handle go, such as that of `Thread::start`}
  private @Nullable Redirect redirectOf(ConstantDesc constant) {
    if (!(constant instanceof DirectMethodHandleDesc handle)
        || !handle.owner().isClassOrInterface()) {
      return null;
    }
    var kind = kind(handle);
    return kind == null
        ? null
        : redirects.of(
            kind,
            Redirects.internalName(handle.owner()),
            handle.methodName(),
            handle.lookupDescriptor(),
            hierarchy);
  }

  private static Redirect.@Nullable Kind kind(DirectMethodHandleDesc handle) {
    return switch (handle.kind()) {
      case STATIC, INTERFACE_STATIC -> Redirect.Kind.STATIC;
      case VIRTUAL, INTERFACE_VIRTUAL -> Redirect.Kind.INSTANCE;
      case CONSTRUCTOR -> Redirect.Kind.CONSTRUCTOR;
      default -> null;
    };
  }

  /// The code of one method.
  ///
  /// A `new` expression is two instructions that make room for the object, its arguments, and the
  /// constructor's call. Where that call is redirected the first two go. They nest as brackets do.
  private final class Calls implements CodeTransform {

    private final ArrayDeque<Made> making = new ArrayDeque<>();
    private @Nullable NewObjectInstruction held; // until the next instruction is known

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      var made = held;
      held = null;
      if (made != null) {
        var dropped = element instanceof StackInstruction stack && stack.opcode() == Opcode.DUP;
        making.push(new Made(made.className().asInternalName(), dropped));
        if (dropped) {
          return;
        }
        code.with(made);
      }
      switch (element) {
        case NewObjectInstruction object
            when redirects.constructs(object.className().asInternalName()) ->
            held = object;
        case InvokeInstruction call -> call(code, call);
        case FieldInstruction field -> field(code, field);
        case InvokeDynamicInstruction call when redirectOf(call) != null ->
            code.invokedynamic(redirected(call));
        default -> code.with(element);
      }
    }

    private void field(CodeBuilder code, FieldInstruction field) {
      var redirect = redirectOf(field);
      if (redirect == null) {
        code.with(field);
      } else {
        code.invokestatic(redirect.green(), redirect.greenName(), redirect.greenType());
      }
    }

    private void call(CodeBuilder code, InvokeInstruction call) {
      var redirect = redirectOf(call);
      if (call.name().equalsString("<init>")) {
        var made = making.peek();
        if (made == null || !made.type.equals(call.owner().asInternalName())) {
          redirect = null; // of a superclass
        } else {
          making.pop();
          if (!made.dropped) {
            redirect = null;
          } else if (redirect == null) {
            throw new IllegalArgumentException("a constructor that is not known: " + call);
          }
        }
      }
      if (redirect == null) {
        code.with(call);
      } else if (redirect.kind() == Redirect.Kind.SUPER) {
        code.dup();
        code.invokestatic(redirect.green(), redirect.greenName(), redirect.greenType());
        code.ifThenElse(CodeBuilder::pop, otherwise -> otherwise.with(call));
      } else {
        code.invokestatic(redirect.green(), redirect.greenName(), redirect.greenType());
      }
    }
  }

  private DynamicCallSiteDesc redirected(InvokeDynamicInstruction call) {
    return DynamicCallSiteDesc.of(
        call.bootstrapMethod(),
        call.name().stringValue(),
        call.typeSymbol(),
        call.bootstrapArgs().stream().map(this::redirected).toArray(ConstantDesc[]::new));
  }

  private ConstantDesc redirected(ConstantDesc constant) {
    var redirect = redirectOf(constant);
    return redirect == null
        ? constant
        : MethodHandleDesc.ofMethod(
            DirectMethodHandleDesc.Kind.STATIC,
            redirect.green(),
            redirect.greenName(),
            redirect.greenType());
  }

  /// An object that is being made.
  ///
  /// @param type such as `java/lang/Thread`
  /// @param dropped whether the instructions that make room for it are gone
  private record Made(String type, boolean dropped) {}

  /// What a class must refer to if it is to be looked at more closely.
  private final class Wanted implements ClassBytes.Wanted {

    @Override
    public boolean name(byte[] bytes, int from, int length) {
      return redirects.isNotable(bytes, from, length);
    }

    @Override
    public boolean member(String owner, String name, String descriptor) {
      return redirects.includes(owner, name, descriptor, hierarchy);
    }
  }
}
