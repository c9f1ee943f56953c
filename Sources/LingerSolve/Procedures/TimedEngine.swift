/// What decides a timed property for the parameter values in force.
package enum TimedEngine: Sendable {
  /// Zones, and the solver where there are too many of them.
  case automatic
  /// A search over zones alone; what other parameter values give is not asked.
  case zones
  /// The solver alone: a bounded search for a violation, and Spacer for the proof.
  case spacer
  /// The solver alone: a bounded search for a violation, and induction for the proof.
  case induction
}
