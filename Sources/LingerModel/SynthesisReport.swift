/// The weakest condition on parameters under which a property holds, and what it rests on.
package struct SynthesisReport: Sendable {
  package enum Outcome: Sendable {
    /// The condition, proved sufficient; every violation of it is a violation of the property.
    case weakest(condition: ParameterCondition)
    /// Parameter values known to be bad, and why the rest was not decided.
    case unknown(bad: ParameterCondition, reason: UndecidedReason, depth: Int)
    /// No condition: an error of the spec is reached where the property would hold.
    case specError(Violation)
  }

  /// A condition as text: alternatives joined by `or` within a clause, clauses joined by `and`.
  package struct ParameterCondition: Hashable, Sendable {
    package var clauses: [[String]]
    /// The same in words, a sentence for each clause.
    package var words: [String]

    package init(clauses: [[String]], words: [String] = []) {
      self.clauses = clauses
      self.words = words
    }

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
    /// Nil for the values in force.
    package var name: String?
    package var settings: [TimedRun.Setting]
    package var holds: Bool?
    /// How much the first released parameter is above (or below) the least value that would do,
    /// where the condition says one.
    package var margin: Rational?
    /// Why nothing is said of it, or what the verdict is about.
    package var remark: String?

    package init(
      name: String?,
      settings: [TimedRun.Setting],
      holds: Bool?,
      margin: Rational? = nil,
      remark: String? = nil
    ) {
      self.name = name
      self.settings = settings
      self.holds = holds
      self.margin = margin
      self.remark = remark
    }
  }

  package var property: Int
  /// Parameters the condition is about.
  package var released: [Int]
  package var outcome: Outcome
  /// Where the outcome is unknown: values for which the property is proved, though it may hold for
  /// others too.
  package var sufficient: ParameterCondition?
  /// What else is known of the parameters, and what the condition is relative to: assumptions,
  /// symbolic defaults and values that the user chose.
  package var assumptions: [String]
  /// Violations, one for each clause: just outside the condition.
  package var violations: [Violation]
  /// For each violation the clause that it does not satisfy; one without a violation is left out.
  package var violatedClauses: [Int] = []
  package var profiles: [ProfileLine]
  /// Regions that were cut off, and the depth reached.
  package var cutCount: Int
  /// Whether some of them are there because of an error of the spec, and not of the property.
  package var hasErrors = false
  /// The proof's obligations as one SMT-LIB 2 script, every `check-sat` of which says `unsat`.
  package var certificate: String?
  package var internalErrors: [String]

  package init(
    property: Int,
    released: [Int],
    outcome: Outcome,
    assumptions: [String] = [],
    violations: [Violation] = [],
    profiles: [ProfileLine] = [],
    cutCount: Int = 0,
    certificate: String? = nil,
    internalErrors: [String] = []
  ) {
    self.property = property
    self.released = released
    self.outcome = outcome
    self.assumptions = assumptions
    self.violations = violations
    self.profiles = profiles
    self.cutCount = cutCount
    self.certificate = certificate
    self.internalErrors = internalErrors
  }
}
