import LingerModel

/// Which cases of one enum variable a guard allows and a body leaves, read off the text.
///
/// An over-approximation: what the analysis does not understand may be any case. Helpers are
/// already written out in place, so a local slot is looked up in the expressions bound to it.
struct CaseFlow {
  /// Cases for which a condition may be true, and those for which it may be false.
  struct Test {
    var mayHold: Set<Int>
    var mayFail: Set<Int>

    var negated: Test { Test(mayHold: mayFail, mayFail: mayHold) }
  }

  /// Where a body may leave the variable.
  struct Targets: Equatable {
    var cases: Set<Int>
    /// Whether a value was assigned that is not known from the text.
    var isUnknown = false
  }

  let variable: Int
  let caseCount: Int

  private var everyCase: Set<Int> { Set(0..<caseCount) }
  private var anything: Test { Test(mayHold: everyCase, mayFail: everyCase) }

  /// The cases in which a transition may fire.
  func sources(of transition: Transition) -> Set<Int> {
    guard let condition = transition.guardCondition else { return everyCase }
    return test(condition, [:]).mayHold
  }

  /// The cases after a transition that fires in one case.
  func targets(of transition: Transition, from source: Int) -> Targets {
    var locals: [Int: Expression] = [:]
    return run(transition.body, Targets(cases: [source]), &locals)
  }

  // Conditions.

  private func test(_ condition: Expression, _ locals: [Int: Expression]) -> Test {
    switch condition.kind {
    case .constant(.bool(let flag)):
      return Test(mayHold: flag ? everyCase : [], mayFail: flag ? [] : everyCase)
    case .local(let slot):
      guard let bound = locals[slot] else { return anything }
      return test(bound, locals)
    case .not(let operand): return test(operand, locals).negated
    case .checked(let operand): return test(operand, locals)
    case .bind(let slot, let value, let body):
      var inner = locals
      inner[slot] = value
      return test(body, inner)
    case .binary(let operation, let left, let right):
      return test(operation, left, right, locals)
    case .contains(let collection, let element):
      return membership(collection, element, locals)
    case .conditional(let condition, let then, let otherwise):
      let choice = test(condition, locals)
      let (first, second) = (test(then, locals), test(otherwise, locals))
      return Test(
        mayHold: choice.mayHold.intersection(first.mayHold)
          .union(choice.mayFail.intersection(second.mayHold)),
        mayFail: choice.mayHold.intersection(first.mayFail)
          .union(choice.mayFail.intersection(second.mayFail))
      )
    default: return anything
    }
  }

  private func test(
    _ operation: BinaryOperation,
    _ left: Expression,
    _ right: Expression,
    _ locals: [Int: Expression]
  ) -> Test {
    switch operation {
    case .and: return conjunction(test(left, locals), test(right, locals))
    case .or:
      return conjunction(test(left, locals).negated, test(right, locals).negated).negated
    case .implies:
      return conjunction(test(left, locals), test(right, locals).negated).negated
    case .equal: return equality(left, right, locals)
    case .notEqual: return equality(left, right, locals).negated
    case .add, .subtract, .multiply, .divide, .remainder, .less, .lessOrEqual, .greater,
      .greaterOrEqual:
      return anything
    }
  }

  private func conjunction(_ left: Test, _ right: Test) -> Test {
    Test(
      mayHold: left.mayHold.intersection(right.mayHold),
      mayFail: left.mayFail.union(right.mayFail)
    )
  }

  private func equality(
    _ left: Expression,
    _ right: Expression,
    _ locals: [Int: Expression]
  ) -> Test {
    let (left, right) = (resolve(left, locals), resolve(right, locals))
    if isVariable(left), let number = caseNumber(right) { return exactly([number]) }
    if isVariable(right), let number = caseNumber(left) { return exactly([number]) }
    return anything
  }

  private func membership(
    _ collection: Expression,
    _ element: Expression,
    _ locals: [Int: Expression]
  ) -> Test {
    guard isVariable(resolve(element, locals)) else { return anything }
    switch resolve(collection, locals).kind {
    case .constant(.set(let values)), .constant(.array(let values)), .constant(.queue(let values)):
      let numbers = values.compactMap { value in
        if case .enumCase(_, let number) = value { number } else { nil }
      }
      return exactly(Set(numbers))
    case .setOf(let elements), .arrayOf(let elements), .queueOf(let elements):
      let numbers = elements.map { caseNumber(resolve($0, locals)) }
      guard !numbers.contains(nil) else { return anything }
      return exactly(Set(numbers.compactMap(\.self)))
    default: return anything
    }
  }

  private func exactly(_ cases: Set<Int>) -> Test {
    Test(mayHold: cases, mayFail: everyCase.subtracting(cases))
  }

  private func resolve(_ expression: Expression, _ locals: [Int: Expression]) -> Expression {
    switch expression.kind {
    case .local(let slot): locals[slot].map { resolve($0, locals) } ?? expression
    case .checked(let operand): resolve(operand, locals)
    default: expression
    }
  }

  private func isVariable(_ expression: Expression) -> Bool {
    if case .variable(of: nil, variable) = expression.kind { true } else { false }
  }

  private func caseNumber(_ expression: Expression) -> Int? {
    if case .constant(.enumCase(_, let number)) = expression.kind { number } else { nil }
  }

  // Bodies.

  private func run(
    _ body: [Statement],
    _ start: Targets,
    _ locals: inout [Int: Expression]
  ) -> Targets {
    var state = start
    for statement in body {
      switch statement.kind {
      case .assign(let place, let value) where place.variable == variable:
        state = assigned(value, in: state, locals)
      case .bind(let slot, let value): locals[slot] = value
      case .conditional(let condition, let then, let otherwise):
        let choice = test(condition, locals)
        let first = run(then, state.keeping(choice.mayHold), &locals)
        let second = run(otherwise, state.keeping(choice.mayFail), &locals)
        state = first.union(second)
      case .conditionalBinding(_, _, let then, let otherwise):
        state = run(then, state, &locals).union(run(otherwise, state, &locals))
      case .forEach(_, _, _, let body):
        // Once may not be enough: what one round leaves, the next one starts from.
        var previous = state
        repeat {
          previous = state
          state = state.union(run(body, state, &locals))
        } while state != previous
      case .assign, .insert, .remove, .append, .removeFirst, .send, .start, .cancel, .signal,
        .choose, .assert:
        continue
      }
    }
    return state
  }

  private func assigned(
    _ value: Expression,
    in state: Targets,
    _ locals: [Int: Expression]
  ) -> Targets {
    guard !state.cases.isEmpty || state.isUnknown else { return state }
    let value = resolve(value, locals)
    if let number = caseNumber(value) { return Targets(cases: [number]) }
    if isVariable(value) { return state }
    if case .conditional(let condition, let then, let otherwise) = value.kind {
      let choice = test(condition, locals)
      return assigned(then, in: state.keeping(choice.mayHold), locals)
        .union(assigned(otherwise, in: state.keeping(choice.mayFail), locals))
    }
    return Targets(cases: [], isUnknown: true)
  }
}

extension CaseFlow.Targets {
  fileprivate func keeping(_ allowed: Set<Int>) -> Self {
    Self(cases: cases.intersection(allowed), isUnknown: isUnknown)
  }

  fileprivate func union(_ other: Self) -> Self {
    Self(cases: cases.union(other.cases), isUnknown: isUnknown || other.isUnknown)
  }
}
