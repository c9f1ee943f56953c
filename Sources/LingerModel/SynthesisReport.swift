/// The weakest condition on parameters under which a property holds, and what it rests on.
package struct SynthesisReport: Sendable {
  package enum Outcome: Sendable {
    /// The condition, proved sufficient; every violation of it is a violation of the property.
    case weakest(condition: ParameterCondition)
    /// Parameter values known to be bad, and why the rest was not decided.
    case unknown(bad: ParameterCondition, reason: String, depth: Int)
  }

  /// A condition as text: alternatives joined by `or` within a clause, clauses joined by `and`.
  package struct ParameterCondition: Hashable, Sendable {
    package var clauses: [[String]]

    package init(clauses: [[String]]) { self.clauses = clauses }

    /// One line: `timeWait >= msl + 2 * rto and (...)`; `true` without clauses, `false` with an
    /// empty one.
    package var text: String {
      if clauses.contains(where: \.isEmpty) { return "false" }
      if clauses.isEmpty { return "true" }
      return clauses.map { clause in
        let joined = clause.joined(separator: " or ")
        return clause.count > 1 && clauses.count > 1 ? "(\(joined))" : joined
      }.joined(separator: " and ")
    }
  }

  /// How one profile fares.
  package struct ProfileLine: Sendable {
    package var name: String
    package var settings: [TimedRun.Setting]
    package var holds: Bool?
    /// For one condition on one released parameter: how much it is above (or below) its bound.
    package var margin: Rational?

    package init(
      name: String,
      settings: [TimedRun.Setting],
      holds: Bool?,
      margin: Rational?
    ) {
      self.name = name
      self.settings = settings
      self.holds = holds
      self.margin = margin
    }
  }

  package var property: Int
  /// Parameters the condition is about.
  package var released: [Int]
  package var outcome: Outcome
  /// Violations, one for each clause: just outside the condition.
  package var violations: [Violation]
  package var profiles: [ProfileLine]
  /// Regions that were cut off, and the depth reached.
  package var cutCount: Int
  package var certificate: String?
  package var internalErrors: [String]

  package init(
    property: Int,
    released: [Int],
    outcome: Outcome,
    violations: [Violation] = [],
    profiles: [ProfileLine] = [],
    cutCount: Int = 0,
    certificate: String? = nil,
    internalErrors: [String] = []
  ) {
    self.property = property
    self.released = released
    self.outcome = outcome
    self.violations = violations
    self.profiles = profiles
    self.cutCount = cutCount
    self.certificate = certificate
    self.internalErrors = internalErrors
  }
}
