import LingerDiagnostics
import LingerModel
import LingerSyntax

/// What a declared timer is in the model: one timer, or one for each value of its index.
struct TimerFamily {
  var numbers: Range<Int>
  /// The type of the index; nil for a single timer.
  var index: ModelType?
  var isParametric: Bool
}

/// Timers: each declaration is one, or several with an index.
extension Program {
  /// Timers of one declaration: a state holds a bit for each, and each gets a clock.
  static let timerLimit = 64

  /// The timers of a role by declaration; nil inside for one whose index is wrong.
  func timerFamilies(of role: Int) -> [TimerFamily?] {
    let entry = declared.roles[role]
    let families = resolution.timers.content(role) {
      reportCycle(.cyclicDefinition, "the timers of", entry.name, at: entry.name.span)
    } _: {
      entry.timers.map { resolve($0, of: role) }
    }
    return families ?? entry.timers.map { _ in nil }
  }

  /// Adds the timers of a declaration to the model.
  private func resolve(_ entry: TimerEntry, of role: Int) -> TimerFamily? {
    // One that is not declared at all: that was said where it is used.
    guard entry.name.span.isSomewhere else { return nil }
    let first = model.roles[role].timers.count
    func add(_ name: String, family: String?) {
      var timer = Role.Timer(
        name: name,
        documentation: entry.documentation,
        span: entry.name.span
      )
      timer.family = family
      model.roles[role].timers.append(timer)
    }
    guard let syntax = entry.index else {
      add(entry.name.text, family: nil)
      return TimerFamily(numbers: first..<first + 1, index: nil, isParametric: false)
    }
    guard let index = timerIndex(syntax, of: entry.name) else { return nil }
    guard let count = model.cardinality(of: index.type), count <= Self.timerLimit else {
      error(
        .domainTooLarge,
        "there are too many timers '\(entry.name.text)'",
        at: syntax.span,
        help: "at most \(Self.timerLimit) are possible"
      )
      return nil
    }
    guard count > 0 else {
      // An instance that has an error of its own is missing here, too.
      if hasSoundInstances {
        error(
          .emptyDomain,
          "there are no timers '\(entry.name.text)'",
          at: syntax.span,
          label: "has no values"
        )
      }
      return nil
    }
    for value in model.values(of: index.type) {
      add("\(entry.name.text)[\(describe(value, in: model))]", family: entry.name.text)
    }
    return TimerFamily(
      numbers: first..<first + count,
      index: index.type,
      isParametric: index.isParametric
    )
  }

  /// The type of an index: a type by its name, a range, or `0...n - 1` for a number n.
  private func timerIndex(_ syntax: ExpressionSyntax, of name: Identifier) -> ResolvedType? {
    let inner = syntax.unparenthesized
    switch inner.kind {
    case .range(let low, let high):
      return resolve(TypeSyntax(.range(low, high), inner.span), for: .state("an index"))
    case .name(let text) where isTypeName(text):
      let type = TypeSyntax(.named(Identifier(text, inner.span)), inner.span)
      let resolved = resolve(type, for: .state("an index"))
      resolveInstances()
      return resolved
    default:
      guard let (count, isParametric) = constantInteger(syntax, "the number of timers") else {
        return nil
      }
      guard count >= 1 else {
        error(
          .emptyDomain,
          "there are \(count) timers '\(name.text)'",
          at: syntax.span,
          label: "must be at least 1"
        )
        return nil
      }
      return ResolvedType(type: .integer(0...count - 1), isParametric: isParametric)
    }
  }

  private func isTypeName(_ name: String) -> Bool {
    switch declared.symbols[name] {
    case .alias, .enumeration, .record, .role: true
    case nil: name == "Bool" || name == "Duration"
    case .parameter, .helper, .instances, .network: false
    }
  }

  /// A declared timer of a role and what it is in the model; reported where there is none, or
  /// where an index is missing or superfluous.
  func timer(
    _ name: Identifier,
    of role: Int,
    hasIndex: Bool
  ) -> (number: Int, family: TimerFamily)? {
    guard let number = timer(name, of: role) else { return nil }
    guard let family = timerFamilies(of: role)[number] else { return nil }
    guard checkIndex(of: name, family, hasIndex: hasIndex) else { return nil }
    return (number, family)
  }

