import LingerEval

/// Roles: declarations, transitions and their bodies.
extension SpecWriter {
  mutating func writeRole(_ index: Int) {
    let role = roles[index]
    lines.append("role \(role.name) {")
    for variable in role.variables {
      let needsValue = if case .instance = variable.type { true } else { false }
      var value = needsValue || numbers.happens(40) ? " = \(literal(variable.type))" : ""
      if variable.type.size <= 4, variable.type.isSmall, numbers.happens(6) {
        value = " = any"
        hasOpenVariables = true
      }
      lines.append("  var \(variable.text): \(variable.type.source)\(value)")
    }
    if let ghost = role.ghost { lines.append("  ghost var \(ghost.text): Bool = false") }
    for timer in role.timers where !timer.hasPrefix("bell") {
      lines.append("  timer \(timer)\(numbers.happens(20) ? " armed for 1 s" : "")")
    }
    if role.hasBells {
      lines.append("  timer bell[\(numbers.pick(["2", "0...1"]))]")
    }
    if role.hasSignal { lines.append("  signal told(what: 0...1)") }
    let scope = RandomScope(
      names: role.variables,
      role: role,
      timers: role.timers,
      own: RandomName(text: "self", type: .instance(role.name))
    )
    for number in 0..<roll(2, 4) { writeSpontaneous("go\(number)", scope) }
    for timer in role.timers where !timer.hasPrefix("bell") && numbers.happens(85) {
      var header = "  transition on_\(timer) on timeout \(timer)"
      if numbers.happens(20) {
        header += " when \(elapsed(role, else: condition(scope, depth: 1)))"
      } else if numbers.happens(40) {
        header += " when \(condition(scope, depth: 1))"
      }
      write(header, scope)
    }
    if role.hasBells, numbers.happens(85) {
      let inner = scope.adding(RandomName(text: newLocal("b"), type: .range(0, 1)))
      let index = inner.names[inner.names.count - 1].text
      let condition = numbers.happens(40) ? " when \(condition(inner, depth: 1))" : ""
      write("  transition on_bell on timeout bell[\(index)]\(condition)", inner)
    }
    for message in role.receives {
      for number in 0..<roll(0, 2) { writeReception("get\(message.name)\(number)", message, scope) }
    }
    if !role.receives.isEmpty && numbers.happens(60) { writeOtherwise(scope) }
    lines.append("}")
  }

  private mutating func writeSpontaneous(_ name: String, _ scope: RandomScope) {
    var inner = scope
    var trigger = "internal"
    if numbers.happens(60) {
      var parameters: [String] = []
      for _ in 0..<numbers.below(2) {
        let name = newLocal("c")
        let type = randomType(maximumSize: 3, scalarOnly: true)
        parameters.append("\(name): \(type.source)")
        inner.names.append(RandomName(text: name, type: type))
      }
      if numbers.happens(6) {
        // Many values, of which a few matter.
        let name = newLocal("c")
        let high = numbers.pick([90, 300])
        parameters.append("\(name): 0...\(high)")
        inner.names.append(RandomName(text: name, type: .wide(high)))
      }
      trigger = "call \(name)Call(\(parameters.joined(separator: ", ")))"
    }
    let fairness = numbers.pick(["", "", "", "fair ", "strongly fair "])
    var test = condition(inner, depth: 2)
    var urgency = ""
    if let role = scope.role, !role.timers.isEmpty, numbers.happens(15) {
      test = elapsed(role, else: test)
    } else if numbers.happens(10) {
      urgency = "urgent "
    }
    write("  \(fairness)\(urgency)transition \(name) on \(trigger) when \(test)", inner)
  }

