import LingerEval

/// A small random protocol with timers, networks of all kinds and timed invariants, as source text.
///
/// Roles mostly move forward through a few phases, so that most specs have few control locations
/// and most questions an answer. Every duration is linear in the parameters and, for the values
/// that the spec gives them, a whole number of half seconds. Some specs have a role that nobody
/// hears of, or that is heard of only; some go round in circles; and in some durations are
/// compared, mostly inside other values, which the timed reading has to refuse.
package struct RandomTimedSpec: Sendable {
  package let seed: UInt64
  package let text: String

  /// With `comparisons` most specs compare durations, else few do.
  ///
  /// With `beginnings` some variables begin with any value.
  package init(seed: UInt64, comparisons: Bool = false, beginnings: Bool = false) {
    self.seed = seed
    var writer = TimedSpecWriter(seed: seed, comparesDurations: comparisons)
    writer.hasBeginnings = beginnings
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

/// What starts a transition.
private struct TimedTrigger {
  var text: String
  var condition: String?
  /// The timer that has to run for it.
  var timer: String?
}

private struct TimedSpecWriter {
  var hasBeginnings = false
  private var numbers: RandomNumbers
  private var lines: [String] = []
  private var parameters: [(name: String, value: Int)] = []
  private var roles: [TimedRole] = []
  private var messages: [TimedMessage] = []
  private var phases = 3
  private var hasTwoNetworks = false
  /// Whether messages have fields and senders send several of them, so that what is told apart by
  /// its sender alone is not enough.
  private var isChatty = false
  /// Whether durations are compared in every place where they can be.
  private let comparesDurations: Bool
  /// How many comparisons may follow. Where it is one, nothing else refuses the spec.
  private var comparisonsLeft = Int.max
  /// Conditions that were decided from durations before the run.
  private var early: [String] = []

  init(seed: UInt64, comparesDurations: Bool) {
    numbers = RandomNumbers(seed: seed)
    self.comparesDurations = comparesDurations
  }

  mutating func spec() -> String {
    lines.append("protocol RandomTimed")
    if comparesDurations, numbers.happens(60) { comparisonsLeft = 1 }
    isChatty = numbers.happens(30)
    phases = numbers.pick(isChatty ? [2, 3, 3] : [2, 3, 3, 4, 4])
    lines.append("enum Phase { \((0..<phases).map { "P\($0)" }.joined(separator: ", ")) }")
    writeParameters()
    if comparesDurations { writeHelpers() }
    makeShape()
    for message in messages {
      lines.append("message \(message.name) { \(message.hasField ? "k: 0...1" : "") }")
    }
    writeNetworks()
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
        let isEqual = comparesDurations && numbers.happens(30)
        let chosen = numbers.happens(6) ? 0 : roll(1, 6)
        let value = isEqual ? parameters.first?.value ?? chosen : chosen
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

/// How long a timer runs.
extension TimedSpecWriter {
  /// Now and then less than no time, in some phase: for the values in force or for others.
  private mutating func runningTime() -> String {
    guard parameters.count > 1, numbers.happens(4) else { return duration() }
    let one = numbers.pick(parameters).name
    let other = numbers.pick(parameters).name
    return "(phase == .P\(numbers.below(phases)) ? \(one) : \(one) - \(other))"
  }
}

/// Durations that are compared: what the control graph cannot tell for all values at once.
extension TimedSpecWriter {
  private var first: String { parameters.first?.name ?? "" }
  private var last: String { parameters.last?.name ?? "" }

  /// Ways to get a duration into another value and out of it again.
  private mutating func writeHelpers() {
    lines += [
      "let longer(a: Duration, b: Duration) -> Duration = a < b ? b : a",
      "let plus(d: Duration) -> Duration = d + 1 s",
      "let same(a: Duration, b: Duration) -> Bool = a == b",
    ]
    guard comparisonsLeft > 1 else { return }
    // Any of these alone is enough for a refusal, so that most specs are without them.
    if numbers.happens(15) {
      early.append("isEqual")
      lines.append("let isEqual = [\(first)] == [\(last)]")
    }
    if numbers.happens(15) {
      early.append("Early().flag")
      lines.append("struct Early { flag: Bool = [\(first)] == [\(last)] }")
    }
    if numbers.happens(15) {
      early.append("early == 1")
      lines.append("parameter early: 0...1 = \(first) < \(last) ? 1 : 0")
    }
  }

  /// A condition that compares durations, now and then; else nil.
  private mutating func comparison(percent: Int = 15) -> String? {
    guard comparisonsLeft > 0, first != last,
      numbers.happens(comparesDurations ? 2 * percent : percent)
    else { return nil }
    comparisonsLeft -= 1
    let (p, q) = numbers.happens(50) ? (first, last) : (last, first)
    var ways = [
      "[\(p)] == [\(q)]", "\(p) in [\(q), 1 s]", "(count d in [\(p), \(q)]: d > 2 s) == 1",
      "[\(p), 1 s].contains(\(q))",
    ]
    if comparesDurations {
      ways += [
        "\(p) < \(q)", "[[\(p)], [1 s]] != [[\(q)], [1 s]]", "[\(p)] in [[\(q)], [1 s]]",
        "[[\(p)], [2 s]].contains([\(q)])", "[plus(\(p)), 3 s] == [3 s, plus(\(q))]",
        "[phase == .P0 ? \(p) : \(q)] != [\(q)]", "same([\(p), \(q)][1], \(p))",
        "longer(\(p), \(q)) == \(q)", "[longer(\(p), 2 s)] == [\(p)]",
        "(exists d in [\(p), 2 s]: d >= \(q))", "(for all d in [\(p), \(q)]: d != 1 s)",
        "(count d in [\(p), 2 s] where d == \(q): true) == 1",
      ]
      if !early.isEmpty, numbers.happens(60) { return numbers.pick(early) }
    }
    return numbers.pick(ways)
  }

  /// What a body may do with a comparison besides.
  private mutating func comparing(_ role: TimedRole) -> String? {
    guard comparesDurations, first != last else { return nil }
    if let timer = role.timers.first, comparisonsLeft > 0, numbers.happens(20) {
      comparisonsLeft -= 1
      return numbers.pick([
        "start \(timer) for longer(\(first), \(last))",
        "choose d in [\(first), \(last)]; start \(timer) for d",
        // In force both are equal, and one choice.
        "choose d in [\(first), \(parameters.first?.value ?? 0) s]; start \(timer) for d",
        "for d in [\(first), \(last)] where d < 3 s { start \(timer) for d }",
        "start \(timer) for \(comparisonOfBoth()) ? \(first) : \(last)",
      ])
    }
    guard let compared = comparison(percent: 8) else { return nil }
    return numbers.pick([
      "if \(compared) { phase = .P\(numbers.below(phases)) }",
      "phase = \(compared) ? .P\(phases - 1) : .P0",
      "let flag = \(compared); if flag { phase = .P\(phases - 1) }",
    ])
  }

  private mutating func comparisonOfBoth() -> String {
    numbers.pick([
      "[\(first)] == [\(last)]", "\(first) < \(last)",
    ])
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
      var timers = Array(
        ["t", "u"].prefix(
          index == 0 && most == 2 && numbers.happens(60) ? 2 : roll(index == 0 ? 1 : 0, most)
        )
      )
      if timers.count == 2, numbers.happens(25) { timers = ["t[0]", "t[1]"] }
      roles.append(
        TimedRole(
          name: ["Left", "Right", "Third"][index],
          instances: instances,
          timers: timers,
          hasCounter: layout.count < 3 && numbers.happens(30)
        )
      )
    }
    defer { if layout.count < 3, numbers.happens(20) { addAside() } }
    if layout == [["a"]] { return }
    for name in ["M", "N", "O"].prefix(roll(1, 3)) {
      let sender = numbers.below(roles.count)
      let others = roles.indices.filter { $0 != sender }
      let receiver = others.isEmpty ? sender : numbers.pick(others)
      let message = TimedMessage(
        name: name,
        hasField: isChatty || numbers.happens(25),
        sender: sender,
        receiver: receiver
      )
      messages.append(message)
      roles[sender].sends.append(message)
      roles[receiver].receives.append(message)
    }
  }

  /// A role that has nothing to do with the others, or speaks to the first one only.
  private mutating func addAside() {
    let number = roles.count
    roles.append(
      TimedRole(name: "Aside", instances: ["z"], timers: ["t"], hasCounter: false)
    )
    guard numbers.happens(50) else { return }
    // Whom it is for must be clear.
    guard roles[0].instances.count == 1 else { return }
    let message = TimedMessage(name: "Z", hasField: false, sender: number, receiver: 0)
    messages.append(message)
    roles[number].sends.append(message)
    roles[0].receives.append(message)
  }

  private mutating func writeNetworks() {
    if messages.isEmpty { return }
    if messages.count > 1 && numbers.happens(15) {
      hasTwoNetworks = true
      write(network: "network there", messages.prefix(1))
      write(network: "network back", messages.dropFirst())
    } else {
      write(network: "network", messages[...])
    }
  }

  private func network(of message: TimedMessage) -> String {
    hasTwoNetworks ? message.name == messages[0].name ? "there" : "back" : "network"
  }

  private mutating func write(network name: String, _ messages: ArraySlice<TimedMessage>) {
    lines.append("\(name) {")
    for message in messages {
      lines.append(
        "  \(roles[message.sender].name) -> \(roles[message.receiver].name): \(message.name)"
      )
    }
    if numbers.happens(50) {
      lines.append("  \(numbers.happens(80) ? "loss, " : "")duplication, reordering")
      if numbers.happens(92) { lines.append("  lifetime \(duration())") }
    } else {
      writeCopies()
    }
    lines.append("}")
  }

  /// A network that keeps copies: a multiset or queues, with few of each.
  private mutating func writeCopies() {
    var options: [String] = []
    if numbers.happens(60) { options.append("reordering") }
    options.append(contentsOf: numbers.pick([[], [], ["loss"], ["loss 1"]]))
    switch numbers.below(8) {
    case 0: options.append("duplication 1")
    case 1: options += ["duplication", "explicit"]
    default: break
    }
    options.append("capacity \(roll(1, 2))")
    switch numbers.below(10) {
    case 0..<3: options.append("lifetime \(duration())")
    case 3..<9: options.append("delay \(delay())")
    default: break
    }
    lines.append("  \(options.joined(separator: ", "))")
  }

  /// The longest is not below the shortest, whatever the parameters are.
  private mutating func delay() -> String {
    let one = duration()
    switch numbers.below(4) {
    case 0: return "0 s...\(one)"
    case 1: return "\(one)...\(one)"
    default: return "\(one)...(\(one)) + \(numbers.pick(parameters).name)"
    }
  }
}

/// What a role does.
extension TimedSpecWriter {
  private mutating func write(role index: Int) {
    let role = roles[index]
    lines.append("role \(role.name) {")
    lines.append("  var phase: Phase = .P0")
    if role.hasCounter {
      let isOpen = hasBeginnings && numbers.happens(40)
      lines.append("  var n: 0...2 = \(isOpen ? "any" : "0")")
    }
    let armed = numbers.happens(15) ? " armed for \(duration())" : ""
    if role.timers.first == "t[0]" {
      lines.append("  timer t[2]\(armed)")
    } else {
      for timer in role.timers {
        lines.append("  timer \(timer)\(numbers.happens(50) ? armed : "")")
      }
    }
    // From phase to phase, and then something that may happen besides.
    let onward = (0..<(phases - 1)).map { trigger(role, phase: $0, isFirst: index == 0) }
    for (phase, trigger) in onward.enumerated() {
      let next = onward.indices.contains(phase + 1) ? onward[phase + 1].timer : nil
      write(step: phase, trigger, role, starting: next, isOnward: true)
    }
    for extra in 0..<roll(0, 2) {
      let trigger = trigger(role, phase: roll(1, phases - 1), isFirst: false)
      write(step: phases + extra, trigger, role, isOnward: false)
    }
    if numbers.happens(15) { writeRound(role) }
    if !role.receives.isEmpty { lines.append("  otherwise receive { }") }
    lines.append("}")
  }

  /// A step that leads back to where it began: a period, or a copy that starts a timer again.
  private mutating func writeRound(_ role: TimedRole) {
    guard let timer = role.timers.last else { return }
    let expiry = timeout(of: timer)
    let isCopied = !role.receives.isEmpty
    let trigger = role.receives.first.map { "receive _: \($0.name)" } ?? expiry.text
    let index = expiry.condition.map { isCopied ? "" : "\($0) && " } ?? ""
    let compared = comparison(percent: 30) ?? "true"
    let condition = "\(index)phase == .P\(phases - 1) && \(compared)"
    lines.append(
      "  transition round on \(trigger) when \(condition) { start \(timer) for \(duration()) }"
    )
  }

  private func timeout(of timer: String) -> TimedTrigger {
    guard timer.hasPrefix("t[") else {
      return TimedTrigger(text: "timeout \(timer)", timer: timer)
    }
    let index = timer == "t[0]" ? 0 : 1
    return TimedTrigger(text: "timeout t[i]", condition: "i == \(index)", timer: timer)
  }

  /// What starts a transition from a phase, and what else it asks.
  private mutating func trigger(_ role: TimedRole, phase: Int, isFirst: Bool) -> TimedTrigger {
    let isBegin = phase == 0 && isFirst
    if !role.receives.isEmpty, !isBegin, numbers.happens(phase == 0 ? 85 : 40) {
      let message = numbers.pick(role.receives)
      let isRead = message.hasField && numbers.happens(60)
      return TimedTrigger(
        text: "receive \(isRead ? "m" : "_"): \(message.name)",
        condition: isRead ? "m.k == \(numbers.below(2))" : nil
      )
    }
    if let timer = role.timers.randomElement(using: &numbers), phase > 0, numbers.happens(80) {
      return timeout(of: timer)
    }
    let timer = phase > 0 && numbers.happens(40) ? role.timers.last : nil
    return TimedTrigger(
      text: numbers.happens(60) ? "internal" : "call go()",
      condition: timer.map { "\($0).isArmed" }
    )
  }

  private mutating func write(
    step number: Int,
    _ trigger: TimedTrigger,
    _ role: TimedRole,
    starting wanted: String? = nil,
    isOnward: Bool
  ) {
    let phase = isOnward ? number : numbers.below(phases)
    var guards = isOnward || numbers.happens(70) ? ["phase == .P\(phase)"] : []
    if let condition = trigger.condition { guards.append(condition) }
    var body: [String] = []
    if role.hasCounter && numbers.happens(30) {
      // Without the guard it may leave its range.
      if numbers.happens(70) { guards.append("n < 2") }
      body.append("n += 1")
    }
    if numbers.happens(2) { body.append("assert phase != .P\(numbers.below(phases))") }
    if let message = role.sends.first, numbers.happens(4) {
      guards.append("\(network(of: message)).count(\(value(of: message))) == 0")
    }
    let next = isOnward && numbers.happens(90) ? phase + 1 : numbers.below(phases)
    if next != phase || numbers.happens(30) { body.append("phase = .P\(next)") }
    for timer in role.timers where numbers.happens(isOnward ? 70 : 35) {
      body += set(timer, isFirst: isOnward && number == 0)
    }
    if let wanted,
      !body.contains(where: { $0.hasPrefix("start \(wanted)") })
        || body.contains("cancel \(wanted)")
    {
      body.append("start \(wanted) for \(runningTime())")
    }
    for message in role.sends where numbers.happens(isOnward ? 60 : 35) {
      body.append("send \(value(of: message))")
      if isChatty && numbers.happens(40) { body.append("send \(value(of: message))") }
    }
    if let timer = role.timers.first, numbers.happens(12) { guards.append(elapsed(timer)) }
    if comparesDurations, let compared = comparison(percent: 5) { guards.append(compared) }
    if let step = comparing(role) { body.append(step) }
    let condition = guards.isEmpty ? "" : " when \(guards.joined(separator: " && "))"
    let mayWait = trigger.text == "internal" || trigger.text == "call go()"
    let isUrgent = mayWait && !condition.contains("elapsed") && numbers.happens(15)
    let head = "\(isUrgent ? "urgent " : "")transition s\(number) on \(trigger.text)\(condition)"
    lines.append("  \(head) { \(body.joined(separator: "; ")) }")
  }

  /// A question of how long a timer has been running.
  private mutating func elapsed(_ timer: String) -> String {
    let one = "\(timer).elapsed \(numbers.pick(["<", "<=", ">", ">=", ">=", "=="])) \(duration())"
    switch numbers.below(6) {
    case 0: return "!(\(one))"
    case 1: return "(\(one) || !\(timer).isArmed)"
    case 2: return "(\(one) || \(timer).elapsed < \(duration()))"
    default: return one
    }
  }

  /// Starts or cancels a timer; now and then both, the last of which counts.
  private mutating func set(_ timer: String, isFirst: Bool) -> [String] {
    let start = "start \(timer) for \(runningTime())"
    switch numbers.below(20) {
    case 0: return [start, "cancel \(timer)"]
    case 1: return ["cancel \(timer)", start]
    case 2: return [start, "start \(timer) for \(runningTime())"]
    case 3: return ["if phase == .P0 { \(start) } else { cancel \(timer) }"]
    case 4..<8 where !isFirst: return ["cancel \(timer)"]
    default: return [start]
    }
  }

  private mutating func value(of message: TimedMessage) -> String {
    "\(message.name)(\(message.hasField ? "k: \(numbers.below(2))" : ""))"
  }
}

/// What is asked: much, since most of it has nothing to do with time.
extension TimedSpecWriter {
  private mutating func writeProperties() {
    if hasBeginnings, lines.contains("  var n: 0...2 = any"), numbers.happens(40),
      let role = roles.first(where: \.hasCounter)
    {
      lines.append("initially { \(role.instances[0]).n != \(numbers.pick([1, 2])) }")
    }
    let state = numbers.pick(aboutStates)
    lines.append("invariant untimed { \(state) }")
    lines.append("timed invariant state { \(state) }")
    var rest = aboutStates + aboutMessages
    for number in 0..<10 where !rest.isEmpty {
      var body = rest.remove(at: numbers.below(rest.count))
      if comparesDurations, number < 2, let compared = comparison(percent: 8),
        !compared.contains("phase")
      {
        body = "(\(compared)) || (\(body))"
      }
      lines.append("timed invariant ask\(number) { \(body) }")
    }
  }

  /// Each instance with each phase but the first.
  private var inPhases: [(instance: String, role: TimedRole, text: String)] {
    roles.flatMap { role in
      role.instances.flatMap { instance in
        (1..<phases).map { (instance, role, "\(instance).phase == .P\($0)") }
      }
    }
  }

  private var aboutStates: [String] {
    var result: [String] = []
    for (number, one) in inPhases.enumerated() {
      for timer in one.role.timers {
        result.append("\(one.text) implies \(one.instance).\(timer).isArmed")
        result.append("!(\(one.text) && \(one.instance).\(timer).isArmed)")
      }
      for other in inPhases.dropFirst(number + 1) where other.instance != one.instance {
        result.append("!(\(one.text) && \(other.text))")
      }
    }
    return result.isEmpty ? inPhases.map { "!(\($0.text))" } : result
  }

  private var aboutMessages: [String] {
    var result: [String] = []
    for one in inPhases where !messages.isEmpty {
      result.append("\(one.text) implies \(network(of: messages[0])).isEmpty")
      result.append("\(one.text) implies \(network(of: messages[0])).count != 1")
      for message in messages {
        let sender = roles[message.sender].instances[0]
        let receiver = roles[message.receiver].instances.last ?? ""
        let value = "\(message.name)(\(message.hasField ? "k: 1" : ""))"
        let count = "\(network(of: message)).count(\(value), from: \(sender), to: \(receiver))"
        result.append("\(one.text) implies \(count) == 0")
        result.append("\(one.text) implies \(count) == 1")
        result.append("!(\(one.text) && \(count) == 0 && \(network(of: message)).count < 2)")
      }
    }
    return result
  }
}
