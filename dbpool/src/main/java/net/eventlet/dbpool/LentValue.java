package net.eventlet.dbpool;

/// A value that may ask the server later, such as a `Blob` or the description of a result.
abstract class LentValue extends Lent {

  LentValue(Loan loan, Object target) {
    super(loan, target);
  }
}
