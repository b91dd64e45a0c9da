package net.eventlet.dbpool;

import java.io.IOException;
import java.io.Reader;

/// What a driver reads from the server as it is read, until the connection is returned.
final class LentReader extends Reader {

  private final Loan loan;
  private final Reader own;

  LentReader(Loan loan, Reader own) {
    this.loan = loan;
    this.own = own;
  }

  @Override
  public int read(char[] into, int offset, int length) throws IOException {
    return loan.lent(own).read(into, offset, length);
  }

  @Override
  public boolean ready() throws IOException {
    return loan.lent(own).ready();
  }

  @Override
  public void close() throws IOException {
    if (!loan.isOver()) {
      own.close();
    }
  }
}
