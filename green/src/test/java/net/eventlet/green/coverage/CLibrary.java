package net.eventlet.green.coverage;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/// Functions of the C library for tests.
final class CLibrary {

  private CLibrary() {}

  /// {@return a function}
  ///
  /// @param name of it
  /// @param type its parameters and result
  /// @param options such as where variadic arguments begin
  @SuppressWarnings("restricted")
  static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
    var linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
  }
}
