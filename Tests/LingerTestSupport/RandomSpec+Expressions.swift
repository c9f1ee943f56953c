import LingerEval

/// What an expression may use.
struct RandomScope {
  var names: [RandomName]
  /// The role whose code it is; nil in a property.
  var role: RandomRole?
  /// How timers are asked here: `tick`, or `p.tick` in a property.
  var timers: [String] = []
  /// Instances that can be sent to by name, with their roles.
  var peers: [RandomName] = []
  /// How the instance at hand is called: `self`, or the binder of a property.
  var own: RandomName?

  func names(where isWanted: (RandomType) -> Bool) -> [RandomName] {
    names.filter { isWanted($0.type) }
  }

  func adding(_ name: RandomName) -> RandomScope {
    var result = self
    result.names.append(name)
    return result
  }
}

/// Expressions of a wanted type. Subexpressions stand in parentheses, so nothing here depends on
/// how operators bind; the parser's own tests cover that.
extension SpecWriter {
  mutating func literal(_ type: RandomType) -> String {
    switch type {
    case .optional(.instance) where avoidsNames: return "nil"
    case .set(.instance) where avoidsNames, .queue(_, .instance) where avoidsNames: return "[]"
    case .bool: return numbers.happens(50) ? "true" : "false"
    case .range(let low, let high):
      let value = roll(low, high)
      return value >= 0 && numbers.happens(20) ? Self.constants[value] : "\(value)"
    case .wide(let high): return "\(numbers.pick([0, 1, high]))"
    case .enumeration(_, let cases): return ".\(numbers.pick(cases))"
    case .optional(let wrapped): return numbers.happens(40) ? "nil" : literal(wrapped)
    case .set(let element), .queue(_, let element):
      return numbers.happens(50) ? "[]" : "[\(literal(element))]"
    case .array(let count, let element):
      if numbers.happens(40) { return "[repeating: \(literal(element))]" }
      var elements: [String] = []
      for _ in 0..<count { elements.append(literal(element)) }
      return "[\(elements.joined(separator: ", "))]"
    case .map(_, _, let element): return "[repeating: \(literal(element))]"
    case .record(let name, let fields):
      var arguments: [String] = []
      for field in fields { arguments.append("\(field.text): \(literal(field.type))") }
      return "\(name)(\(arguments.joined(separator: ", ")))"
    case .instance(let role):
      let names = roles.first { $0.name == role }.map(\.instances) ?? []
      return numbers.pick(names)
    }
  }

  /// Like a literal, but each integer in it may be a constant, which may be outside of its type.
  mutating func constant(_ type: RandomType) -> String {
    switch type {
    case .optional(.instance) where avoidsNames, .set(.instance) where avoidsNames,
      .queue(_, .instance) where avoidsNames:
      return literal(type)
    case .range:
      if numbers.happens(55) { return literal(type) }
      let name = numbers.pick(Self.constants)
      return numbers.happens(30) ? "same(\(name))" : "(\(name))"
    case .optional(let wrapped): return numbers.happens(25) ? "nil" : constant(wrapped)
    case .set(let element):
      return numbers.happens(25) ? "[]" : "[\(constant(element)), \(constant(element))]"
    case .queue(let capacity, let element):
      if numbers.happens(25) { return "[]" }
      return "[\(list(min(capacity, roll(1, 2))) { $0.constant(element) })]"
    case .array(let count, let element):
      if numbers.happens(40) { return "[repeating: \(constant(element))]" }
      return "[\(list(count) { $0.constant(element) })]"
    case .map(_, _, let element): return "[repeating: \(constant(element))]"
    case .record(let name, let fields):
      var arguments: [String] = []
      for field in fields { arguments.append("\(field.text): \(constant(field.type))") }
      return "\(name)(\(arguments.joined(separator: ", ")))"
    case .bool, .wide, .enumeration, .instance: return literal(type)
    }
  }

  private mutating func list(_ count: Int, _ element: (inout SpecWriter) -> String) -> String {
    var elements: [String] = []
    for _ in 0..<count { elements.append(element(&self)) }
    return elements.joined(separator: ", ")
  }

