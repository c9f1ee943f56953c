import LingerDiagnostics
import LingerModel

/// What kind of thing a finding is about. Its name never changes its meaning.
struct FindingRule: Hashable, Sendable {
  /// `invariant`, `A0101`, `L0203`.
  let id: String
  /// What it asks, in a sentence.
  let summary: String
  /// What a finding means and what to do.
  let help: String

  init(_ id: String, _ summary: String, _ help: String) {
    self.id = id
    self.summary = summary
    self.help = help
  }

  static func == (left: FindingRule, right: FindingRule) -> Bool { left.id == right.id }

  func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// What a check can find, by its kind.
extension FindingRule {
  init(_ question: Question, in model: Model) {
    switch question {
    case .property(let number): self.init(model.properties[number].kind)
    default:
      guard let check = question.auditCheck else {
        preconditionFailure("a question that neither a property nor a check asks")
      }
      self.init(check)
    }
  }

  init(_ kind: Property.Kind) {
    switch kind {
    case .final:
      self.init("final", "Where it is fine to stop.", "The audit asks whether it can be reached.")
    case .invariant:
      self.init(
        "invariant",
        "An invariant is true in every state that can be reached.",
        "The run leads to a state in which it is false: either the protocol lets something happen "
          + "that it should not, or the invariant asks too much."
      )
    case .possible:
      self.init(
        "possible",
        "From every state that can be reached, a state in which it is true can be reached.",
        "The run leads to a state from which no run makes it true any more."
      )
    case .eventually:
      self.init(
        "eventually",
        "In every fair run it becomes true.",
        "The run goes on for ever, or stops, and what was promised does not come. A step that must "
          + "not be put off for ever has to be marked 'fair'."
      )
    case .cover:
      self.init(
        "cover",
        "Some state that can be reached makes it true.",
        "No state that can be reached makes it true: what it describes cannot happen."
      )
    case .timedInvariant:
      self.init(
        "timed-invariant",
        "A timed invariant is true at all times, for the durations in force.",
        "The run has exact times. 'linger synthesize' finds the durations for which it holds."
      )
    }
  }

  init(_ check: AuditCheck) { self.init(check.diagnosticCode) }
}

/// What everything else can find.
extension FindingRule {
  init(_ code: DiagnosticCode) {
    let summary = code.summary.prefix(1).uppercased() + code.summary.dropFirst() + "."
    self.init(code.name, summary, code.explanation)
  }

  static let walk = FindingRule(
    "walk",
    "A run meets nothing that is wrong.",
    "The run was not searched for: it was chosen at random, or saved earlier."
  )
  static let condition = FindingRule(
    "condition",
    "There is a weakest condition on durations under which a timed invariant holds.",
    "The condition is exact where it is found and proved; otherwise the reason is said."
  )
  static let obligation = FindingRule(
    "proof-obligation",
    "Every obligation of a saved proof is unsatisfiable.",
    "An obligation that can be satisfied refutes the proof."
  )
  static let proofOfSpec = FindingRule(
    "proof-of-spec",
    "A saved proof has the obligations that the spec gives now.",
    "The spec was changed since, or the proof is another one's."
  )
  static let layout = FindingRule(
    "layout",
    "A spec is in the canonical layout.",
    "'linger format' rewrites it."
  )
  static let input = FindingRule(
    "input",
    "Every file that is named can be read.",
    "The message says what is wrong with it."
  )
  static let internalError = FindingRule(
    "internal-error",
    "No part of Linger contradicts another.",
    "Nothing in this report can be relied upon. Please report it with the spec."
  )
}
