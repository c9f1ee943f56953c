import LingerKernel
import LingerModel

/// What instances do, by themselves and with messages.
extension NativeText {
  /// What an instance does by itself, in the order of docs/semantics.md.
  mutating func spontaneous(_ instance: Int) throws(Unsupported) -> String {
    let model = layout.model
    let role = model.roles[model.instances[instance].role]
    let masks =
      independence.isUsed ? independence.instances[instance] : Independence.Instance()
    var text = "static int spontaneous\(instance)(C *c, const u64 *w) {\n"
    text += "c->isAsleep = (c->asleep & \(masks.spontaneous)ULL) != 0;\n"
    text += "c->before = \(masks.before)ULL | c->asleep;\n"
    text += "c->dependents = \(masks.dependents)ULL;\nc->inverse = 0;\n"
    text += try declarations(of: instance)
    for number in role.transitions {
      switch model.transitions[number].trigger {
      case .internal: text += try attempt(number, instance, inputs: [])
      case .call: text += try call(number, instance)
      case .receive, .timeout: continue
      }
    }
    for timer in role.timers.indices {
      text += "if (\(get(layout.instances[instance].timers[timer]))) {\nany = 0;\n"
      for number in role.transitions {
        guard case .timeout(let timers, _) = model.transitions[number].trigger,
          timers.contains(timer)
        else { continue }
        let place = "\(timer - timers.lowerBound)"
        text += try attempt(number, instance, inputs: [place], timer: timer)
      }
      text += "if (!any) {\n" + ignoredTimeout(timer, instance) + "}\n}\n"
    }
    return text + "return 0;\n}\n"
  }

  private func declarations(of instance: Int) throws(Unsupported) -> String {
    let fields = layout.instances[instance]
    let own = kernel.declarations(
      of: instance,
      ordinal: { "(i64)\(get(fields.variables[$0]))" },
      isArmed: { "(i64)\(get(fields.timers[$0]))" }
    )
    guard let own else { throw Unsupported(reason: "a role that is left to the evaluator") }
    return own + "u32 sendList[SENDS];\nint sendCount = 0, isLossy = 0, any = 0;\n"
  }

  /// A call with every combination of values of its parameters, the first slowest.
  private mutating func call(_ number: Int, _ instance: Int) throws(Unsupported) -> String {
    guard let counts = kernel.parameterCounts(of: number) else {
      throw Unsupported(reason: "a transition that is left to the evaluator")
    }
    var text = ""
    for (place, count) in counts.enumerated() {
      text += "for (i64 p\(place) = 0; p\(place) < \(count); p\(place)++) {\n"
    }
    if !counts.isEmpty { text += "if (--c->work < 0) { c->isOver = 1; return 1; }\n" }
    text += try attempt(number, instance, inputs: counts.indices.map { "p\($0)" })
    return text + String(repeating: "}\n", count: counts.count)
  }

  /// What an instance does with messages of each kind that it can receive.
  mutating func receptions(of instance: Int) throws(Unsupported) -> String {
    var records: [Int] = []
    for network in layout.networks {
      for block in network.space.blocks where block.receiver == instance {
        if !records.contains(block.record) { records.append(block.record) }
      }
    }
    var text = ""
    for record in records {
      text += "static int receive\(instance)_\(record)"
      text += "(C *c, const u64 *w, i64 ordinal, i64 sender) {\n"
      text += try declarations(of: instance) + reception(of: record, by: instance)
      text += "return any;\n}\n"
    }
    return text
  }

  private mutating func reception(
    of record: Int,
    by instance: Int
  ) throws(Unsupported) -> String {
    let model = layout.model
    var text = ""
    var specific: Int?
    var general: Int?
    for number in model.roles[model.instances[instance].role].transitions {
      let transition = model.transitions[number]
      guard case .receive(let wanted, _, _) = transition.trigger, wanted == nil || wanted == record
      else { continue }
      if !transition.isOtherwise {
        text += try attempt(number, instance, inputs: ["ordinal"], sender: "sender")
      } else if wanted == nil {
        general = general ?? number
      } else {
        specific = specific ?? number
      }
    }
    guard let otherwise = specific ?? general else { return text }
    return text + "if (!any) {\n"
      + (try attempt(otherwise, instance, inputs: ["ordinal"], sender: "sender")) + "}\n"
  }

