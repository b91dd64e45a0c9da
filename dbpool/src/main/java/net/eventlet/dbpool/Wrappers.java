package net.eventlet.dbpool;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_PRIVATE;
import static java.lang.classfile.ClassFile.ACC_PUBLIC;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes the classes that pass calls on to a driver's objects: JDBC's interfaces have seven
/// hundred methods, and all but a few are
///
/// ```java
/// public R method(A argument) throws SQLException {
///   loan.enter();
///   try {
///     return wrapped(target.method(argument)); // wrapped, if R is one of these interfaces
///   } catch (Throwable thrown) {
///     throw loan.failed(thrown);
///   }
/// }
/// ```
///
/// The few are written by hand, in the class that the written one extends.
final class Wrappers {

  private static final ClassDesc LOAN = describe(Loan.class);
  private static final ClassDesc LENT = describe(Lent.class);
  private static final ClassDesc RUNTIME = describe(RuntimeException.class);
  private static final ClassDesc THROWABLE = describe(Throwable.class);

  /// What is wrapped when it is returned, each by the overload of [Lent] for its type.
  private static final Set<Class<?>> WRAPPED =
      Set.of(
          Statement.class,
          PreparedStatement.class,
          CallableStatement.class,
          ResultSet.class,
          DatabaseMetaData.class);

  private static final MethodHandle CONNECTION = write(LentConnection.class, Connection.class);
  private static final MethodHandle STATEMENT =
      write(LentStatement.class, Statement.class, Statement.class);
  private static final MethodHandle PREPARED =
      write(LentStatement.class, PreparedStatement.class, Statement.class);
  private static final MethodHandle CALLABLE =
      write(LentStatement.class, CallableStatement.class, Statement.class);
  private static final MethodHandle RESULTS =
      write(LentResults.class, ResultSet.class, ResultSet.class, LentStatement.class);
  private static final MethodHandle META_DATA = write(LentMetaData.class, DatabaseMetaData.class);

  private Wrappers() {}

  static LentConnection connection(Loan loan, Connection target) {
    try {
      return (LentConnection) CONNECTION.invokeExact(loan, target);
    } catch (Throwable failure) {
      throw ours(failure);
    }
  }

  static LentStatement statement(Loan loan, Statement target) {
    try {
      return (LentStatement) STATEMENT.invokeExact(loan, target);
    } catch (Throwable failure) {
      throw ours(failure);
    }
  }

  static PreparedStatement prepared(Loan loan, PreparedStatement target) {
    try {
      return (PreparedStatement) (LentStatement) PREPARED.invokeExact(loan, (Statement) target);
    } catch (Throwable failure) {
      throw ours(failure);
    }
  }

  static CallableStatement callable(Loan loan, CallableStatement target) {
    try {
      return (CallableStatement) (LentStatement) CALLABLE.invokeExact(loan, (Statement) target);
    } catch (Throwable failure) {
      throw ours(failure);
    }
  }

  static ResultSet results(Loan loan, ResultSet target, @Nullable LentStatement statement) {
    try {
      return (LentResults) RESULTS.invokeExact(loan, target, statement);
    } catch (Throwable failure) {
      throw ours(failure);
    }
  }

  static DatabaseMetaData metaData(Loan loan, DatabaseMetaData target) {
    try {
      return (LentMetaData) META_DATA.invokeExact(loan, target);
    } catch (Throwable failure) {
      throw ours(failure);
    }
  }

  private static Error ours(Throwable failure) {
    return failure instanceof Error error
        ? error
        : new AssertionError(
            "a wrapper could not be made; this is a bug, please report it", failure);
  }

  private static MethodHandle write(Class<? extends Lent> base, Class<?> type) {
    return write(base, type, type);
  }

