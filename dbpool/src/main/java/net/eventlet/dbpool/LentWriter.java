package net.eventlet.dbpool;

import java.io.IOException;
import java.io.Writer;

/// What a driver sends to the server as it is written, until the connection is returned.
final class LentWriter extends Writer {

  private final Loan loan;
  private final Writer own;

  LentWriter(Loan loan, Writer own) {
    this.loan = loan;
    this.own = own;
  }

  @Override
  public void write(char[] from, int offset, int length) throws IOException {
    loan.lent(own).write(from, offset, length);
  }

  @Override
  public void flush() throws IOException {
    loan.lent(own).flush();
  }

  @Override
  public void close() throws IOException {
    if (!loan.isOver()) {
      own.close();
    }
  }
}