  /// A transition's guard, and a step for each way through its body.
  private mutating func attempt(
    _ number: Int,
    _ instance: Int,
    inputs: [String],
    sender: String? = nil,
    timer: Int? = nil
  ) throws(Unsupported) -> String {
    guard let transition = TransitionText(number, of: kernel, prefix: label()) else {
      throw Unsupported(reason: "a transition that is left to the interpreter")
    }
    let text = self
    let around = TransitionText.Host(
      send: { text.send($0, by: instance, to: $1, $2) },
      copies: { text.copies($0, from: $1, to: $2, $3) },
      step: step(transition, number, instance, timer: timer, isReception: sender != nil),
      failure: "count_step(c, \(number));\nfailed(c);\n"
        + (sender == nil ? "c->isProgress = 1;\n" : "")
    )
    return "if (--c->work < 0) { c->isOver = 1; return 1; }\nisLossy = 0;\n"
      + transition.text(inputs: inputs, sender: sender, timer: timer, around)
  }

  /// The successor of a step that is done.
  private func step(
    _ transition: TransitionText,
    _ number: Int,
    _ instance: Int,
    timer: Int?,
    isReception: Bool
  ) -> String {
    let fields = layout.instances[instance]
    var changes = ""
    for (variable, field) in fields.variables.enumerated() {
      if let ordinal = transition.ordinal(ofVariable: variable) { changes += set(field, ordinal) }
    }
    for (place, field) in fields.timers.enumerated() {
      if let flag = transition.isArmed(place) {
        changes += set(field, flag)
      } else if place == timer {
        changes += set(field, "0")
      }
    }
    // What depends on what is in flight may be otherwise once that is lost.
    let isCertain = !isReception && !transition.readsNetwork
    return successor("count_step(c, \(number));\n", changes, isCertain: isCertain)
  }

  private func ignoredTimeout(_ timer: Int, _ instance: Int) -> String {
    "sendCount = 0;\n"
      + successor(
        "count_step(c, -1);\n",
        set(layout.instances[instance].timers[timer], "0"),
        isCertain: true
      )
  }

  private func successor(_ count: String, _ changes: String, isCertain: Bool) -> String {
    let isAsked = isCertain && wantsStuck
    let progress = isAsked ? "if (isLossy || differ(n, w)) c->isProgress = 1;\n" : ""
    // A step that is asleep is made only where there is something to be told of it.
    let isTold = isAsked || mayOverflow
    return """
      \(count)\(isTold ? "" : "if (!c->isAsleep) "){ u64 n[W];
      __builtin_memcpy(n, w, sizeof n);
      \(changes)\(progress)finish(c, n, sendList, sendCount);
      }

      """
  }

  /// Notes a message that is sent once the body is done.
  private func send(
    _ kind: MessageKind,
    by instance: Int,
    to receiver: String,
    _ ordinal: String
  ) -> String {
    let table = firstNumbers(of: kind, from: "\(instance)", to: receiver)
    let isLossy = layout.model.networks[kind.network].loss == .unlimited
    return "if (sendCount == SENDS) { c->isOver = 1; return 1; }\n"
      + "sendList[sendCount++] = \(firstMessages[kind.network]) + \(table) + \(ordinal);\n"
      + (isLossy ? "isLossy = 1;\n" : "")
  }

  private func copies(
    _ kind: MessageKind,
    from sender: String,
    to receiver: String,
    _ ordinal: String
  ) -> String {
    let network = layout.networks[kind.network]
    let table = firstNumbers(of: kind, from: sender, to: receiver)
    if network.queues != nil {
      return
        "({ i64 first = \(table); first < 0 ? 0 : count\(kind.network)(w, first + \(ordinal)); })"
    }
    return "({ i64 first = \(table); i64 number = 0;\n"
      + "if (first >= 0) { const Message *m = messages + 1 + \(firstMessages[kind.network])"
      + " + first + \(ordinal);\n"
      + "number = w[m->word] >> m->shift & \(network.countMask)ULL; } number; })"
  }

  /// The number of the first message of a kind from an instance to another; -1 where there is none.
  private func firstNumbers(
    of kind: MessageKind,
    from sender: String,
    to receiver: String
  ) -> String {
    "first\(kind.network)_\(kind.record)[\(sender) * \(layout.instances.count) + \(receiver)]"
  }

  /// The tables for that.
  func firstNumbers() -> String {
    let count = layout.instances.count
    var text = ""
    for network in layout.networks {
      for record in layout.model.records.indices where layout.model.records[record].isMessage {
        var table = [Int](repeating: -1, count: count * count)
        for block in network.space.blocks where block.record == record {
          table[block.sender * count + block.receiver] = block.first
        }
        let list = table.map { "\($0)" }.joined(separator: ", ")
        text += "static const i64 first\(network.space.network)_\(record)[] = {\(list)};\n"
      }
    }
    return text
  }
}
