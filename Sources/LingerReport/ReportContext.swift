package import LingerModel

/// What a report says about the spec it is for, besides what was found.
package struct ReportContext: Sendable {
  package var text: BriefText
  /// The path as the user gave it.
  package var path: String
  package var profile: String?
  /// Parameters that were set by hand.
  package var parameters: [(name: String, value: String)]

  package var model: Model { text.model }

  package init(
    text: BriefText,
    path: String,
    profile: String? = nil,
    parameters: [(name: String, value: String)] = []
  ) {
    self.text = text
    self.path = path
    self.profile = profile
    self.parameters = parameters
  }
}

extension Model {
  /// The timers that `orphan-timer` does not look at, by name.
  var unwatchedTimers: [String] {
    audit.exceptions.compactMap { exception in
      guard case .timer(let role, let timer) = exception else { return nil }
      return "'\(roles[role].name).\(roles[role].timers[timer].name)'"
    }
  }
}

extension Question {
  /// `invariant`, `possible` and so on; `audit` for the checks that every spec gets.
  func kind(in model: Model) -> String {
    switch self {
    case .property(let number): model.properties[number].kind.rawValue
    default: "audit"
    }
  }

  /// The property in question; nil for an audit check.
  package func property(in model: Model) -> Property? {
    if case .property(let number) = self { model.properties[number] } else { nil }
  }

  /// What it means that an audit check holds.
  var claim: String? {
    switch self {
    case .property: nil
    case .deadlock: "no state is stuck short of a final one"
    case .unspecifiedReception: "every message that can arrive is taken"
    case .specErrors: "no value leaves its range, no queue overflows, no assertion fails"
    case .finalReachable: "a final state can be reached from every state"
    case .orphanTimer: "no timer is armed in a final state"
    case .leftOpen: "every fair run comes to an end for all, if the applications act"
    case .notRestored: "in final states the variables named are as they began"
    }
  }
}

/// The ways a check can end.
package enum Outcome: String, Sendable, CaseIterable {
  case holds
  case unknown
  case violated
  /// A part of the checker contradicts another: nothing that it says can be relied upon.
  case internalError

  package init(_ report: CheckReport) {
    guard report.internalErrors.isEmpty else {
      self = .internalError
      return
    }
    var outcome = Outcome.holds
    for result in report.results {
      switch result.verdict {
      case .holds: continue
      case .unknown: outcome = outcome == .violated ? .violated : .unknown
      case .violated: outcome = .violated
      }
    }
    self = outcome
  }

  package var exitCode: Int32 {
    switch self {
    case .holds: 0
    case .violated: 1
    case .unknown: 3
    case .internalError: 70
    }
  }
}
