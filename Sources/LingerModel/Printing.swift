import LingerDiagnostics

/// A value as a spec would write it: `.FIN_WAIT_1`, `Segment(seq: 1, fin: true)`, `120 s`.
package func describe(_ value: Value, in model: Model) -> String {
  switch value {
  case .bool(let flag): return flag ? "true" : "false"
  case .integer(let number): return "\(number)"
  case .enumCase(let enumeration, let number):
    guard model.enumerations.indices.contains(enumeration),
      model.enumerations[enumeration].cases.indices.contains(number)
    else { return ".case\(number)" }
    return ".\(model.enumerations[enumeration].cases[number])"
  case .record(let number, let fields):
    guard model.records.indices.contains(number) else { return "record\(number)" }
    let record = model.records[number]
    let arguments = zip(record.fields, fields).map { "\($0.name): \(describe($1, in: model))" }
    return "\(record.name)(\(arguments.joined(separator: ", ")))"
  case .none: return "nil"
  case .some(let wrapped): return describe(wrapped, in: model)
  case .set(let elements), .array(let elements), .queue(let elements):
    return "[\(elements.map { describe($0, in: model) }.joined(separator: ", "))]"
  case .instance(let number):
    return model.instances.indices.contains(number)
      ? model.instances[number].name : "instance\(number)"
  case .duration(let time): return describe(duration: time)
  }
}

/// An exact time in the largest of `s`, `ms`, `us`, `ns` that makes it a whole number, else in
/// seconds.
package func describe(duration: Rational) -> String {
  var factor = 1
  for unit in ["s", "ms", "us", "ns"] {
    let scaled = duration * Rational(factor)
    if scaled.isWhole { return "\(scaled) \(unit)" }
    factor *= 1000
  }
  return seconds(duration)
}

/// A type as a spec would write it.
package func describe(_ type: ModelType, in model: Model) -> String {
  switch type {
  case .bool: "Bool"
  case .integer(let range): "\(range.lowerBound)...\(range.upperBound)"
  case .enumeration(let number):
    model.enumerations.indices.contains(number)
      ? model.enumerations[number].name : "enum\(number)"
  case .record(let number):
    model.records.indices.contains(number) ? model.records[number].name : "record\(number)"
  case .optional(let wrapped): "\(describe(wrapped, in: model))?"
  case .set(let element): "Set<\(describe(element, in: model))>"
  case .array(.integer(let range), let element) where range.lowerBound == 0:
    "[\(range.upperBound + 1) of \(describe(element, in: model))]"
  case .array(let index, let element):
    "[\(describe(index, in: model)): \(describe(element, in: model))]"
  case .queue(let capacity, let element):
    "Queue<\(describe(element, in: model)), \(capacity)>"
  case .instance(let role):
    model.roles.indices.contains(role) ? model.roles[role].name : "role\(role)"
  case .duration: "Duration"
  case .unboundedInteger: "Int"
  }
}

/// An expression in the form of its source, helpers written out in place.
///
/// `role` is the role whose code it is, where there is one; `locals` names the slots (see
/// ``Transition/localNames`` and ``Property/localNames``).
package func describe(
  _ expression: Expression,
  in model: Model,
  role: Int? = nil,
  locals: [String] = []
) -> String {
  var printer = ExpressionPrinter(model: model, role: role, locals: locals)
  return printer.print(expression).text
}

