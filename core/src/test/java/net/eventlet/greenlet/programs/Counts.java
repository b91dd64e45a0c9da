package net.eventlet.greenlet.programs;

import java.util.ArrayList;
import net.eventlet.greenlet.Generator;

/// Prints what a generator counts, or why it cannot.
final class Counts {

  private Counts() {}

  public static void main(String[] args) {
    try {
      var counted = new ArrayList<Integer>();
      for (var each : new Generator<Integer>(Counts::count)) {
        counted.add(each);
      }
      IO.println(counted);
    } catch (IllegalStateException e) {
      IO.println(e.getMessage());
    }
  }

  private static void count(Generator.Out<Integer> out) {
    for (var i = 0; i < 3; i++) {
      out.yield(i);
    }
  }
}
