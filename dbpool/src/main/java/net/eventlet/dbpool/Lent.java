package net.eventlet.dbpool;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.DatabaseMetaData;
import java.sql.NClob;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Statement;
import java.sql.Wrapper;
import org.jspecify.annotations.Nullable;

/// One of the driver's objects, as a borrower sees it: each call goes to the driver's, unless the
/// connection has been returned, and what the driver throws tells whether the connection can be
/// lent again.
///
/// The subclasses have what is not just passed on; [Wrappers] writes the rest.
abstract class Lent implements Wrapper {

  final Loan loan;
  private final Object target;

  Lent(Loan loan, Object target) {
    this.loan = loan;
    this.target = target;
  }

  final @Nullable Statement wrapped(@Nullable Statement statement) {
    return statement == null ? null : loan.opened(Wrappers.statement(loan, statement));
  }

  final @Nullable PreparedStatement wrapped(@Nullable PreparedStatement statement) {
    return statement == null ? null : loan.opened(Wrappers.prepared(loan, statement));
  }

  final @Nullable CallableStatement wrapped(@Nullable CallableStatement statement) {
    return statement == null ? null : loan.opened(Wrappers.callable(loan, statement));
  }

  final @Nullable ResultSet wrapped(@Nullable ResultSet results) {
    return results == null
        ? null
        : Wrappers.results(loan, results, this instanceof LentStatement own ? own : null);
  }

  final @Nullable DatabaseMetaData wrapped(@Nullable DatabaseMetaData data) {
    return data == null ? null : Wrappers.metaData(loan, data);
  }

  final @Nullable Blob wrapped(@Nullable Blob value) {
    return value == null ? null : Wrappers.value(loan, Blob.class, value);
  }

  final @Nullable Clob wrapped(@Nullable Clob value) {
    return value == null ? null : Wrappers.value(loan, Clob.class, value);
  }

  final @Nullable NClob wrapped(@Nullable NClob value) {
    return value == null ? null : Wrappers.value(loan, NClob.class, value);
  }

  final @Nullable Array wrapped(@Nullable Array value) {
    return value == null ? null : Wrappers.value(loan, Array.class, value);
  }

  final @Nullable SQLXML wrapped(@Nullable SQLXML value) {
    return value == null ? null : Wrappers.value(loan, SQLXML.class, value);
  }

  final @Nullable Ref wrapped(@Nullable Ref value) {
    return value == null ? null : Wrappers.value(loan, Ref.class, value);
  }

  final @Nullable ResultSetMetaData wrapped(@Nullable ResultSetMetaData value) {
    return value == null ? null : Wrappers.value(loan, ResultSetMetaData.class, value);
  }

  final @Nullable ParameterMetaData wrapped(@Nullable ParameterMetaData value) {
    return value == null ? null : Wrappers.value(loan, ParameterMetaData.class, value);
  }

  final @Nullable InputStream wrapped(@Nullable InputStream stream) {
    return stream == null ? null : new LentInput(loan, stream);
  }

  final @Nullable OutputStream wrapped(@Nullable OutputStream stream) {
    return stream == null ? null : new LentOutput(loan, stream);
  }

  final @Nullable Reader wrapped(@Nullable Reader reader) {
    return reader == null ? null : new LentReader(loan, reader);
  }

  final @Nullable Writer wrapped(@Nullable Writer writer) {
    return writer == null ? null : new LentWriter(loan, writer);
  }

  /// Wraps what `getObject` returned, if it is of those that may ask the server later.
  ///
  /// @param value of whatever type
  final @Nullable Object wrapped(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case String text -> text;
      case Number number -> number;
      case ResultSet results -> wrapped(results);
      case Blob blob -> wrapped(blob);
      case NClob text -> wrapped(text);
      case Clob text -> wrapped(text);
      case Array array -> wrapped(array);
      case SQLXML xml -> wrapped(xml);
      case Ref ref -> wrapped(ref);
      default -> value;
    };
  }

  /// Wraps what `getObject` returned, unless a class of the driver's was asked for.
  ///
  /// @param value an instance of it
  /// @param type that was asked for
  final @Nullable Object wrapped(@Nullable Object value, Class<?> type) {
    var wrapped = wrapped(value);
    return type.isInstance(wrapped) ? wrapped : value;
  }

  /// {@return the driver's own for what is given to the driver}
  ///
  /// @param argument a wrapper or anything else
  /// @throws SQLException if it is of a connection that was returned
  static @Nullable Object bare(@Nullable Object argument) throws SQLException {
    if (argument instanceof Lent lent) {
      lent.loan.requireLent();
      return lent.target;
    }
    return argument;
  }

  @Override
  public final <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    loan.requireLent();
    if (type.isInstance(target)) {
      return type.cast(target);
    }
    if (target instanceof Wrapper wrapper) {
      return wrapper.unwrap(type);
    }
    throw new SQLException(target.getClass().getName() + " is no " + type.getName());
  }

  @Override
  public final boolean isWrapperFor(Class<?> type) throws SQLException {
    return type.isInstance(this)
        || type.isInstance(target)
        || (target instanceof Wrapper wrapper && wrapper.isWrapperFor(type));
  }

  @Override
  public final String toString() {
    return target.toString();
  }
}
