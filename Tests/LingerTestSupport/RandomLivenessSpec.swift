import LingerEval

/// A small random protocol about what happens in the end, as source text.
///
/// Two roles go from phase to phase, mostly in circles, under all kinds of fairness, and send each
/// other messages that are mostly lost at will; what they wait for is asked in several
/// `eventually`s. So most loops send something, or could take something, again and again, which
/// is where fair-lossy delivery decides.
package struct RandomLivenessSpec: Sendable {
  package let seed: UInt64
  package let text: String

  package init(seed: UInt64) {
    self.seed = seed
    var writer = LivenessWriter(numbers: RandomNumbers(seed: seed))
    text = "// random liveness spec, seed \(seed)\n" + writer.spec()
  }
}

private struct LivenessWriter {
  var numbers: RandomNumbers
  private var lines: [String] = []
  private var phases = 2

  /// A role: what it is called, what it sends and what it receives.
  private typealias Party = (name: String, instance: String, sends: [String], receives: [String])

  init(numbers: RandomNumbers) { self.numbers = numbers }

  mutating func spec() -> String {
    phases = numbers.pick([2, 3, 3, 4])
    lines = ["protocol RandomLiveness", "enum Phase { \(cases.joined(separator: ", ")) }"]
    lines += ["message M", "message N"]
    let isMutual = numbers.happens(60)
    let left: Party = ("Left", "a", ["M"], isMutual ? ["N"] : [])
    let right: Party = ("Right", "b", isMutual ? ["N"] : [], ["M"])
    lines += ["network {", "  Left -> Right: M"]
    if isMutual { lines.append("  Right -> Left: N") }
    let options = numbers.pick([
      "loss, duplication, reordering", "loss, duplication, reordering",
      "loss, reordering, capacity 1", "loss, capacity 1", "loss 1, reordering",
      "duplication, reordering",
    ])
    lines += ["  \(options)", "}"]
    for party in [left, right] { write(party) }
    lines += ["instances a: Left", "instances b: Right"]
    for number in 0..<4 { writeEventually(number) }
    return lines.joined(separator: "\n") + "\n"
  }

  private var cases: [String] { (0..<phases).map { "P\($0)" } }

  private mutating func phase() -> String { ".P\(numbers.below(phases))" }

  private mutating func write(_ party: Party) {
    lines += ["role \(party.name) {", "  var phase: Phase = .P0"]
    let hasTimer = numbers.happens(30)
    if hasTimer { lines.append("  timer t") }
    for number in 0..<(2 + numbers.below(3)) { write(step: number, party, hasTimer) }
    if numbers.happens(35), !party.receives.isEmpty { lines.append("  otherwise receive { }") }
    lines.append("}")
  }

  private mutating func write(step number: Int, _ party: Party, _ hasTimer: Bool) {
    var triggers = ["internal", "internal", "call go()"]
    if hasTimer { triggers.append("timeout t") }
    triggers +=
      party.receives.map { "receive _: \($0)" } + party.receives.map { "receive _: \($0)" }
    let trigger = numbers.pick(triggers)
    let fairness = numbers.pick(["", "", "fair ", "fair ", "strongly fair "])
    // What goes round, goes on from each phase to the next.
    let from = number < phases ? ".P\(number)" : phase()
    let to = numbers.happens(60) ? ".P\((number + 1) % phases)" : phase()
    var body = ["phase = \(to)"]
    for message in party.sends where numbers.happens(50) { body.append("send \(message)()") }
    if hasTimer, numbers.happens(40) {
      body.append(numbers.happens(75) ? "start t for 1 s" : "cancel t")
    }
    let condition = numbers.happens(85) ? " when phase == \(from)" : ""
    let mayBeFair = trigger == "internal" || trigger.hasPrefix("call")
    lines.append(
      "  \(mayBeFair ? fairness : "")transition s\(number) on \(trigger)\(condition) "
        + "{ \(body.joined(separator: "; ")) }"
    )
  }

  private mutating func writeEventually(_ number: Int) {
    let one = "\(numbers.pick(["a", "b"])).phase == \(phase())"
    let other = "\(numbers.pick(["a", "b"])).phase == \(phase())"
    let text = numbers.happens(75) ? "\(one) ~> \(other)" : one
    lines.append("eventually e\(number) { \(text) }")
  }
}