  /// Writes a class.
  ///
  /// @param base what it extends
  /// @param type the interface that it has all methods of
  /// @param given to the constructor of `base` after the loan: first the target
  /// @return the constructor, as returning a `base`
  private static MethodHandle write(Class<? extends Lent> base, Class<?> type, Class<?>... given) {
    var lookup = MethodHandles.lookup();
    var name =
        ClassDesc.of(base.getPackageName(), base.getSimpleName() + "$" + type.getSimpleName());
    var bytes =
        ClassFile.of()
            .build(
                name,
                builder -> {
                  builder.withFlags(ACC_FINAL).withSuperclass(describe(base));
                  builder.withInterfaceSymbols(describe(type));
                  builder.withField("delegate", describe(type), ACC_PRIVATE | ACC_FINAL);
                  writeConstructor(builder, name, base, type, given);
                  var written = new HashSet<String>();
                  for (var method : type.getMethods()) {
                    if (!Modifier.isStatic(method.getModifiers())
                        && !isHandWritten(base, method)
                        && written.add(method.getName() + describe(method).descriptorString())) {
                      writeMethod(builder, name, type, method);
                    }
                  }
                });
    try {
      var constructor = MethodType.methodType(void.class, Loan.class).appendParameterTypes(given);
      var hidden = lookup.defineHiddenClass(bytes, true);
      return hidden
          .findConstructor(hidden.lookupClass(), constructor)
          .asType(constructor.changeReturnType(base));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static boolean isHandWritten(Class<?> base, Method method) {
    try {
      return !Modifier.isAbstract(
              base.getMethod(method.getName(), method.getParameterTypes()).getModifiers())
          && !base.getMethod(method.getName(), method.getParameterTypes())
              .getDeclaringClass()
              .isInterface();
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  private static void writeConstructor(
      ClassBuilder builder, ClassDesc name, Class<?> base, Class<?> type, Class<?>... given) {
    var parameters = Arrays.stream(given).map(Wrappers::describe).toList();
    var constructor = MTD_void.insertParameterTypes(0, LOAN);
    for (var parameter : parameters) {
      constructor = constructor.insertParameterTypes(constructor.parameterCount(), parameter);
    }
    var descriptor = constructor;
    builder.withMethodBody(
        INIT_NAME,
        descriptor,
        0,
        code -> {
          code.aload(0).aload(code.parameterSlot(0));
          for (var i = 1; i < descriptor.parameterCount(); i++) {
            code.aload(code.parameterSlot(i));
          }
          code.invokespecial(describe(base), INIT_NAME, descriptor);
          code.aload(0).aload(code.parameterSlot(1)).checkcast(describe(type));
          code.putfield(name, "delegate", describe(type)).return_();
        });
  }

  private static void writeMethod(
      ClassBuilder builder, ClassDesc name, Class<?> type, Method method) {
    builder.withMethodBody(
        method.getName(),
        describe(method),
        ACC_PUBLIC | ACC_FINAL,
        code -> {
          loan(code).invokevirtual(LOAN, "enter", MTD_void);
          code.trying(
              body -> passOn(body, name, type, method),
              handler ->
                  handler.catchingAll(caught -> {
                    var thrown = caught.allocateLocal(TypeKind.REFERENCE);
                    caught.astore(thrown);
                    loan(caught).aload(thrown);
                    caught
                        .invokevirtual(LOAN, "failed", MethodTypeDesc.of(RUNTIME, THROWABLE))
                        .athrow();
                  }));
        });
  }

  private static CodeBuilder loan(CodeBuilder code) {
    return code.aload(0).getfield(LENT, "loan", LOAN);
  }

  private static void passOn(CodeBuilder code, ClassDesc name, Class<?> type, Method method) {
    var descriptor = describe(method);
    var wraps = WRAPPED.contains(method.getReturnType());
    if (wraps) {
      code.aload(0);
    }
    code.aload(0).getfield(name, "delegate", describe(type));
    for (var i = 0; i < descriptor.parameterCount(); i++) {
      code.loadLocal(TypeKind.from(descriptor.parameterType(i)), code.parameterSlot(i));
    }
    code.invokeinterface(describe(type), method.getName(), descriptor);
    if (wraps) {
      var result = descriptor.returnType();
      code.invokevirtual(LENT, "wrapped", MethodTypeDesc.of(result, result));
    }
    if (descriptor.returnType().equals(CD_void)) {
      code.return_();
    } else {
      code.return_(TypeKind.from(descriptor.returnType()));
    }
  }

  private static ClassDesc describe(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }

  private static MethodTypeDesc describe(Method method) {
    return MethodType.methodType(method.getReturnType(), method.getParameterTypes())
        .describeConstable()
        .orElseThrow();
  }
}