  /// A guard that asks how long a timer of the role has been running, and something else.
  private mutating func elapsed(_ role: RandomRole, else condition: String) -> String {
    let timer = numbers.pick(role.timers)
    let one = "\(timer).elapsed \(numbers.pick(["<", "<=", "==", ">="])) 1 s"
    switch numbers.below(4) {
    case 0: return "\(one) && (\(condition))"
    case 1: return "!(\(one)) && (\(condition))"
    case 2: return "\(one) || (\(condition))"
    default: return "(\(condition)) && (\(one) || 2 s < \(numbers.pick(role.timers)).elapsed)"
    }
  }

  private mutating func writeReception(
    _ name: String,
    _ message: RandomMessage,
    _ scope: RandomScope
  ) {
    var inner = scope
    let binder = newLocal("m")
    inner.names += message.fields.map {
      RandomName(text: "\(binder).\($0.text)", type: $0.type)
    }
    var header = "  transition \(name) on receive \(binder): \(message.name)"
    let senders = roles.filter { $0.sends.contains { $0.message.name == message.name } }
    if senders.count == 1, numbers.happens(40) {
      let sender = newLocal("s")
      header += " from \(sender)"
      let peer = RandomName(text: sender, type: .instance(senders[0].name))
      inner.peers.append(peer)
      if numbers.happens(50) { inner.names.append(peer) }
    }
    if numbers.happens(50) { header += " when \(condition(inner, depth: numbers.below(3)))" }
    write(header, inner)
  }

  private mutating func writeOtherwise(_ scope: RandomScope) {
    guard let message = scope.role?.receives.first, numbers.happens(25) else {
      lines.append("  otherwise receive { }")
      return
    }
    let binder = newLocal("m")
    var inner = scope
    inner.names += message.fields.map {
      RandomName(text: "\(binder).\($0.text)", type: $0.type)
    }
    write("  otherwise receive \(binder): \(message.name)", inner)
  }

  /// Writes a transition; most of them send something or start a timer, so that more happens.
  private mutating func write(_ header: String, _ scope: RandomScope) {
    lines.append("\(header) {")
    if let role = scope.role {
      if !role.sends.isEmpty && numbers.happens(45) { writeSend(role, scope, "    ") }
      if !role.timers.isEmpty && numbers.happens(25) {
        lines.append("    start \(numbers.pick(role.timers)) for 1 s")
      }
    }
    writeBlock(roll(1, 2), scope, indentation: "    ", depth: 2)
    lines.append("  }")
  }

  private mutating func writeBlock(
    _ count: Int,
    _ scope: RandomScope,
    indentation: String,
    depth: Int
  ) {
    var inner = scope
    for _ in 0..<count { writeStatement(&inner, indentation, depth: depth) }
  }

  /// Writes a statement; a `choose` or `let` adds its name to the scope of those that follow.
  private mutating func writeStatement(
    _ scope: inout RandomScope,
    _ indentation: String,
    depth: Int
  ) {
    guard let role = scope.role else { return }
    switch numbers.below(depth > 0 ? 20 : 14) {
    case 0...6: writeAssignment(role, scope, indentation)
    case 7...10 where !role.sends.isEmpty: writeSend(role, scope, indentation)
    case 11 where !role.timers.isEmpty:
      // An index that is worked out may lie outside.
      let timer =
        role.hasBells && numbers.happens(50)
        ? "bell[\(integer(.range(0, 1), scope, depth: 1))]" : numbers.pick(role.timers)
      let statement = numbers.happens(75) ? "start \(timer) for 1 s" : "cancel \(timer)"
      lines.append("\(indentation)\(statement)")
    case 12 where role.hasSignal:
      lines.append("\(indentation)signal told(what: \(integer(.range(0, 1), scope, depth: 0)))")
    case 13 where numbers.happens(30):
      lines.append("\(indentation)assert \(condition(scope, depth: 1)), \"as it should be\"")
    case 14, 15: writeBranch(scope, indentation, depth: depth)
    case 16: writeLoop(scope, indentation, depth: depth)
    case 17, 18: writeChoice(&scope, indentation)
    case 19:
      let name = newLocal("l")
      let type = randomType(maximumSize: 4, scalarOnly: true)
      let value = expression(type, scope, depth: 1)
      lines.append("\(indentation)let \(name): \(type.source) = \(value)")
      scope.names.append(RandomName(text: name, type: type))
    default: writeAssignment(role, scope, indentation)
    }
  }