  mutating func expression(_ type: RandomType, _ scope: RandomScope, depth: Int) -> String {
    if numbers.happens(8), !avoidsNames || !type.isInstance { return constant(type) }
    switch type {
    case .bool: return condition(scope, depth: depth)
    case .range: return integer(type, scope, depth: depth)
    case .optional(let wrapped):
      let same = scope.names { $0 == type }
      if !same.isEmpty && numbers.happens(35) { return numbers.pick(same).text }
      if case .range = wrapped, let queue = queue(of: wrapped, in: scope), numbers.happens(40) {
        return "\(queue).first"
      }
      return numbers.happens(25) ? "nil" : expression(wrapped, scope, depth: depth)
    case .record(let name, let fields):
      let same = scope.names { $0 == type }
      if !same.isEmpty && numbers.happens(40) { return numbers.pick(same).text }
      var arguments: [String] = []
      for field in fields {
        arguments.append("\(field.text): \(expression(field.type, scope, depth: depth - 1))")
      }
      return "\(name)(\(arguments.joined(separator: ", ")))"
    case .instance:
      let same = scope.names { $0 == type }
      if !same.isEmpty && numbers.happens(60) { return numbers.pick(same).text }
      return ownName(type, scope) ?? literal(type)
    case .enumeration, .wide, .set, .array, .map, .queue:
      let same = scope.names { $0 == type }
      if depth > 0 && numbers.happens(20) {
        let parts = [literal(type), same.isEmpty ? literal(type) : numbers.pick(same).text]
        return "(\(condition(scope, depth: depth - 1)) ? \(parts[0]) : \(parts[1]))"
      }
      return !same.isEmpty && numbers.happens(40) ? numbers.pick(same).text : literal(type)
    }
  }

  /// The instance at hand, mostly, where one of its role is wanted: unlike a name that the spec
  /// gives it keeps symmetric instances symmetric.
  private mutating func ownName(_ type: RandomType, _ scope: RandomScope) -> String? {
    guard let own = scope.own, own.type == type, avoidsNames || numbers.happens(75) else {
      return nil
    }
    return own.text
  }

  /// An integer for a place of a range type; the result may be outside, a literal is not.
  mutating func integer(_ type: RandomType, _ scope: RandomScope, depth: Int) -> String {
    let atoms = integerAtoms(scope)
    guard !atoms.isEmpty, numbers.happens(75) else { return literal(type) }
    let atom = numbers.pick(atoms)
    switch numbers.below(10) {
    case 0, 1: return "(\(atom) + 1)"
    case 2: return "(\(atom) - 1)"
    case 3: return "(\(atom) % 2)"
    case 4 where depth > 0:
      return "(\(condition(scope, depth: depth - 1)) ? \(atom) : \(literal(type)))"
    case 5 where scope.role != nil && numbers.happens(30):
      return "(\(atom) / \(numbers.pick(atoms)))"
    case 6: return "(\(atom) + \(numbers.pick(atoms)))"
    default: return atom
    }
  }

  /// Names and parts of names that are integers.
  private mutating func integerAtoms(_ scope: RandomScope) -> [String] {
    var atoms = scope.names { $0.isRange }.map(\.text)
    for name in scope.names {
      switch name.type {
      case .optional(.range):
        atoms.append(numbers.happens(80) ? "(\(name.text) ?? 0)" : "\(name.text)!")
      case .map(let index, let cases, .range):
        let key = ownName(.instance(index), scope) ?? numbers.pick(cases)
        atoms.append("\(name.text)[\(key)]")
      case .set, .queue: atoms.append("\(name.text).count")
      case .array(let count, .range):
        atoms.append("\(name.text)[\(numbers.below(count))]")
        if let index = scope.names(where: { $0 == .range(0, 2) }).first {
          atoms.append("\(name.text)[\(index.text)]")
        }
      case .record(_, let fields):
        atoms += fields.filter(\.type.isRange).map { "\(name.text).\($0.text)" }
      default: break
      }
    }
    return atoms
  }

  private func queue(of element: RandomType, in scope: RandomScope) -> String? {
    scope.names { type in if case .queue(_, element) = type { true } else { false } }.first?.text
  }