/// Prints expressions with as few parentheses as their meaning allows.
package struct ExpressionPrinter {
  /// A printed piece and how tightly its outermost operator binds.
  struct Piece {
    var text: String
    var precedence: Int

    func inside(_ context: Int) -> String { precedence < context ? "(\(text))" : text }
  }

  /// Longer arguments of an inlined helper are named, not repeated.
  private static let longestRepeatedText = 40
  private static let atom = 100
  private static let prefix = 90
  private static let ternary = 15

  private let model: Model
  private let role: Int?
  private let locals: [String]
  private var substitutions: [Int: Piece] = [:]

  package init(model: Model, role: Int?, locals: [String]) {
    self.model = model
    self.role = role
    self.locals = locals
  }

  /// The text of an expression that stands alone.
  package mutating func text(_ expression: Expression) -> String { print(expression).text }

  /// The name of a slot.
  package func name(ofLocal slot: Int) -> String {
    locals.indices.contains(slot) && !locals[slot].isEmpty ? locals[slot] : "_\(slot)"
  }

  mutating func print(_ expression: Expression) -> Piece {
    switch expression.kind {
    case .constant(let value): return constant(value)
    case .parameter(let number):
      return Piece(
        text: model.parameters.indices.contains(number)
          ? model.parameters[number].name : "parameter\(number)",
        precedence: Self.atom
      )
    case .local(let slot):
      return substitutions[slot] ?? Piece(text: name(ofLocal: slot), precedence: Self.atom)
    case .currentInstance: return Piece(text: "self", precedence: Self.atom)
    case .variable(let owner, let number): return member(of: owner, variable: number)
    case .timerIsArmed(let owner, let number): return member(of: owner, timer: number)
    case .elapsed(let timer, let operation, let duration):
      let precedence = operation.precedence * 10
      let right = print(duration).inside(precedence + 1)
      return Piece(
        text: "\(name(ofTimer: timer, of: nil)).elapsed \(operation.rawValue) \(right)",
        precedence: precedence
      )
    case .not(let operand):
      return Piece(text: "!" + print(operand).inside(Self.prefix), precedence: Self.prefix)
    case .negate(let operand):
      // `--x` is not an operator of the language.
      return Piece(text: "-" + print(operand).inside(Self.prefix + 1), precedence: Self.prefix)
    case .binary(let operation, let left, let right): return binary(operation, left, right)
    case .conditional(let condition, let then, let otherwise):
      let parts = [
        print(condition).inside(Self.ternary + 1), print(then).inside(Self.ternary + 1),
        print(otherwise).inside(Self.ternary),
      ]
      return Piece(text: "\(parts[0]) ? \(parts[1]) : \(parts[2])", precedence: Self.ternary)
    case .coalesce(let optional, let value):
      let left = print(optional).inside(61)
      return Piece(text: "\(left) ?? \(print(value).inside(60))", precedence: 60)
    case .checked(let operand), .some(let operand): return print(operand)
    case .quantifier, .bind, .leadsTo: return binder(expression)
    default: return Piece(text: postfix(expression), precedence: Self.atom)
    }
  }

  private func constant(_ value: Value) -> Piece {
    let text = describe(value, in: model)
    return Piece(text: text, precedence: text.hasPrefix("-") ? Self.prefix : Self.atom)
  }

  private mutating func binary(
    _ operation: BinaryOperation,
    _ left: Expression,
    _ right: Expression
  ) -> Piece {
    let precedence = operation.precedence * 10
    let associatesRight = operation == .implies
    let isComparison = precedence == BinaryOperation.equal.precedence * 10
    let first = print(left).inside(precedence + (associatesRight || isComparison ? 1 : 0))
    let second = print(right).inside(precedence + (associatesRight ? 0 : 1))
    return Piece(text: "\(first) \(operation.rawValue) \(second)", precedence: precedence)
  }

  private mutating func member(of owner: Expression?, variable number: Int) -> Piece {
    let variables = ownerRole(owner).map { model.roles[$0].variables } ?? []
    let name = variables.indices.contains(number) ? variables[number].name : "variable\(number)"
    return member(of: owner, name)
  }

  private mutating func member(of owner: Expression?, timer number: Int) -> Piece {
    member(of: owner, "\(name(ofTimer: number, of: owner)).isArmed")
  }

  private func name(ofTimer number: Int, of owner: Expression?) -> String {
    let timers = ownerRole(owner).map { model.roles[$0].timers } ?? []
    return timers.indices.contains(number) ? timers[number].name : "timer\(number)"
  }

  private mutating func member(of owner: Expression?, _ name: String) -> Piece {
    guard let owner else { return Piece(text: name, precedence: Self.atom) }
    return Piece(text: "\(print(owner).inside(Self.atom)).\(name)", precedence: Self.atom)
  }

  private func ownerRole(_ owner: Expression?) -> Int? {
    let number: Int?
    switch owner?.type {
    case .some(.instance(let role)): number = role
    case .some: number = nil
    case nil: number = role
    }
    return number.flatMap { model.roles.indices.contains($0) ? $0 : nil }
  }

  private mutating func binder(_ expression: Expression) -> Piece {
    switch expression.kind {
    case .leadsTo(let cause, let effect):
      let left = print(cause).inside(11)
      return Piece(text: "\(left) ~> \(print(effect).inside(10))", precedence: 10)
    case .bind(let slot, let value, let body):
      let piece = print(value)
      guard piece.text.count > Self.longestRepeatedText else {
        substitutions[slot] = piece
        return print(body)
      }
      let name = name(ofLocal: slot)
      return Piece(text: "let \(name) = \(piece.text): \(print(body).text)", precedence: 0)
    case .quantifier(let kind, let slot, let domain, let filter, let body):
      let word =
        switch kind {
        case .all: "for all"
        case .exists: "exists"
        case .count: "count"
        }
      var text = "\(word) \(name(ofLocal: slot)) in \(self.text(domain))"
      if let filter { text += " where \(print(filter).text)" }
      return Piece(text: "\(text): \(print(body).text)", precedence: 0)
    default: return Piece(text: postfix(expression), precedence: Self.atom)
    }
  }

  /// What a binder ranges over.
  package mutating func text(_ domain: Domain) -> String {
    switch domain {
    case .type(let type): describe(type, in: model)
    case .range(let low, let high):
      "\(print(low).inside(Self.prefix))...\(print(high).inside(Self.prefix))"
    case .elements(let collection): print(collection).inside(Self.prefix)
    }
  }

  private mutating func postfix(_ expression: Expression) -> String {
    switch expression.kind {
    case .field(let base, let number):
      let name =
        switch base.type {
        case .record(let record)
        where model.records.indices.contains(record)
          && model.records[record].fields.indices.contains(number):
          model.records[record].fields[number].name
        default: "field\(number)"
        }
      return "\(print(base).inside(Self.atom)).\(name)"
    case .element(let base, let index):
      return "\(print(base).inside(Self.atom))[\(print(index).text)]"
    case .record(let number, let fields):
      guard model.records.indices.contains(number) else { return "record\(number)" }
      var arguments: [String] = []
      for (field, value) in zip(model.records[number].fields, fields) {
        arguments.append("\(field.name): \(print(value).text)")
      }
      return "\(model.records[number].name)(\(arguments.joined(separator: ", ")))"
    case .unwrap(let base): return "\(print(base).inside(Self.atom))!"
    case .setOf(let elements), .arrayOf(let elements), .queueOf(let elements):
      return "[\(list(elements))]"
    case .repeating(let element): return "[repeating: \(print(element).text)]"
    case .elementCount(let base): return "\(print(base).inside(Self.atom)).count"
    case .isFull(let base): return "\(print(base).inside(Self.atom)).isFull"
    case .first(let base): return "\(print(base).inside(Self.atom)).first"
    case .contains(let base, let element):
      return "\(print(base).inside(Self.atom)).contains(\(print(element).text))"
    case .copiesInFlight(let network, let sender, let receiver, let message):
      let arguments =
        "\(print(message).text), from: \(print(sender).text), to: \(print(receiver).text)"
      return "\(name(ofNetwork: network)).count(\(arguments))"
    case .messagesInFlight(let network):
      return "\(network.map(name(ofNetwork:)) ?? "network").count"
    default:
      preconditionFailure("an operator or binder is not a postfix expression")
    }
  }

  private mutating func list(_ elements: [Expression]) -> String {
    var texts: [String] = []
    for element in elements { texts.append(print(element).text) }
    return texts.joined(separator: ", ")
  }

  private func name(ofNetwork number: Int) -> String {
    guard model.networks.indices.contains(number) else { return "network" }
    return model.networks[number].name ?? "network"
  }
}

extension BinaryOperation {
  /// How tightly it binds, as in the syntax.
  var precedence: Int {
    switch self {
    case .implies: 2
    case .or: 3
    case .and: 4
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: 5
    case .add, .subtract: 7
    case .multiply, .divide, .remainder: 8
    }
  }
}
