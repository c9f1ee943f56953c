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
    guard let named = first ?? second else { return nil }
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
    program.usage.noteElapsed(of: named.number, role: named.role)
    let asked = first == nil ? operation.mirrored : operation
    guard let timer = elapsedTimer(named, at: span) else { return (nil, ()) }
    return (Expression(.elapsed(timer: timer, asked, duration), .bool, span), ())
  }

  /// The one timer that is meant: of several the index must be known beforehand.
  private func elapsedTimer(_ named: NamedTimer, at span: Span) -> Int? {
    guard let family = program.timerFamilies(of: named.role)[named.number] else { return nil }
    let name = Identifier(program.declared.roles[named.role].timers[named.number].name.text, span)
    guard let chosen = chooseTimer(name, family, index: named.index) else { return nil }
    guard let index = chosen.index, let type = family.index else {
      return family.numbers.lowerBound
    }
    guard case .constant(let value) = index.kind,
      let place = program.model.ordinal(of: value, in: type)
    else {
      reportElapsed("which timer's time is asked for depends on the state", at: span)
      return nil
    }
    return family.numbers.lowerBound + place
  }

  /// A declared timer, with the index that is written behind it.
  private struct NamedTimer {
    var role: Int
    var number: Int
    var index: ExpressionSyntax?
  }

  /// The timer of the acting instance that `t.elapsed` or `self.t.elapsed` is about.
  private func elapsedTimer(_ syntax: ExpressionSyntax) -> NamedTimer? {
    switch syntax.kind {
    case .parenthesized(let inner): return elapsedTimer(inner)
    case .member(let base, let name) where name.text == "elapsed":
      let timerName: String
      var timers = base
      var index: ExpressionSyntax?
      if case .index(let inner, let place) = base.kind { (timers, index) = (inner, place) }
      switch timers.kind {
      case .name(let text) where local(text) == nil: timerName = text
      case .member(let owner, let inner):
        guard case .selfReference = owner.kind else { return nil }
        timerName = inner.text
      default: return nil
      }
      guard let role, case .timer(let number) = program.declared.roles[role].members[timerName]
      else {
        return nil
      }
      return NamedTimer(role: role, number: number, index: index)
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
