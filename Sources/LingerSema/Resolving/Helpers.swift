import LingerDiagnostics
import LingerModel
import LingerSyntax

/// A helper checked once, ready to be written out wherever it is called.
struct HelperTemplate {
  struct Parameter {
    var name: Identifier
    var slot: Int
    var type: ResolvedType
  }

  var parameters: [Parameter]
  var body: Expression
  /// Names of the slots that the body uses, parameters first.
  var slotNames: [String]
  var effects: Effects
  var size: Int
  var height: Int
}

extension Program {
  /// Operations one helper may expand to, and levels: helpers that call each other twice double
  /// at every level, and every engine walks expressions recursively.
  static let helperSizeLimit = 20_000
  static let helperHeightLimit = 500

  /// The checked body of a helper; nil where it is wrong.
  func helperTemplate(_ index: Int, usedAt span: Span = .none) -> HelperTemplate? {
    let entry = declared.helpers[index]
    let name = entry.syntax.name
    return resolution.helpers.content(index) {
      let isFunction = entry.syntax.parameters != nil
      reportCycle(
        isFunction ? .recursiveHelper : .cyclicDefinition,
        isFunction ? "function" : "constant",
        name,
        at: span
      )
    } _: {
      resolving(name.text, name.span) { checkHelper(entry) }
    }
  }

  /// Counts what a call expands to; false, with one report, beyond the limit.
  func spendExpansion(_ size: Int, on index: Int, at span: Span) -> Bool {
    let (isWithin, wasWithin) = resolution.expand(by: size)
    if !isWithin && wasWithin {
      error(
        .helperTooLarge,
        "all calls together expand to more than \(Resolution.expansionLimit) operations",
        at: span,
        help: "'\(declared.helpers[index].syntax.name.text)' alone has \(size)"
      )
    }
    return isWithin
  }

  private func checkHelper(_ entry: HelperEntry) -> HelperTemplate? {
    let checker = ExpressionChecker(self, context: entry.role.map { .role($0) } ?? .global)
    checker.isTemplate = true
    var parameters: [HelperTemplate.Parameter] = []
    var isComplete = true
    checkDistinct((entry.syntax.parameters ?? []).map(\.name), what: "parameter")
    for parameter in entry.syntax.parameters ?? [] {
      guard let type = resolve(parameter.type, for: .helper) else {
        isComplete = false
        checker.poison(parameter.name)
        continue
      }
      let slot = checker.bind(
        parameter.name,
        type.type,
        isParametric: type.isParametric,
        what: "a parameter"
      )
      parameters.append(HelperTemplate.Parameter(name: parameter.name, slot: slot, type: type))
    }
    let name = entry.syntax.name
    let body: Expression?
    if let result = entry.syntax.resultType {
      guard let type = resolve(result, for: .helper) else { return nil }
      let use = ValueUse(
        "the result of '\(name.text)'",
        name.span,
        isStored: false,
        isParametric: type.isParametric
      )
      body = checker.checkValue(entry.syntax.value, as: type.type, use)
    } else {
      body = checker.check(entry.syntax.value)
    }
    guard let body, isComplete else { return nil }
    let (size, height) = body.measure
    guard size <= Self.helperSizeLimit, height <= Self.helperHeightLimit else {
      error(
        .helperTooLarge,
        "'\(name.text)' expands to \(size) operations on \(height) levels",
        at: name.span,
        help: "at most \(Self.helperSizeLimit) operations on \(Self.helperHeightLimit) levels"
      )
      return nil
    }
    return HelperTemplate(
      parameters: parameters,
      body: body,
      slotNames: checker.locals.names,
      effects: checker.effects,
      size: size,
      height: height
    )
  }
}

/// Writes a helper's body out in place of a call.
///
/// Every slot of the body becomes a fresh slot of the caller, so no name captures
/// another. An argument that is a mere constant, local or variable replaces its parameter;
/// anything else is computed once, by `bind`.
struct Inliner {
  let program: Program
  let locals: LocalSlots
  /// The instance whose role's helper it is, where that is not the acting one.
  var owner: Expression?
  private var slots: [Int: Expression.Kind] = [:]

  init(_ program: Program, locals: LocalSlots, owner: Expression? = nil) {
    self.program = program
    self.locals = locals
    self.owner = owner
  }

  mutating func inline(
    _ template: HelperTemplate,
    arguments: [Expression],
    at span: Span
  ) -> Expression {
    var bindings: [(slot: Int, value: Expression)] = []
    if let owner, !owner.isAtom {
      let slot = locals.allocate("")
      bindings.append((slot, owner))
      self.owner = Expression(.local(slot), owner.type, owner.span)
    }
    for (parameter, argument) in zip(template.parameters, arguments) {
      if argument.isAtom {
        slots[parameter.slot] = argument.kind
      } else {
        let slot = locals.allocate(parameter.name.text)
        slots[parameter.slot] = .local(slot)
        bindings.append((slot, argument))
      }
    }
    for (slot, name) in template.slotNames.enumerated() where slots[slot] == nil {
      slots[slot] = .local(locals.allocate(name))
    }
    var result = rewrite(template.body)
    for binding in bindings.reversed() {
      result = Expression(.bind(binding.slot, binding.value, in: result), result.type, span)
    }
    result.span = span
    return result
  }

  private func rewrite(_ expression: Expression) -> Expression {
    var rewritten = expression.mapChildren(rewrite)
    switch rewritten.kind {
    case .local(let slot): rewritten.kind = slots[slot] ?? rewritten.kind
    case .bind(let slot, let value, let body):
      rewritten.kind = .bind(renamed(slot), value, in: body)
    case .quantifier(let kind, let slot, let domain, let filter, let body):
      rewritten.kind = .quantifier(kind, renamed(slot), domain, filter: filter, body: body)
    case .variable(of: nil, let number):
      rewritten.kind = .variable(of: owner, number)
    case .timerIsArmed(of: nil, let number):
      rewritten.kind = .timerIsArmed(of: owner, number)
    case .currentInstance: rewritten.kind = owner?.kind ?? .currentInstance
    default: break
    }
    return program.fold(rewritten)
  }

  private func renamed(_ slot: Int) -> Int {
    if case .local(let new)? = slots[slot] { return new }
    return slot
  }
}

extension Expression {
  /// Whether writing it twice costs nothing and cannot fail.
  var isAtom: Bool {
    switch kind {
    case .constant, .parameter, .local, .currentInstance, .variable(of: nil, _): true
    case .variable(of: let owner?, _): owner.isAtom
    default: false
    }
  }
}
