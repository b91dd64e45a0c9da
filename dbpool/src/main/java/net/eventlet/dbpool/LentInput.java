package net.eventlet.dbpool;

import java.io.IOException;
import java.io.InputStream;

/// What a driver reads from the server as it is read, until the connection is returned.
final class LentInput extends InputStream {

  private final Loan loan;
  private final InputStream own;

  LentInput(Loan loan, InputStream own) {
    this.loan = loan;
    this.own = own;
  }

  @Override
  public int read() throws IOException {
    return loan.lent(own).read();
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    return loan.lent(own).read(into, offset, length);
  }

  @Override
  public int available() throws IOException {
    return loan.lent(own).available();
  }

  @Override
  public void close() throws IOException {
    if (!loan.isOver()) {
      own.close();
    }
  }
}
