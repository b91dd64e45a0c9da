package net.eventlet;

/// A pool of tokens that mean nothing but the right to do something.
///
/// Source: `eventlet/pools.py`, class `TokenPool`.
public final class TokenPool extends Pool<TokenPool.Token> {

  /// The right to do something.
  public static final class Token {

    private Token() {}
  }

  /// Creates a pool.
  ///
  /// @param maxSize tokens at most
  /// @throws IllegalArgumentException if `maxSize` is negative
  public TokenPool(int maxSize) {
    super(maxSize, Token::new);
  }
}
