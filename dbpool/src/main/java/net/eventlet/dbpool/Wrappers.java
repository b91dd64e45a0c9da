package net.eventlet.dbpool;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_PRIVATE;
import static java.lang.classfile.ClassFile.ACC_PUBLIC;
import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
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
import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.NClob;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLXML;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Writes the classes that pass calls on to a driver's objects: JDBC's interfaces have seven
/// hundred methods, and all but a few are
///
/// ```java
/// public R method(A argument) throws SQLException {
///   loan.enter();
///   try {
///     R result = target.method(bare(argument)); // bare, if A is a type that is wrapped
///     loan.leave();
///     return wrapped(result); // wrapped, if R is
///   } catch (Throwable thrown) {
///     loan.leave();
///     throw loan.failed(thrown);
///   }
/// }
/// ```
///
/// The getters of results, which are called for each cell, need no `enter` and `leave`: what they
/// read has come. The few are written by hand, in the class that the written one extends.
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
          DatabaseMetaData.class,
          ResultSetMetaData.class,
          ParameterMetaData.class,
          Blob.class,
          Clob.class,
          NClob.class,
          Array.class,
          SQLXML.class,
          Ref.class,
          InputStream.class,
          OutputStream.class,
          Reader.class,
          Writer.class);

  /// Arguments that may be a wrapper.
  private static final Set<Class<?>> BARED =
      Set.of(
          Object.class, Blob.class, Clob.class, NClob.class, Array.class, SQLXML.class, Ref.class);

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

  private static final Map<Class<?>, MethodHandle> VALUES =
      Stream.of(
              ResultSetMetaData.class,
              ParameterMetaData.class,
              Blob.class,
              Clob.class,
              NClob.class,
              Array.class,
              SQLXML.class,
              Ref.class)
          .collect(
              Collectors.toUnmodifiableMap(
                  type -> type, type -> write(LentValue.class, type, Object.class)));

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

  /// Wraps a value.
  ///
  /// @param loan of the connection that it came from
  /// @param type which interface it is seen through
  /// @param target the driver's
  /// @return the wrapper
  static <T> T value(Loan loan, Class<T> type, T target) {
    try {
      return type.cast((LentValue) present(VALUES.get(type)).invokeExact(loan, (Object) target));
    } catch (Throwable failure) {
      throw ours(failure);
    }
  }

  private static MethodHandle present(@Nullable MethodHandle handle) {
    return Objects.requireNonNull(handle);
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
          if (method.getName().equals("free")) { // which is allowed once more, as `close` is
            loan(code).invokevirtual(LOAN, "isOver", MethodTypeDesc.of(CD_boolean));
            code.ifThen(CodeBuilder::return_);
          }
          var counts = counts(type, method);
          loan(code).invokevirtual(LOAN, counts ? "enter" : "requireLent", MTD_void);
          var kind = TypeKind.from(describe(method).returnType());
          var result = code.allocateLocal(kind == TypeKind.VOID ? TypeKind.INT : kind);
          code.trying(
              body -> {
                passOn(body, name, type, method);
                if (kind != TypeKind.VOID) {
                  body.storeLocal(kind, result);
                }
              },
              handler ->
                  handler.catchingAll(caught -> {
                    var thrown = caught.allocateLocal(TypeKind.REFERENCE);
                    caught.astore(thrown);
                    leave(caught, counts);
                    loan(caught).aload(thrown);
                    caught
                        .invokevirtual(LOAN, "failed", MethodTypeDesc.of(RUNTIME, THROWABLE))
                        .athrow();
                  }));
          leave(code, counts);
          if (kind != TypeKind.VOID) {
            code.loadLocal(kind, result);
          }
          code.return_(kind);
        });
  }

  private static void leave(CodeBuilder code, boolean counts) {
    if (counts) {
      loan(code).invokevirtual(LOAN, "leave", MTD_void);
    }
  }

  private static CodeBuilder loan(CodeBuilder code) {
    return code.aload(0).getfield(LENT, "loan", LOAN);
  }

  /// {@return whether a method is counted as a call on its way: all but the getters of results,
  /// which are called for each cell and read what has come}
  private static boolean counts(Class<?> type, Method method) {
    var name = method.getName();
    return type != ResultSet.class || !name.startsWith("get") || name.equals("getObject");
  }

  private static void passOn(CodeBuilder code, ClassDesc name, Class<?> type, Method method) {
    var descriptor = describe(method);
    var result = method.getReturnType();
    var isObject = method.getName().equals("getObject") && result == Object.class;
    var wraps = isObject || WRAPPED.contains(result);
    if (wraps) {
      code.aload(0);
    }
    code.aload(0).getfield(name, "delegate", describe(type));
    for (var i = 0; i < descriptor.parameterCount(); i++) {
      var parameter = descriptor.parameterType(i);
      code.loadLocal(TypeKind.from(parameter), code.parameterSlot(i));
      if (BARED.contains(method.getParameterTypes()[i])) {
        code.invokestatic(LENT, "bare", MethodTypeDesc.of(CD_Object, CD_Object));
        code.checkcast(parameter);
      }
    }
    code.invokeinterface(describe(type), method.getName(), descriptor);
    var last = descriptor.parameterCount() - 1;
    if (isObject && last >= 0 && descriptor.parameterType(last).equals(CD_Class)) {
      code.aload(code.parameterSlot(last));
      code.invokevirtual(LENT, "wrapped", MethodTypeDesc.of(CD_Object, CD_Object, CD_Class));
    } else if (wraps) {
      code.invokevirtual(LENT, "wrapped", MethodTypeDesc.of(describe(result), describe(result)));
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
