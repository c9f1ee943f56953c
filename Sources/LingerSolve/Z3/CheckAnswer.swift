import LingerModel

/// The answer of one check.
package enum CheckAnswer: Hashable, Sendable {
  case satisfiable
  case unsatisfiable
  case unknown(UnknownReason)
}

/// Why a check gave no answer.
package enum UnknownReason: Hashable, Sendable {
  case interrupted
  /// ``SolverLimits/timeoutMilliseconds`` was reached.
  case timeLimit
  /// ``SolverLimits/resourceUnits`` was reached.
  case resourceLimit
  /// Z3 has taken more memory than an ``InterruptWatch`` lets it have.
  case memoryLimit
  /// Z3 gave up by itself; its words.
  case other(String)
}

extension UnknownReason {
  /// What it is to those who asked.
  var undecided: UndecidedReason {
    switch self {
    case .interrupted, .other: UndecidedReason(description)
    case .timeLimit: .limit(.time, nil, description)
    case .resourceLimit: .limit(.work, nil, description)
    case .memoryLimit: .limit(.memory, nil, description)
    }
  }
}

extension UnknownReason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .interrupted: "interrupted"
    case .timeLimit: "the solver's time limit was reached"
    case .resourceLimit: "the solver's work limit was reached"
    case .memoryLimit: "the solver's memory limit was reached"
    case .other(let text): text
    }
  }
}