  mutating func condition(_ scope: RandomScope, depth: Int) -> String {
    if depth > 0 && numbers.happens(45) {
      let left = condition(scope, depth: depth - 1)
      switch numbers.below(6) {
      case 0, 1: return "(\(left) && \(condition(scope, depth: depth - 1)))"
      case 2, 3: return "(\(left) || \(condition(scope, depth: depth - 1)))"
      case 4: return "(\(left) implies \(condition(scope, depth: depth - 1)))"
      default: return "!(\(left))"
      }
    }
    if numbers.happens(8) { return counting(scope) }
    let tests = tests(scope)
    return tests.isEmpty || numbers.happens(5) ? literal(.bool) : numbers.pick(tests)
  }

  /// Simple conditions, one for each name in scope.
  private mutating func tests(_ scope: RandomScope) -> [String] {
    var tests = scope.timers.map { "\($0).isArmed" }
    if let role = scope.role {
      for (message, _) in role.sends where hasOneReceiver(message, for: role) {
        let copy = constant(.record(message.name, message.fields))
        tests.append("network.count(\(copy)) < \(roll(1, 2))")
      }
    }
    for name in scope.names {
      let text = name.text
      // A whole collection, of which one element may be outside.
      if name.type.isComposite, numbers.happens(20) {
        tests.append("\(text) \(numbers.pick(["==", "!="])) \(constant(name.type))")
      }
      switch name.type {
      case .bool: tests.append(text)
      case .range, .wide:
        let comparison = numbers.pick(["==", "!=", "<", "<=", ">", ">="])
        tests.append("\(text) \(comparison) \(constant(name.type))")
        if hasHelper && name.type.isRange && numbers.happens(20) { tests.append("low(\(text))") }
      case .enumeration:
        tests.append("\(text) \(numbers.happens(70) ? "==" : "!=") \(literal(name.type))")
      case .optional(let wrapped):
        tests.append("\(text) \(numbers.happens(50) ? "==" : "!=") nil")
        if wrapped == .bool { tests.append("(\(text) ?? false)") }
      case .set(let element):
        tests.append("\(text).contains(\(ownName(element, scope) ?? constant(element)))")
        tests.append("\(text).isEmpty")
      case .queue: tests.append(numbers.pick(["\(text).isEmpty", "\(text).isFull"]))
      case .array(let count, let element):
        let place = numbers.happens(90) ? "\(numbers.below(count))" : numbers.pick(Self.constants)
        tests.append("\(text)[\(place)] == \(constant(element))")
      case .map(let index, let cases, let element):
        let key =
          scope.names { type in
            switch type {
            case .enumeration(index, _), .instance(index): true
            default: false
            }
          }.first?.text ?? ownName(.instance(index), scope) ?? numbers.pick(cases)
        tests.append("\(text)[\(key)] == \(literal(element))")
      case .record(_, let fields):
        let field = numbers.pick(fields)
        tests.append("\(text).\(field.text) == \(constant(field.type))")
        tests.append("\(text) == \(constant(name.type))")
      case .instance:
        tests.append("\(text) == \(ownName(name.type, scope) ?? literal(name.type))")
      }
    }
    return tests
  }

  /// A quantifier or a count, over a small range or the elements of a collection.
  private mutating func counting(_ scope: RandomScope) -> String {
    let binder = newLocal("i")
    let collections = scope.names { type in
      switch type {
      case .set(.range), .queue(_, .range), .array(_, .range): true
      default: false
      }
    }
    let domain =
      !collections.isEmpty && numbers.happens(60) ? numbers.pick(collections).text : "0...1"
    let inner = scope.adding(RandomName(text: binder, type: .range(0, 1)))
    let body = condition(RandomScope(names: Array(inner.names.suffix(3))), depth: 1)
    let filter = numbers.happens(25) ? " where \(binder) != 1" : ""
    switch numbers.below(3) {
    case 0: return "(for all \(binder) in \(domain)\(filter): \(body))"
    case 1: return "(exists \(binder) in \(domain)\(filter): \(body))"
    default: return "((count \(binder) in \(domain)\(filter): \(body)) >= \(roll(0, 2)))"
    }
  }
}
