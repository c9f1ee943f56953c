import LingerEval

/// What is around the roles: networks and properties.
extension SpecWriter {
  mutating func writeNetworks() {
    let routes = roles.flatMap { role in
      roles.compactMap { receiver -> (text: String, messages: [String])? in
        let names = role.sends.filter { $0.role == receiver.name }.map(\.message.name)
        return names.isEmpty ? nil : ("\(role.name) -> \(receiver.name)", names)
      }
    }
    guard !routes.isEmpty else { return }
    if routes.count == 2 && numbers.happens(12) {
      for (name, route) in zip(["network there", "network back"], routes) {
        writeNetwork(name, ["\(route.text): \(route.messages.joined(separator: ", "))"])
      }
      return
    }
    writeNetwork(
      "network",
      routes.map { "\($0.text): \($0.messages.joined(separator: ", "))" }
    )
  }

  private mutating func writeNetwork(_ name: String, _ routes: [String]) {
    lines.append("\(name) {")
    lines += routes.map { "  \($0)" }
    if let options = networkOptions() { lines.append("  \(options)") }
    lines.append("}")
  }

  /// One of the ways in which a network may keep, lose and double messages.
  private mutating func networkOptions() -> String? {
    let capacity = "capacity \(numbers.pick(["1", "1", "2", "two", "3"]))"
    let budgets = numbers.pick([
      "loss 1", "duplication 1", "loss 1, duplication 1", "loss 2", "loss two",
      "loss 0",
      "loss none, duplication few",
    ])
    switch numbers.below(17) {
    case 0, 1, 2: return "loss, duplication, reordering"
    case 3: return "duplication, reordering"
    case 4: return "reordering, \(capacity)"
    case 5:
      let limit = numbers.pick(["", ", lifetime 1 s", ", delay 0 s...1 s"])
      return "loss, reordering, \(capacity)\(limit)"
    case 6: return "loss, duplication, reordering, explicit, \(capacity)"
    case 7: return "duplication 1, loss, reordering, explicit, \(capacity)"
    case 8: return "\(budgets), reordering, \(capacity)"
    case 9: return "loss 1, duplication, reordering"
    case 10: return "loss, \(capacity)"
    case 11: return "\(budgets), \(capacity)"
    case 12: return "loss, duplication, \(capacity)"
    case 13, 14: return "\(budgets), reordering"
    case 15: return "\(budgets), capacity 2"
    default: return numbers.happens(70) ? capacity : nil
    }
  }

  /// The instances of a role, some with initial values of their own.
  mutating func writeInstances(of role: RandomRole) {
    if role.isFamily {
      let name = role.instances[0].dropLast(3)
      let family = "\(name)[\(role.instances.count)]"
      lines.append("instances \(family): \(role.name)\(initialValue(of: role))")
      return
    }
    guard numbers.happens(20), let variable = role.variables.last, let first = role.instances.first
    else {
      lines.append("instances \(role.instances.joined(separator: ", ")): \(role.name)")
      return
    }
    let value = literal(variable.type)
    lines.append("instances \(first): \(role.name)(\(variable.text): \(value))")
    let others = role.instances.dropFirst()
    guard !others.isEmpty else { return }
    lines.append("instances \(others.joined(separator: ", ")): \(role.name)")
  }

  /// A value for a variable of a family's members, mostly a different one for each.
  private mutating func initialValue(of role: RandomRole) -> String {
    guard numbers.happens(70), let variable = role.variables.last else { return "" }
    let value: String
    switch variable.type {
    case .bool: value = "index == \(numbers.below(role.instances.count))"
    case .range(_, let high): value = "index <= \(high) ? index : 0"
    default: value = "index == 0 ? \(literal(variable.type)) : \(literal(variable.type))"
    }
    return "(\(variable.text): \(value))"
  }