  private mutating func writeAssignment(
    _ role: RandomRole,
    _ scope: RandomScope,
    _ indentation: String
  ) {
    if role.ghost != nil && numbers.happens(15) {
      lines.append("\(indentation)seen = true")
      return
    }
    let variable = numbers.pick(role.variables)
    let name = variable.text
    let statement: String
    switch variable.type {
    case .range(let low, let high) where numbers.happens(70):
      let isUp = numbers.happens(60)
      let step = "\(name) \(isUp ? "+=" : "-=") 1"
      let limit = "\(name) \(isUp ? "<" : ">") \(isUp ? high : low)"
      statement = numbers.happens(75) ? "if \(limit) { \(step) }" : step
    case .set(let element):
      let value = expression(element, scope, depth: 0)
      statement = "\(name).\(numbers.happens(65) ? "insert" : "remove")(\(value))"
    case .queue(_, let element):
      let isIn = numbers.happens(55)
      let step = isIn ? "append(\(expression(element, scope, depth: 0)))" : "removeFirst()"
      let limit = isIn ? "!\(name).isFull" : "!\(name).isEmpty"
      statement = numbers.happens(75) ? "if \(limit) { \(name).\(step) }" : "\(name).\(step)"
    case .array(let count, let element) where numbers.happens(75):
      let value = expression(element, scope, depth: 1)
      statement = "\(name)[\(numbers.below(count))] = \(value)"
    case .map(_, let cases, let element) where numbers.happens(75):
      let value = expression(element, scope, depth: 1)
      let isOwn = cases == role.instances && (avoidsNames || numbers.happens(80))
      statement = "\(name)[\(isOwn ? "self" : numbers.pick(cases))] = \(value)"
    case .record(_, let fields) where numbers.happens(60):
      let field = numbers.pick(fields)
      statement = "\(name).\(field.text) = \(expression(field.type, scope, depth: 1))"
    default:
      // Its own value would leave everything as it is.
      var others = scope
      others.names.removeAll { $0 == variable }
      statement = "\(name) = \(expression(variable.type, others, depth: 1))"
    }
    lines.append(indentation + statement)
  }

  private mutating func writeSend(
    _ role: RandomRole,
    _ scope: RandomScope,
    _ indentation: String
  ) {
    let (message, target) = numbers.pick(role.sends)
    var arguments: [String] = []
    for field in message.fields {
      arguments.append("\(field.text): \(expression(field.type, scope, depth: 1))")
    }
    let send = "send \(message.name)(\(arguments.joined(separator: ", ")))"
    if hasOneReceiver(message, for: role) && numbers.happens(70) {
      let message = "\(message.name)(\(arguments.joined(separator: ", ")))"
      if numbers.happens(15) {
        lines.append("\(indentation)if network.count(\(message)) < 1 { \(send) }")
      } else {
        lines.append(indentation + send)
      }
      return
    }
    // A variable may name the instance itself, which is an error of the spec.
    let peers = (scope.peers + scope.names).filter { $0.type == .instance(target) }
    if let peer = peers.first, numbers.happens(50) {
      lines.append("\(indentation)\(send) to \(peer.text)")
      return
    }
    let receiver = newLocal("q")
    let filter = target == role.name ? " where \(receiver) != self" : ""
    if numbers.happens(50) {
      lines.append("\(indentation)for \(receiver) in \(target)\(filter) { \(send) to \(receiver) }")
    } else {
      lines.append("\(indentation)choose \(receiver) in \(target)\(filter)")
      lines.append("\(indentation)\(send) to \(receiver)")
    }
  }

