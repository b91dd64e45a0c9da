package net.eventlet.bench;

import java.util.List;
import java.util.Map;

/// One question, put to several programs.
///
/// @param id to name it on the command line
/// @param question that the figures answer
/// @param metric the figure that counts, smaller being better
/// @param unit of that figure
/// @param contenders who is asked, in the order of the table
/// @param goals what is to be reached
record Row(
    String id,
    String question,
    String metric,
    String unit,
    List<Contender> contenders,
    List<Goal> goals) {

  /// What came of a row.
  ///
  /// @param row it
  /// @param results by contender, in the order of the table
  record Outcome(Row row, Map<String, Result> results) {

    /// {@return what came of each goal}
    List<Goal.Verdict> verdicts() {
      return row.goals.stream().map(goal -> goal.judge(results)).toList();
    }

    /// {@return whether servers were measured, from outside}
    boolean ofServers() {
      return row.contenders.stream()
          .anyMatch(one -> one instanceof Contender.Server || one instanceof Contender.Signalled);
    }
  }
}
