import LingerModel

/// C text of one transition's guard and body, a statement for each instruction.
///
/// Registers are local variables of a block of their own, which the compiler keeps where it likes;
/// those that are reached by a computed place are arrays. The order of work and of errors is the
/// interpreter's (`KernelWorker`), which tests compare it with.
package struct TransitionText {
  /// What the text around supplies.
  package struct Host {
    /// Statements that note a message: its kind, receiver and number among the record's values.
    package var send: (MessageKind, String, String) -> String
    /// An expression: copies in flight of a kind from a sender to a receiver, by its number.
    package var copies: (MessageKind, String, String, String) -> String
    /// Statements for a step that is done, and for one that fails; after either comes the next way
    /// through the body.
    package var step: String
    package var failure: String

    package init(
      send: @escaping (MessageKind, String, String) -> String,
      copies: @escaping (MessageKind, String, String, String) -> String,
      step: String,
      failure: String
    ) {
      self.send = send
      self.copies = copies
      self.step = step
      self.failure = failure
    }
  }

  typealias Unsupported = ValueCodec.Unsupported

  let kernel: StepKernel
  let transition: LoweredTransition
  let layout: RegisterLayout
  /// What its labels and names begin with.
  let prefix: String
  let code: ArraySlice<Instruction>
  let places: RegisterNames

  package init?(_ number: Int, of kernel: StepKernel, prefix: String) {
    guard let transition = kernel.transitions[number],
      let layout = kernel.layouts[kernel.model.transitions[number].role]
    else { return nil }
    self.kernel = kernel
    self.transition = transition
    self.layout = layout
    self.prefix = prefix
    code = kernel.program.code[(transition.guardStart ?? transition.bodyStart)..<transition.end]
    places = RegisterNames(code, transition, layout, kernel.program)
    if transition.readsElapsed || hasChoiceInLoop { return nil }
  }

  /// Whether what it does depends on what is in flight.
  package var readsNetwork: Bool { code.contains { $0.operation == .copies } }

  /// A choice is one point to come back to; in a loop there would be many.
  private var hasChoiceInLoop: Bool {
    code.indices.contains { choice in
      guard code[choice].operation == .choose else { return false }
      return code.indices.contains { place in
        code[place].isJump && place > choice && Int(code[place].a) <= choice
      }
    }
  }

  /// The number of a variable's value after the step, as an expression; nil where the transition
  /// leaves the variable alone.
  package func ordinal(ofVariable number: Int) -> String? {
    let first = layout.variables[number]
    guard isWritten(first..<(first + layout.codecs[number].width)) else { return nil }
    return codecs.ordinal(layout.codecs[number], at: first)
  }

  /// Whether a timer is armed after the step, as an expression; nil where it is left alone.
  package func isArmed(_ timer: Int) -> String? {
    let register = layout.timers.lowerBound + timer
    return isWritten(register..<(register + 1)) ? name(register) : nil
  }

  private func isWritten(_ registers: Range<Int>) -> Bool {
    code.contains { $0.written(kernel.program).overlaps(registers) }
  }

  private var choices: [Int] { code.indices.filter { code[$0].operation == .choose } }

  func name(_ register: Int) -> String { places.name(register) }

  private var codecs: CodecText { CodecText(name: name) }

  /// The block. `any` is set where a step is taken or fails; `inputs` are the numbers of what the
  /// trigger fills in.
  package func text(
    inputs: [String],
    sender: String?,
    timer: Int?,
    _ around: Host
  ) -> String {
    var text = "{\n" + places.declarations
    for choice in choices {
      text += "int \(prefix)on\(choice) = 0; int \(prefix)sends\(choice) = 0;\n"
      text += places.declarations(of: "\(prefix)s\(choice)_")
    }
    for (input, ordinal) in zip(transition.inputs, inputs) {
      text += codecs.write(input.codec, ordinal, at: input.register)
    }
    if let register = transition.sender, let sender { text += "\(name(register)) = \(sender);\n" }
    if let start = transition.guardStart {
      for place in start..<transition.bodyStart { text += statement(place, isGuard: true, around) }
    }
    text += "\(prefix)body:\nsendCount = 0;\n"
    if let timer { text += "\(name(layout.timers.lowerBound + timer)) = 0;\n" }
    for place in transition.bodyStart..<transition.end {
      text += statement(place, isGuard: false, around)
    }
    text += "\(prefix)end: any = 1;\n\(around.step)goto \(prefix)next;\n"
    text += "\(prefix)fail: any = 1;\n\(around.failure)"
    text += "\(prefix)next:;\n"
    for choice in choices.reversed() {
      text += "if (\(prefix)on\(choice)) { \(prefix)on\(choice) = 0;\n"
      text += "sendCount = \(prefix)sends\(choice);\n"
      text += places.copies(to: "", from: "\(prefix)s\(choice)_")
      text += "goto \(prefix)l\(code[choice].d); }\n"
    }
    text += "goto \(prefix)never;\n"
    text += "\(prefix)wrong: any = 1;\n\(around.failure)"
    return text + "\(prefix)never:;\n}\n"
  }

  private func statement(_ place: Int, isGuard: Bool, _ around: Host) -> String {
    let step = code[place]
    let label = places.targets.contains(place) ? "\(prefix)l\(place):;\n" : ""
    return label
      + body(step, at: place, fail: "goto \(prefix)\(isGuard ? "wrong" : "fail");", around)
  }

  private func body(
    _ step: Instruction,
    at place: Int,
    fail: String,
    _ around: Host
  ) -> String {
    let (a, b, c, d) = (Int(step.a), Int(step.b), Int(step.c), Int(step.d))
    func r(_ register: Int) -> String { name(register) }
    func all(_ count: Int, _ make: (Int) -> String) -> String { (0..<count).map(make).joined() }
    func checked(_ builtin: String) -> String {
      "{ i64 t; if (__builtin_\(builtin)_overflow(\(r(b)), \(r(c)), &t)) \(fail) \(r(a)) = t; }\n"
    }
    switch step.operation {
    case .move: return "\(r(a)) = \(r(b));\n"
    case .moveMany: return all(c) { "\(r(a + $0)) = \(r(b + $0));\n" }
    case .zero: return all(b) { "\(r(a + $0)) = 0;\n" }
    case .add: return checked("add")
    case .subtract: return checked("sub")
    case .multiply: return checked("mul")
    case .divide:
      return "if (\(r(c)) == 0 || \(r(c)) == -1 && \(r(b)) == \(cText(.min))) \(fail)\n"
        + "\(r(a)) = \(r(b)) / \(r(c));\n"
    case .remainder:
      return "if (\(r(c)) == 0) \(fail)\n\(r(a)) = \(r(c)) == -1 ? 0 : \(r(b)) % \(r(c));\n"
    case .equal: return "\(r(a)) = \(r(b)) == \(r(c));\n"
    case .less: return "\(r(a)) = \(r(b)) < \(r(c));\n"
    case .lessOrEqual: return "\(r(a)) = \(r(b)) <= \(r(c));\n"
    case .equalMany:
      let tests = (0..<d).map { "\(r(b + $0)) == \(r(c + $0))" }.joined(separator: " && ")
      return "\(r(a)) = \(tests.isEmpty ? "1" : tests);\n"
    case .not: return "\(r(a)) = 1 - \(r(b));\n"
    case .setBit: return "\(r(a)) = \(r(b)) | (i64)(1ULL << (\(r(c)) & 63));\n"
    case .clearBit: return "\(r(a)) = \(r(b)) & ~(i64)(1ULL << (\(r(c)) & 63));\n"
    case .testBit: return "\(r(a)) = \(r(b)) >> (\(r(c)) & 63) & 1;\n"
    case .countBits: return "\(r(a)) = __builtin_popcountll((u64)\(r(b)));\n"
    case .jump: return "goto \(prefix)l\(a);\n"
    case .jumpIfFalse: return "if (!\(r(b))) goto \(prefix)l\(a);\n"
    case .jumpIfTrue: return "if (\(r(b))) goto \(prefix)l\(a);\n"
    case .check: return "if (\(r(a)) < \(r(b)) || \(r(a)) > \(r(c))) \(fail)\n"
    case .load:
      return all(d) {
        "\(r(a + $0)) = \(places.indexed(b, of: Int(step.f), by: "\(r(c)) * \(d) + \($0)"));\n"
      }
    case .store:
      return all(d) {
        "\(places.indexed(a, of: Int(step.f), by: "\(r(b)) + \($0)")) = \(r(c + $0));\n"
      }
    case .find:
      let width = Int(step.e)
      let tests = (0..<width).map {
        "\(places.indexed(b, of: Int(step.f), by: "i * \(width) + \($0)")) == \(r(d + $0))"
      }
      return "{ i64 t = 0; for (i64 i = 0; i < \(r(c)); i++) "
        + "if (\(tests.isEmpty ? "1" : tests.joined(separator: " && "))) { t = 1; break; } "
        + "\(r(a)) = t; }\n"
    case .write: return codecs.write(kernel.program.codecs[c], r(b), at: a)
    case .elapsed: return fail + "\n"
    // A kernel that follows an implementation, or explores time, has no native code.
    case .noteStart, .noteCancel, .noteSignal, .hinted: return fail + "\n"
    case .poll: return "if (--c->work < 0) { c->isOver = 1; return 1; }\n"
    case .fail: return fail + "\n"
    case .send:
      let ordinal = codecs.ordinal(kernel.program.codecs[kernel.program.kindCodecs[a]], at: c)
      return "if (\(r(b)) == \(r(layout.current))) \(fail)\n"
        + around.send(kernel.program.kinds[a], r(b), ordinal)
    case .copies:
      let codec = kernel.program.codecs[kernel.program.kindCodecs[b]]
      let ordinal = codecs.ordinal(codec, at: Int(step.e))
      return "\(r(a)) = \(around.copies(kernel.program.kinds[b], r(c), r(d), ordinal));\n"
    case .choose:
      return "\(prefix)on\(place) = 1; \(prefix)sends\(place) = sendCount;\n"
        + places.copies(to: "\(prefix)s\(place)_", from: "")
    case .backtrack: return "goto \(prefix)next;\n"
    case .answer: return "if (!\(r(a))) goto \(prefix)never;\ngoto \(prefix)body;\n"
    case .end: return "goto \(prefix)end;\n"
    }
  }
}

extension StepKernel {
  /// Declarations of an instance's own registers, called `o` and their number, filled from the
  /// numbers of its variables' values and the flags of its timers.
  package func declarations(
    of instance: Int,
    ordinal: (Int) -> String,
    isArmed: (Int) -> String
  ) -> String? {
    guard let layout = layouts[model.instances[instance].role] else { return nil }
    let codecs = CodecText { "o\($0)" }
    var text = ""
    for register in RegisterLayout.constants..<layout.end { text += "i64 o\(register) = 0;\n" }
    for (number, codec) in layout.codecs.enumerated() {
      text += codecs.write(codec, ordinal(number), at: layout.variables[number])
    }
    for (timer, register) in layout.timers.enumerated() {
      text += "o\(register) = \(isArmed(timer));\n"
    }
    return text + "o\(layout.current) = \(instance);\n"
  }

  /// How many values the parameters of a call have, each.
  package func parameterCounts(of transition: Int) -> [Int]? {
    transitions[transition]?.inputs.map { $0.codec.valueCount ?? 0 }
  }
}
