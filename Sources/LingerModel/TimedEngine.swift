/// What decides timed properties.
package enum TimedEngine: String, CaseIterable, Sendable {
  /// Zones for the values in force; induction, then Spacer, for all values.
  case automatic
  /// Zones alone; what other parameter values give is not asked.
  case zones
  /// The solver alone: a bounded search for a violation, and Spacer for the proof.
  case spacer
  /// The solver alone: a bounded search for a violation, and induction for the proof.
  case induction
}
