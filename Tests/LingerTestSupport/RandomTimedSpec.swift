import LingerEval

/// A small random protocol with timers, a message lifetime and timed invariants, as source text.
///
/// Roles mostly move forward through a few phases, so that most specs have few control locations
/// and most questions an answer. Every duration is linear in the parameters and, for the values
/// that the spec gives them, a whole number of half seconds.
package struct RandomTimedSpec: Sendable {
  package let seed: UInt64
  package let text: String

  package init(seed: UInt64) {
    self.seed = seed
    var writer = TimedSpecWriter(seed: seed)
    text = "// random timed spec, seed \(seed)\n" + writer.spec()
  }
}

/// A role while it is made up.
private struct TimedRole {
  var name: String
  var instances: [String]
  var timers: [String]
  var hasCounter: Bool
  var sends: [TimedMessage] = []
  var receives: [TimedMessage] = []
}

private struct TimedMessage {
  var name: String
  var hasField: Bool
  var sender: Int
  var receiver: Int
}

private struct TimedSpecWriter {
  private var numbers: RandomNumbers
  private var lines: [String] = []
  private var parameters: [(name: String, value: Int)] = []
  private var roles: [TimedRole] = []
  private var messages: [TimedMessage] = []
  private var phases = 3

  init(seed: UInt64) {
    numbers = RandomNumbers(seed: seed)
  }

  mutating func spec() -> String {
    lines.append("protocol RandomTimed")
    phases = 2 + numbers.below(3)
    lines.append("enum Phase { \((0..<phases).map { "P\($0)" }.joined(separator: ", ")) }")
    writeParameters()
    makeShape()
    for message in messages {
      lines.append("message \(message.name) { \(message.hasField ? "k: 0...1" : "") }")
    }
    writeNetwork()
    for index in roles.indices { write(role: index) }
    for role in roles {
      lines.append("instances \(role.instances.joined(separator: ", ")): \(role.name)")
    }
    writeProperties()
    return lines.joined(separator: "\n") + "\n"
  }

  private mutating func roll(_ low: Int, _ high: Int) -> Int {
    low + numbers.below(high - low + 1)
  }
}

/// Durations.
extension TimedSpecWriter {
  private mutating func writeParameters() {
    for name in ["p", "q", "r"].prefix(roll(1, 3)) {
      if let first = parameters.first, numbers.happens(20) {
        let value = 2 * first.value
        parameters.append((name, value))
        lines.append("parameter \(name): Duration = 2 * \(first.name)")
      } else {
        let value = numbers.happens(6) ? 0 : roll(1, 6)
        parameters.append((name, value))
        lines.append("parameter \(name): Duration = \(value) s")
      }
    }
    guard numbers.happens(40) else { return }
    let left = numbers.pick(parameters)
    let right = numbers.pick(parameters)
    if left.value <= right.value, left.name != right.name {
      let isStrict = left.value < right.value && numbers.happens(50)
      lines.append("assume \(left.name) \(isStrict ? "<" : "<=") \(right.name)")
    } else if left.value > 0 {
      lines.append("assume \(left.name) > 0 s")
    }
  }

  /// A linear expression that is not negative for the values in force.
  private mutating func duration() -> String {
    let one = numbers.pick(parameters)
    let other = numbers.pick(parameters)
    switch numbers.below(12) {
    case 0: return "2 * \(one.name)"
    case 1: return "\(one.name) + \(other.name)"
    case 2: return "\(one.name) + 1 s"
    case 3: return "\(roll(0, 4)) s"
    case 4 where one.value >= other.value && one.name != other.name:
      return "\(one.name) - \(other.name)"
    case 5: return "\(one.name) / 2"
    default: return one.name
    }
  }
}

/// Who speaks with whom.
extension TimedSpecWriter {
  private mutating func makeShape() {
    let layouts = [
      [["a"]], [["a", "b"]], [["a"], ["b"]], [["a"], ["b"]], [["a"], ["b"]], [["a"], ["b"], ["c"]],
    ]
    let layout = numbers.pick(layouts)
    for (index, instances) in layout.enumerated() {
      let most = layout.count == 3 || instances.count == 2 ? 1 : 2
      let timers = Array(["t", "u"].prefix(index == 0 ? roll(1, most) : roll(0, most)))
      roles.append(
        TimedRole(
          name: ["Left", "Right", "Third"][index],
          instances: instances,
          timers: timers,
          hasCounter: layout.count < 3 && numbers.happens(30)
        )
      )
    }
    if layout == [["a"]] { return }
    for name in ["M", "N", "O"].prefix(roll(1, 3)) {
      let sender = numbers.below(roles.count)
      let others = roles.indices.filter { $0 != sender }
      let receiver = others.isEmpty ? sender : numbers.pick(others)
      let message = TimedMessage(
        name: name,
        hasField: numbers.happens(25),
        sender: sender,
        receiver: receiver
      )
      messages.append(message)
      roles[sender].sends.append(message)
      roles[receiver].receives.append(message)
    }
  }