  /// Whether a message of this kind needs no `to` in this role.
  func hasOneReceiver(_ message: RandomMessage, for role: RandomRole) -> Bool {
    let targets = role.sends.filter { $0.message.name == message.name }.map(\.role)
    let others = roles.filter { targets.contains($0.name) }.reduce(0) { count, other in
      count + other.instances.count - (other.name == role.name ? 1 : 0)
    }
    return others == 1
  }

  private mutating func writeBranch(_ scope: RandomScope, _ indentation: String, depth: Int) {
    let optionals = scope.names { if case .optional = $0 { true } else { false } }
    let phases = scope.names { $0 == enumerations[0] }
    if let optional = optionals.first, case .optional(let wrapped) = optional.type,
      numbers.happens(50)
    {
      let name = newLocal("u")
      lines.append("\(indentation)if let \(name) = \(optional.text) {")
      writeBlock(
        1,
        scope.adding(RandomName(text: name, type: wrapped)),
        indentation: indentation + "  ",
        depth: depth - 1
      )
    } else if let phase = phases.first, case .enumeration(_, let cases) = phase.type,
      numbers.happens(30)
    {
      lines.append("\(indentation)switch \(phase.text) {")
      for enumCase in cases.dropLast() {
        lines.append("\(indentation)case .\(enumCase):")
        writeBlock(1, scope, indentation: indentation + "  ", depth: depth - 1)
      }
      lines.append("\(indentation)default:")
      writeBlock(1, scope, indentation: indentation + "  ", depth: depth - 1)
      lines.append("\(indentation)}")
      return
    } else {
      lines.append("\(indentation)if \(condition(scope, depth: 1)) {")
      writeBlock(1, scope, indentation: indentation + "  ", depth: depth - 1)
    }
    if numbers.happens(50) {
      lines.append("\(indentation)} else {")
      writeBlock(1, scope, indentation: indentation + "  ", depth: depth - 1)
    }
    lines.append("\(indentation)}")
  }

  private mutating func writeLoop(_ scope: RandomScope, _ indentation: String, depth: Int) {
    let name = newLocal("k")
    let collections = scope.names { type in
      switch type {
      case .set, .queue, .array: true
      default: false
      }
    }
    if let collection = collections.first, numbers.happens(60),
      let element = collection.type.element
    {
      lines.append("\(indentation)for \(name) in \(collection.text) {")
      writeBlock(
        1,
        scope.adding(RandomName(text: name, type: element)),
        indentation: indentation + "  ",
        depth: depth - 1
      )
    } else {
      lines.append("\(indentation)for \(name) in 0...1 {")
      writeBlock(
        1,
        scope.adding(RandomName(text: name, type: .range(0, 1))),
        indentation: indentation + "  ",
        depth: depth - 1
      )
    }
    lines.append("\(indentation)}")
  }

  private mutating func writeChoice(_ scope: inout RandomScope, _ indentation: String) {
    let name = newLocal("h")
    let collections = scope.names { type in
      switch type {
      case .set, .queue: true
      default: false
      }
    }
    var type = RandomType.range(0, 1)
    var domain = "0...1"
    if let collection = collections.first, let element = collection.type.element,
      numbers.happens(50)
    {
      type = element
      domain = collection.text
    } else if numbers.happens(40) {
      type = enumerations[0]
      domain = enumerations[0].source
    }
    let inner = RandomScope(names: [RandomName(text: name, type: type)])
    let filter = numbers.happens(25) ? " where \(condition(inner, depth: 0))" : ""
    lines.append("\(indentation)choose \(name) in \(domain)\(filter)")
    scope.names.append(RandomName(text: name, type: type))
  }
}

extension RandomType {
  /// What a collection holds.
  var element: RandomType? {
    switch self {
    case .set(let element), .queue(_, let element), .array(_, let element): element
    default: nil
    }
  }
}