  /// Reports an index that is missing, or that a single timer cannot have.
  func checkIndex(of name: Identifier, _ family: TimerFamily, hasIndex: Bool) -> Bool {
    if hasIndex == (family.index != nil) { return true }
    error(
      .timerIndex,
      hasIndex
        ? "'\(name.text)' is a single timer and has no index"
        : "there are \(family.numbers.count) timers '\(name.text)'",
      at: name.span,
      label: hasIndex ? nil : "which one is meant?",
      help: hasIndex ? nil : "write its index: '\(name.text)[...]'"
    )
    return false
  }

  /// Checks how long timers run that are armed from the start.
  func buildInitialTimers() {
    for role in declared.roles.indices {
      for (number, family) in timerFamilies(of: role).enumerated() {
        let entry = declared.roles[role].timers[number]
        guard let family, let syntax = entry.duration else { continue }
        usage.noteStart(of: number, role: role)
        let checker = ExpressionChecker(self, context: .role(role))
        let use = ValueUse("the duration of a timer", .none)
        guard let duration = checker.checkValue(syntax, as: .duration, use) else { continue }
        noteComparison(in: duration)
        switch evaluate(duration) {
        case .success(let value):
          guard isNotNegative(value, at: syntax.span) else { continue }
          for timer in family.numbers { model.roles[role].timers[timer].initial = duration }
        case .failure(let failure): report(failure, in: syntax, what: "the duration of a timer")
        }
      }
    }
  }

  /// Reports a timer that would run for less than no time.
  func isNotNegative(_ value: Value, at span: Span) -> Bool {
    guard case .duration(let time) = value, time < .zero else { return true }
    error(
      .negativeDuration,
      "the timer would run for \(describe(duration: time))",
      at: span,
      label: "negative"
    )
    return false
  }
}

/// One timer of several, chosen by an index.
struct ChosenTimer {
  var family: TimerFamily
  /// The index, checked; nil for a single timer.
  var index: Expression?
}

extension ExpressionChecker {
  /// Checks which of several timers is meant.
  func chooseTimer(
    _ name: Identifier,
    _ family: TimerFamily,
    index: ExpressionSyntax?
  ) -> ChosenTimer? {
    guard program.checkIndex(of: name, family, hasIndex: index != nil) else {
      if let index { _ = check(index) }
      return nil
    }
    guard let index, let type = family.index else { return ChosenTimer(family: family) }
    let use = ValueUse("the index of '\(name.text)'", .none, isParametric: family.isParametric)
    guard let checked = checkValue(index, as: type, use) else { return nil }
    // A value that the type does not have is an error of the spec, as for an array.
    let isCertain = checked.isConstant || checked.type == type
    return ChosenTimer(
      family: family,
      index: isCertain ? checked : Expression(.checked(checked), type, index.span)
    )
  }

  /// What is asked of a chosen timer: `ask` makes it for one of them.
  func ask(
    _ timer: ChosenTimer,
    at span: Span,
    _ ask: (Int) -> Expression
  ) -> Expression {
    guard let index = timer.index, let type = timer.family.index else {
      return ask(timer.family.numbers.lowerBound)
    }
    let values = program.model.values(of: type)
    return once(index, at: span) { index in
      let numbers = Array(zip(values, timer.family.numbers))
      guard let last = numbers.last else { preconditionFailure("a family of no timers") }
      return numbers.dropLast().reversed().reduce(ask(last.1)) { rest, choice in
        let value = Expression(.constant(choice.0), type, span)
        let test = make(.binary(.equal, index, value), .bool, span)
        let this = ask(choice.1)
        return make(.conditional(test, this, rest), this.type, span)
      }
    }
  }

  /// What is done with a chosen timer: `act` makes it for one of them.
  func act(
    on timer: ChosenTimer,
    at span: Span,
    _ act: (Int) -> Statement
  ) -> [Statement] {
    guard let index = timer.index, let type = timer.family.index else {
      return [act(timer.family.numbers.lowerBound)]
    }
    let numbers = Array(zip(program.model.values(of: type), timer.family.numbers))
    if case .constant(let value) = index.kind {
      return numbers.filter { $0.0 == value }.map { act($0.1) }
    }
    guard let last = numbers.last else { preconditionFailure("a family of no timers") }
    let slot = locals.allocate("")
    let chosen = Expression(.local(slot), type, index.span)
    let statement = numbers.dropLast().reversed().reduce(act(last.1)) { rest, choice in
      let value = Expression(.constant(choice.0), type, span)
      let test = Expression(.binary(.equal, chosen, value), .bool, span)
      return Statement(.conditional(test, then: [act(choice.1)], otherwise: [rest]), span)
    }
    return [Statement(.bind(slot, index), span), statement]
  }
}
