package net.eventlet.patcher;

import java.util.Arrays;

/// The instructions of the JVM, as far as it takes to go from one to the next.
///
/// Source: JVMS 6.5 and 7.
final class Instructions {

  static final int NOP = 0;
  static final int DUP = 89;
  static final int GETSTATIC = 178;
  static final int INVOKEVIRTUAL = 182;
  static final int INVOKESPECIAL = 183;
  static final int INVOKESTATIC = 184;
  static final int INVOKEINTERFACE = 185;
  static final int NEW = 187;

  private static final int IINC = 132;
  private static final int TABLESWITCH = 170;
  private static final int LOOKUPSWITCH = 171;
  private static final int WIDE = 196;

  private static final byte[] LENGTHS = lengths();

  private Instructions() {}

  /// {@return how many bytes an instruction takes}
  ///
  /// @param bytes of a class file
  /// @param code where the method's code begins in them
  /// @param at where the instruction begins in them
  /// @throws IllegalArgumentException if there is no such instruction
  static int length(byte[] bytes, int code, int at) {
    var opcode = bytes[at] & 0xff;
    return switch (opcode) {
      case TABLESWITCH -> {
        var operands = aligned(code, at);
        var count = (long) s4(bytes, operands + 8) - s4(bytes, operands + 4) + 1;
        yield checked(operands + 12 - at + 4 * count, bytes, at);
      }
      case LOOKUPSWITCH -> {
        var operands = aligned(code, at);
        yield checked(operands + 8 - at + 8L * s4(bytes, operands + 4), bytes, at);
      }
      case WIDE -> (bytes[at + 1] & 0xff) == IINC ? 6 : 4;
      default -> {
        if (opcode >= LENGTHS.length) {
          throw new IllegalArgumentException("an instruction of kind " + opcode);
        }
        yield LENGTHS[opcode];
      }
    };
  }

  private static int aligned(int code, int at) {
    return code + ((at - code + 4) & ~3);
  }

  private static int checked(long length, byte[] bytes, int at) {
    if (length < 1 || length > bytes.length - at) {
      throw new IllegalArgumentException("a switch that does not end");
    }
    return (int) length;
  }

  private static int s4(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | (bytes[at + 3] & 0xff);
  }

  private static byte[] lengths() {
    var lengths = new byte[202];
    Arrays.fill(lengths, (byte) 1);
    lengths[16] = 2; // bipush
    lengths[17] = 3; // sipush
    lengths[18] = 2; // ldc
    Arrays.fill(lengths, 19, 21, (byte) 3); // ldc_w, ldc2_w
    Arrays.fill(lengths, 21, 26, (byte) 2); // iload … aload
    Arrays.fill(lengths, 54, 59, (byte) 2); // istore … astore
    lengths[IINC] = 3;
    Arrays.fill(lengths, 153, 169, (byte) 3); // ifeq … jsr
    lengths[169] = 2; // ret
    Arrays.fill(lengths, GETSTATIC, INVOKEINTERFACE, (byte) 3);
    Arrays.fill(lengths, INVOKEINTERFACE, NEW, (byte) 5); // and invokedynamic
    lengths[NEW] = 3;
    lengths[188] = 2; // newarray
    lengths[189] = 3; // anewarray
    Arrays.fill(lengths, 192, 194, (byte) 3); // checkcast, instanceof
    lengths[197] = 4; // multianewarray
    Arrays.fill(lengths, 198, 200, (byte) 3); // ifnull, ifnonnull
    Arrays.fill(lengths, 200, 202, (byte) 5); // goto_w, jsr_w
    return lengths;
  }
}
