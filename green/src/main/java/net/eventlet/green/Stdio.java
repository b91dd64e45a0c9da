package net.eventlet.green;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.Objects;

/// What one of a child's three standard streams is.
///
/// Source: `subprocess.PIPE`, `DEVNULL`, `STDOUT`; `java.lang.ProcessBuilder.Redirect`.
public sealed interface Stdio {

  /// A pipe to or from the starter.
  Stdio PIPE = new Pipe();

  /// The starter's own.
  Stdio INHERIT = new Inherit();

  /// Nothing: at its end when read, gone when written.
  Stdio NULL = new Null();

  /// For standard error: wherever standard output goes.
  Stdio OUTPUT = new Output();

  /// A pipe: [#PIPE].
  record Pipe() implements Stdio {}

  /// The starter's own: [#INHERIT].
  record Inherit() implements Stdio {}

  /// Nothing: [#NULL].
  record Null() implements Stdio {}

  /// Where standard output goes: [#OUTPUT].
  record Output() implements Stdio {}

  /// A file: read from its beginning; or made if there is none, and written.
  ///
  /// @param path of the file, as the starter sees it
  /// @param append whether what is written goes behind what is there, rather than in its place
  record File(Path path, boolean append) implements Stdio {

    /// Checks it.
    public File {
      Objects.requireNonNull(path, "path");
    }
  }

  /// A descriptor of the starter's, such as a socket's; it stays open there.
  ///
  /// @param fileno its number
  record Handed(int fileno) implements Stdio {

    /// Checks it.
    ///
    /// @throws IllegalArgumentException if the number is negative
    public Handed {
      if (fileno < 0) {
        throw new IllegalArgumentException("a descriptor's number is from 0: " + fileno);
      }
    }
  }

  /// For standard input: bytes that are there from the beginning, in a file without a name.
  final class Bytes implements Stdio {

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
      this.bytes = bytes;
    }

    byte[] bytes() {
      return bytes;
    }

    @Override
    public String toString() {
      return "Bytes[" + bytes.length + "]";
    }
  }

  /// {@return a file to read from, or to write from its beginning on}
  ///
  /// @param path of the file
  static Stdio file(Path path) {
    return new File(path, false);
  }

  /// {@return a file to write to, behind what is there}
  ///
  /// @param path of the file
  static Stdio append(Path path) {
    return new File(path, true);
  }

  /// {@return a descriptor of the starter's, which stays open there}
  ///
  /// @param fileno its number
  static Stdio descriptor(int fileno) {
    return new Handed(fileno);
  }

  /// {@return bytes to read}
  ///
  /// @param bytes not changed until the child has started
  static Stdio bytes(byte[] bytes) {
    return new Bytes(Objects.requireNonNull(bytes, "bytes"));
  }

  /// {@return a text to read}
  ///
  /// @param text as UTF-8
  static Stdio text(String text) {
    return new Bytes(text.getBytes(UTF_8));
  }
}