  /// What the audit leaves out, sometimes.
  private mutating func writeAudit() {
    var entries: [String] = []
    if numbers.happens(30) {
      let checks = ["deadlock", "unspecified-reception", "final-reachable", "orphan-timer"]
      entries.append("without \(numbers.pick(checks))")
    }
    if let role = roles.first(where: { !$0.timers.isEmpty }), numbers.happens(50) {
      // All bells are one declaration.
      let timer = role.timers[0].prefix { $0 != "[" }
      entries.append("without orphan-timer for \(role.name).\(timer)")
    }
    if !entries.isEmpty { lines.append("audit { \(entries.joined(separator: "; ")) }") }
  }

  /// One property for each instance of a role, or for each of a few numbers.
  private mutating func writeForEach(_ kind: String) {
    let role = numbers.pick(roles)
    let body = condition(scope(of: "p", role), depth: 1)
    let filter = numbers.happens(40) ? " where p != \(numbers.pick(role.instances))" : ""
    let isEmpty = !filter.isEmpty && role.instances.count == 1
    lines.append(
      "\(kind) each for each p in \(role.name)\(isEmpty ? "" : filter) { \(body) }"
    )
  }

  mutating func writeProperties() {
    if numbers.happens(hasOpenVariables ? 60 : 1) {
      lines.append("initially { \(property(depth: 1)) }")
    }
    if numbers.happens(20) { writeAudit() }
    if numbers.happens(25) { writeForEach(numbers.pick(["possible", "invariant", "cover"])) }
    if numbers.happens(70) {
      lines.append("final { \(numbers.happens(10) ? "true" : property(depth: 1)) }")
    }
    for number in 0..<numbers.below(3) {
      lines.append("invariant inv\(number) { \(property(depth: 2)) }")
    }
    if numbers.happens(50) { lines.append("possible pos { \(property(depth: 1)) }") }
    if numbers.happens(50) { lines.append("cover cov { \(property(depth: 2)) }") }
    if numbers.happens(30) {
      let role = numbers.pick(roles)
      let scope = scope(of: "p", role)
      let parts = [condition(scope, depth: 0), condition(scope, depth: 0)]
      lines.append("eventually ev { for all p in \(role.name): \(parts[0]) ~> \(parts[1]) }")
    }
  }

  /// A condition on the whole system.
  private mutating func property(depth: Int) -> String {
    let role = numbers.pick(roles)
    switch numbers.below(10) {
    case 0...3: return "for all p in \(role.name): \(condition(scope(of: "p", role), depth: depth))"
    case 4, 5: return "exists p in \(role.name): \(condition(scope(of: "p", role), depth: depth))"
    case 6:
      let counted = condition(scope(of: "p", role), depth: depth)
      return "(count p in \(role.name): \(counted)) <= 1"
    case 7 where lines.contains("network {"):
      let rest = condition(wholeScope, depth: depth)
      return numbers.happens(50) ? "network.isEmpty || \(rest)" : "network.count <= \(roll(1, 2))"
    case 8 where lines.contains("network {") && !role.sends.isEmpty:
      let (message, target) = numbers.pick(role.sends)
      let copy = constant(.record(message.name, message.fields))
      let binders = "for all p in \(role.name): for all q in \(target)"
      return "\(binders): network.count(\(copy), from: p, to: q) <= \(roll(0, 1))"
    default: return condition(wholeScope, depth: depth)
    }
  }

  private func scope(of binder: String, _ role: RandomRole) -> RandomScope {
    let variables = role.variables + (role.ghost.map { [$0] } ?? [])
    return RandomScope(
      names: variables.map { RandomName(text: "\(binder).\($0.text)", type: $0.type) },
      timers: role.timers.map { "\(binder).\($0)" },
      own: RandomName(text: binder, type: .instance(role.name))
    )
  }

  /// Every variable of every instance by its full name.
  private var wholeScope: RandomScope {
    var result = RandomScope(names: [])
    for role in roles {
      for instance in role.instances {
        let inner = scope(of: instance, role)
        result.names += inner.names
        result.timers += inner.timers
      }
    }
    return result
  }
}
