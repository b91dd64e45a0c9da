package net.eventlet.dbpool;

import java.io.IOException;
import java.io.OutputStream;

/// What a driver sends to the server as it is written, until the connection is returned.
final class LentOutput extends OutputStream {

  private final Loan loan;
  private final OutputStream own;

  LentOutput(Loan loan, OutputStream own) {
    this.loan = loan;
    this.own = own;
  }

  @Override
  public void write(int octet) throws IOException {
    loan.lent(own).write(octet);
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
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
