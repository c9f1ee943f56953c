import LingerDiagnostics
import LingerModel
import LingerSyntax

/// `timer.elapsed >= duration`: the time since a timer's start, in guards.
extension ExpressionChecker {
  /// A comparison of which one side is `timer.elapsed`; nil where neither is.
  func checkElapsed(
    _ operation: BinaryOperation,
    _ left: ExpressionSyntax,
    _ right: ExpressionSyntax,
    at span: Span
  ) -> (expression: Expression?, Void)? {
    let first = elapsedTimer(left)
    let second = elapsedTimer(right)
    guard let (role, timer) = first ?? second else { return nil }
    if first != nil, second != nil {
      reportElapsed("two times since a start are compared with each other", at: span)
      return (nil, ())
    }
    guard allowsElapsed || isTemplate else {
      reportElapsed("'elapsed' is asked for outside of a guard", at: span)
      return (nil, ())
    }
    let use = ValueUse("the time since a timer's start", .none)
    guard let duration = checkValue(first == nil ? left : right, as: .duration, use) else {
      return (nil, ())
    }
    effects.elapsed = effects.elapsed ?? span
    program.usage.elapsed.insert([role, timer])
    let asked = first == nil ? operation.mirrored : operation
    return (Expression(.elapsed(timer: timer, asked, duration), .bool, span), ())
  }

  /// The timer of the acting instance that `t.elapsed` or `self.t.elapsed` is about.
  private func elapsedTimer(_ syntax: ExpressionSyntax) -> (role: Int, timer: Int)? {
    switch syntax.kind {
    case .parenthesized(let inner): return elapsedTimer(inner)
    case .member(let base, let name) where name.text == "elapsed":
      let timerName: String
      switch base.kind {
      case .name(let text) where local(text) == nil: timerName = text
      case .member(let owner, let inner):
        guard case .selfReference = owner.kind else { return nil }
        timerName = inner.text
      default: return nil
      }
      guard let role, case .timer(let number) = program.roles[role].members[timerName] else {
        return nil
      }
      return (role, number)
    default: return nil
    }
  }

  func reportElapsed(_ message: String, at span: Span, inside place: Span = .none) {
    error(
      .elapsedMisplaced,
      message,
      at: span,
      notes: place.isSomewhere ? [Diagnostic.Note("it is asked for here", at: place)] : [],
      help: "compare it with a duration in the guard of a transition: 'when t.elapsed >= 5 s'"
    )
  }
}

extension BinaryOperation {
  /// The comparison that says the same with its sides exchanged.
  fileprivate var mirrored: BinaryOperation {
    switch self {
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    default: self
    }
  }
}
