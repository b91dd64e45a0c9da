package stranger;

/// The programs here, for the tests that run them.
public final class Programs {

  /// Patches itself after its library was loaded and used.
  public static final Class<?> PATCHES_WHILE_RUNNING = PatchesWhileRunning.class;

  /// Uses its library, patched or not.
  public static final Class<?> PATCHED_BEFORE = PatchedBefore.class;

  /// Tries to patch itself, and prints what it is told.
  public static final Class<?> CANNOT_BE_PATCHED = CannotBePatched.class;

  /// Uses what is rewritten, other than threads.
  public static final Class<?> EVERYTHING = Everything.class;

  /// Waits for what it starts while a class is initialized.
  public static final Class<?> STARTS_WHILE_INITIALIZED = StartsWhileInitialized.class;

  private Programs() {}
}
