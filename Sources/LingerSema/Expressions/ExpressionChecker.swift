import LingerDiagnostics
import LingerModel
import LingerSyntax

/// Where an expression stands, which decides what it may read.
enum CheckContext {
  /// A constant, a property, a helper at the top level.
  case global
  /// Code of a role: guards, bodies, and the role's helpers.
  case role(Int)
}

/// Types an expression and translates it, from its syntax straight to the model.
///
/// Checking goes both ways: a type flows in where the context knows one (for `.CASE`, `nil`,
/// `[]`), and the type of the result flows out. A nil result is an error that was reported, so
/// whatever is built on it stays silent.
final class ExpressionChecker: DiagnosticReporting {
  let program: Program
  let context: CheckContext
  let locals: LocalSlots
  var scopes: [[LocalBinding]] = [[]]
  var effects = Effects()
  /// The body of a helper: what it reads is judged where it is called.
  var isTemplate = false
  /// Reading a ghost is fine on the right side of an assignment to one.
  var allowsGhosts = false
  /// The time since a timer's start may be compared in a guard.
  var allowsElapsed = false

  init(_ program: Program, context: CheckContext, locals: LocalSlots = LocalSlots()) {
    self.program = program
    self.context = context
    self.locals = locals
  }

  var log: DiagnosticLog { program.log }

  /// The role whose code this is.
  var role: Int? {
    if case .role(let number) = context { return number }
    return nil
  }

  /// Checks an expression; `expected` is a hint, the result may have another type.
  func check(_ syntax: ExpressionSyntax, expecting expected: ModelType? = nil) -> Expression? {
    guard program.resolution.enter() else {
      program.reportTooDeep(at: syntax.span)
      return nil
    }
    defer { program.resolution.leave() }
    return checkKind(syntax, expecting: expected)
  }

  private func checkKind(
    _ syntax: ExpressionSyntax,
    expecting expected: ModelType?
  ) -> Expression? {
    let span = syntax.span
    switch syntax.kind {
    case .missing: return nil
    case .integer(let value): return integer(value, at: span)
    case .bool(let value): return Expression(.constant(.bool(value)), .bool, span)
    case .duration(let number, let unit): return duration(number, unit, at: span)
    case .nilLiteral: return nilLiteral(expecting: expected, at: span)
    case .name(let name): return checkName(Identifier(name, span), expecting: expected)
    case .implicitCase(let name): return implicitCase(name, expecting: expected, at: span)
    case .selfReference: return selfReference(at: span)
    case .member(let base, let name): return checkMember(base, name, at: span)
    case .index(let base, let index): return checkIndex(base, index, at: span)
    case .call(let callee, let arguments): return checkCall(callee, arguments, at: span)
    case .unary(let operation, let operand): return checkUnary(operation, operand, at: span)
    case .binary(let operation, let name, let left, let right):
      return checkBinary(operation, name, left, right, at: span)
    case .conditional(let condition, let then, let otherwise):
      return checkConditional(condition, then, otherwise, expecting: expected, at: span)
    case .quantifier(let kind, let name, let domain, let filter, let body):
      return checkQuantifier(kind, name, domain, filter, body, at: span)
    case .list(let elements): return checkList(elements, expecting: expected, at: span)
    case .repeating(let element):
      return checkRepeating(element, expecting: expected, at: span)
    case .forceUnwrap(let operand): return checkUnwrap(operand, expecting: expected, at: span)
    case .range:
      error(
        .wrongKind,
        "a range is not a value",
        at: span,
        help: "a range stands after 'in', in a type, or in a 'case'"
      )
      return nil
    case .parenthesized(let inner): return check(inner, expecting: expected)
    }
  }

  /// Checks an expression that must be usable as a type, and converts it.
  func checkValue(
    _ syntax: ExpressionSyntax,
    as type: ModelType,
    _ use: ValueUse
  ) -> Expression? {
    let outer = effects.isParametric
    effects.isParametric = false
    let checked = check(syntax, expecting: type)
    let isParametric = effects.isParametric || use.isParametric
    effects.isParametric = effects.isParametric || outer
    guard let checked else { return nil }
    return convert(checked, to: type, use, isParametric: isParametric)
  }

  func checkCondition(_ syntax: ExpressionSyntax, _ what: String) -> Expression? {
    checkValue(syntax, as: .bool, ValueUse(what, .none, isStored: false))
  }

  /// Builds an expression, folded as far as constants allow.
  func make(_ kind: Expression.Kind, _ type: ModelType, _ span: Span) -> Expression {
    program.fold(Expression(kind, type, span))
  }

  func text(_ type: ModelType) -> String { program.text(type) }

  /// What an expression is, for messages: the number itself where it is one.
  func text(of expression: Expression) -> String {
    if case .constant(.integer(let value)) = expression.kind { return "the number \(value)" }
    return text(expression.type)
  }

  // Scopes.

  /// Runs `body` with a scope of its own for locals.
  func scoped<Result>(_ body: () -> Result) -> Result {
    scopes.append([])
    defer { scopes.removeLast() }
    return body()
  }

  /// Binds a name in the innermost scope and returns its slot.
  @discardableResult
  func bind(
    _ name: Identifier,
    _ type: ModelType?,
    isParametric: Bool = false,
    what: String,
    isOpaque: Bool = false
  ) -> Int {
    if name.text != "_", let first = scopes.last?.first(where: { $0.name == name.text }) {
      program.reportDuplicate(name, first: first.span, what: "local name")
    }
    let slot = locals.allocate(name.text == "_" ? "" : name.text)
    scopes[scopes.count - 1].append(
      LocalBinding(
        name: name.text,
        slot: slot,
        type: type,
        isParametric: isParametric,
        span: name.span,
        what: what,
        isOpaque: isOpaque
      )
    )
    return slot
  }

  /// Binds a name whose declaration is wrong.
  func poison(_ name: Identifier) {
    bind(name, nil, what: "a name")
  }

  func local(_ name: String) -> LocalBinding? {
    guard name != "_" else { return nil }
    for scope in scopes.reversed() {
      if let found = scope.last(where: { $0.name == name }) { return found }
    }
    return nil
  }
}
