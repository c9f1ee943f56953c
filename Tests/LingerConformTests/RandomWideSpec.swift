import LingerEval

/// A small random party with numbers of 40 bits: what comes, what is kept in a queue of structs and
/// what is sent hang together by sums and comparisons, and values that nobody sees stand in what is
/// sent.
struct RandomWideSpec {
  let text: String

  init(seed: UInt64) {
    var random = RandomNumbers(seed: seed)
    var writer = Writer(random: random)
    random = RandomNumbers(seed: seed &+ 1)
    var lines = [
      "protocol Wide // seed \(seed)",
      "parameter top: 0...1099511627776 = 1099511627776",
      "enum Phase { idle, busy, over }",
      "struct Piece { low: 0...top, high: 0...top, isLast: Bool }",
      "message In { seq: 0...top, length: 0...top, flag: Bool, kind: 0...2 }",
      "message Out { ack: 0...top, size: 0...top, flag: Bool }",
      "network { Client -> Server: In",
      " Server -> Client: Out",
      " loss }",
      "role Client { otherwise receive { } }",
      "role Server {",
      "var phase: Phase = .idle",
      "var next: 0...top = 0",
      "var edge: 0...top = 100",
      "var gap: -5...90 = 0",
      "var last: (0...top)?",
      "var kept: Queue<Piece, 3> = []",
      "timer due",
      "timer late",
    ]
    for number in 0..<3 {
      lines.append("transition take\(number) on receive m: In when \(writer.guardText(true)) {")
      lines += writer.body(true)
      lines.append("}")
    }
    if random.below(3) > 0 { lines.append("otherwise receive { phase = .idle }") }
    for number in 0..<2 {
      lines.append("transition answer\(number) on internal when \(writer.guardText(false)) {")
      lines += writer.body(false) + writer.send()
      lines.append("}")
    }
    lines.append("transition wake on call wake(goal: 0...top) when phase == .over {")
    lines.append("  send Out(ack: next, size: goal, flag: true)")
    lines.append("  phase = .idle\n}")
    lines.append("transition dueNow on timeout due {")
    lines += writer.body(false) + (random.below(2) == 0 ? writer.send() : [])
    lines += ["}", "}", "instances client: Client", "instances server: Server"]
    text = lines.joined(separator: "\n") + "\n"
  }

  private struct Writer {
    var random: RandomNumbers

    mutating func pick(_ texts: [String]) -> String { texts[random.below(texts.count)] }

    /// A wide value; `sees` says whether a message is at hand.
    mutating func value(_ sees: Bool) -> String {
      pick(["next", "edge", "(last ?? next)"] + (sees ? ["m.seq", "m.seq", "m.length"] : []))
    }

    mutating func sum(_ sees: Bool) -> String {
      switch random.below(5) {
      case 0: "\(value(sees)) + \(value(sees))"
      case 1: "\(value(sees)) - \(value(sees))"
      case 2: "\(value(sees)) + \(random.below(4))"
      case 3: "\(2 + random.below(2)) * \(value(sees))"
      default: value(sees)
      }
    }

    mutating func condition(_ sees: Bool) -> String {
      switch random.below(8) {
      case 0: return "phase == .\(pick(["idle", "busy", "over"]))"
      case 1 where sees: return pick(["m.flag", "m.kind == 1", "!m.flag"])
      case 2: return "kept.count \(pick([">", "<"])) \(random.below(3))"
      case 3: return "(exists p in kept: p.low \(pick(["==", "<=", ">"])) \(value(sees)))"
      case 4 where random.below(3) == 0: return "\(value(sees)) % 3 == \(random.below(3))"
      case 5: return "last \(pick(["==", "!="])) nil"
      default:
        return "\(sum(sees)) \(pick(["==", "<=", "<", ">", "!="])) \(sum(sees))"
      }
    }

    mutating func guardText(_ sees: Bool) -> String {
      let first = condition(sees)
      return random.below(2) == 0 ? first : "\(first) \(pick(["&&", "||"])) \(condition(sees))"
    }

    mutating func statement(_ sees: Bool, depth: Int = 0) -> [String] {
      switch random.below(12) {
      case 0: return ["phase = .\(pick(["idle", "busy", "over"]))"]
      case 1, 2: return ["next = \(sum(sees))"]
      case 3: return ["edge = \(sum(sees))"]
      case 4: return ["last = \(pick([value(sees), "nil"]))"]
      case 5:
        let (low, high) = (value(sees), value(sees))
        return [
          "if !kept.isFull { kept.append(Piece(low: \(low), high: \(high), "
            + "isLast: \(pick(["true", "false"])))) }"
        ]
      case 6:
        return [
          "if let p = kept.first {", "kept.removeFirst()",
          "if p.low <= \(value(sees)) { next = p.high } else { kept.append(p) }", "}",
        ]
      case 7: return ["start \(pick(["due", "late"])) for \(pick(["10 ms", "1 s"]))"]
      case 8: return ["cancel \(pick(["due", "late"]))"]
      case 9:
        let (high, low) = (value(sees), value(sees))
        return ["if \(high) >= \(low) && \(high) - \(low) <= 90 { gap = \(high) - \(low) }"]
      case 10 where depth < 2:
        return ["if \(condition(sees)) {"] + statement(sees, depth: depth + 1) + ["} else {"]
          + statement(sees, depth: depth + 1) + ["}"]
      default: return ["if \(value(sees)) < \(value(sees)) { phase = .busy }"]
      }
    }

    mutating func body(_ sees: Bool) -> [String] {
      (0..<(1 + random.below(3))).flatMap { _ in statement(sees) }
    }

    mutating func send() -> [String] {
      [
        "choose n in 0...top where n \(pick(["<=", ">=", "!="])) \(sum(false))",
        "choose f in Bool",
        "send Out(ack: \(pick(["next", "edge", "(last ?? edge)"])), size: n, flag: f)",
        pick(["next = n", "edge = n", "last = n", "phase = .over", "gap = 1"]),
      ]
    }
  }
}
