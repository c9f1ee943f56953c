package import LingerDiagnostics

/// Why a question was left open, in words and by kind. None of these is an answer.
package struct UndecidedReason: Hashable, Sendable {
  /// What kind of reason it is.
  package enum Kind: String, Sendable {
    /// A limit was reached.
    case limit
    /// Something is not supported.
    case unsupported
    /// Somebody wanted it to stop.
    case interrupted
    /// The methods that there are came to no end.
    case undecided
  }

  /// What is limited.
  package enum Limit: String, Sendable {
    case time
    case memory
    case states
    case locations
    case zones
    case steps
    /// What a solver may do.
    case work
  }

  /// What kind of reason it is.
  package let kind: Kind
  /// One sentence.
  package let text: String
  /// For ``Kind/limit``: of what, and how high it is where that is a number.
  package var limit: Limit?
  package var value: Int?
  /// What is not supported, where the spec has it.
  package var span: Span?

  private init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }

  /// Nothing more than words is known.
  package init(_ text: String) { self.init(.undecided, text) }

  package static func limit(_ limit: Limit, _ value: Int?, _ text: String) -> UndecidedReason {
    var reason = UndecidedReason(.limit, text)
    reason.limit = limit
    reason.value = value
    return reason
  }

  package static func unsupported(_ text: String, at span: Span? = nil) -> UndecidedReason {
    var reason = UndecidedReason(.unsupported, text)
    reason.span = span
    return reason
  }

  package static func interrupted(_ text: String) -> UndecidedReason {
    UndecidedReason(.interrupted, text)
  }

  /// The same reason in other words.
  package func worded(_ text: String) -> UndecidedReason {
    var reason = UndecidedReason(kind, text)
    reason.limit = limit
    reason.value = value
    reason.span = span
    return reason
  }
}

extension UndecidedReason: ExpressibleByStringInterpolation, CustomStringConvertible {
  /// Words of which nothing more is known.
  package init(stringLiteral text: String) { self.init(.undecided, text) }

  /// The sentence.
  package var description: String { text }
}