  private mutating func writeNetwork() {
    if messages.isEmpty { return }
    lines.append("network {")
    for message in messages {
      lines.append(
        "  \(roles[message.sender].name) -> \(roles[message.receiver].name): \(message.name)"
      )
    }
    lines.append("  \(numbers.happens(80) ? "loss, " : "")duplication, reordering")
    if numbers.happens(92) { lines.append("  lifetime \(duration())") }
    lines.append("}")
  }
}

/// What a role does.
extension TimedSpecWriter {
  private mutating func write(role index: Int) {
    let role = roles[index]
    lines.append("role \(role.name) {")
    lines.append("  var phase: Phase = .P0")
    if role.hasCounter { lines.append("  var n: 0...2 = 0") }
    for timer in role.timers { lines.append("  timer \(timer)") }
    write("begin", numbers.happens(60) ? "internal" : "call go()", from: 0, role, isFirst: true)
    for timer in role.timers {
      for number in 0..<roll(1, 2) {
        write("\(timer)\(number)", "timeout \(timer)", from: numbers.below(phases), role)
      }
    }
    for message in role.receives {
      for number in 0..<roll(1, 2) {
        let isRead = message.hasField && numbers.happens(60)
        let binder = isRead ? "m" : "_"
        write(
          "\(message.name.lowercased())\(number)",
          "receive \(binder): \(message.name)",
          from: numbers.below(phases),
          role,
          condition: isRead ? "m.k == \(numbers.below(2))" : nil
        )
      }
    }
    if numbers.happens(35) {
      write("more", "internal", from: numbers.below(phases), role)
    }
    if !role.receives.isEmpty { lines.append("  otherwise receive { }") }
    lines.append("}")
  }

  private mutating func write(
    _ name: String,
    _ trigger: String,
    from phase: Int,
    _ role: TimedRole,
    isFirst: Bool = false,
    condition: String? = nil
  ) {
    var guards = numbers.happens(isFirst ? 100 : 85) ? ["phase == .P\(phase)"] : []
    if let condition { guards.append(condition) }
    var body: [String] = []
    if role.hasCounter && numbers.happens(50) {
      guards.append("n < 2")
      body.append("n += 1")
    }
    if let message = role.sends.first, numbers.happens(4) {
      guards.append("network.count(\(value(of: message))) == 0")
    }
    let next = phase + 1 < phases && numbers.happens(75) ? phase + 1 : numbers.below(phases)
    if next != phase || numbers.happens(30) { body.append("phase = .P\(next)") }
    for timer in role.timers where numbers.happens(isFirst ? 80 : 45) {
      body.append(
        numbers.happens(20) && !isFirst ? "cancel \(timer)" : "start \(timer) for \(duration())"
      )
    }
    for message in role.sends where numbers.happens(isFirst ? 70 : 45) {
      body.append("send \(value(of: message))")
    }
    let condition = guards.isEmpty ? "" : " when \(guards.joined(separator: " && "))"
    lines.append(
      "  transition \(name) on \(trigger)\(condition) { \(body.joined(separator: "; ")) }"
    )
  }

  private mutating func value(of message: TimedMessage) -> String {
    "\(message.name)(\(message.hasField ? "k: \(numbers.below(2))" : ""))"
  }
}

/// What is asked. Names with `state` speak of states only and are asked untimed as well.
extension TimedSpecWriter {
  private mutating func writeProperties() {
    let state = stateProperty()
    lines.append("invariant untimed { \(state) }")
    lines.append("timed invariant state { \(state) }")
    if messages.isEmpty {
      lines.append("timed invariant other { \(stateProperty()) }")
      return
    }
    lines.append("timed invariant silent { \(phase()) implies network.isEmpty }")
    let message = numbers.pick(messages)
    let value = value(of: message)
    guard roles.allSatisfy({ $0.instances.count == 1 }) else {
      lines.append("timed invariant few { \(phase()) implies network.count < 2 }")
      return
    }
    let sender = roles[message.sender].instances[0]
    let receiver = roles[message.receiver].instances[0]
    let count = "network.count(\(value), from: \(sender), to: \(receiver))"
    switch numbers.below(3) {
    case 0: lines.append("timed invariant none { \(phase()) implies \(count) == 0 }")
    case 1: lines.append("timed invariant both { !(\(phase()) && \(phase()) && \(count) > 0) }")
    default: lines.append("timed invariant some { \(phase()) implies \(count) == 1 }")
    }
  }

  /// One instance is in a phase.
  private mutating func phase() -> String {
    let instance = numbers.pick(roles.flatMap(\.instances))
    return "\(instance).phase == .P\(numbers.happens(60) ? phases - 1 : numbers.below(phases))"
  }

  private mutating func stateProperty() -> String {
    let role = roles[0]
    let armed = "\(role.instances[0]).\(role.timers[0]).isArmed"
    switch numbers.below(4) {
    case 0: return "!(\(phase()))"
    case 1: return "\(phase()) implies \(armed)"
    case 2: return "!(\(phase()) && \(armed))"
    default: return "!(\(phase()) && \(phase()))"
    }
  }
}
