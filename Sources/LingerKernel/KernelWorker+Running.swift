/// The answers to questions about elapsed time, in the order in which they are asked: 0 for less, 1
/// for equal, 2 for more. Guards run once for each way through their questions.
package struct KernelElapsedWay: Sendable {
  package private(set) var questions: [Int] = []
  package private(set) var answers: [Int] = []

  mutating func answer(to question: Int) -> Int {
    if let place = questions.firstIndex(of: question) { return answers[place] }
    questions.append(question)
    answers.append(0)
    return 0
  }

  /// Goes on to the next way, once the guards have run; false after the last.
  mutating func advance() -> Bool {
    while let last = answers.popLast(), let question = questions.popLast() {
      if last == 2 { continue }
      answers.append(last + 1)
      questions.append(question)
      return true
    }
    return false
  }
}

/// The interpreter.
extension KernelWorker {
  enum Ending {
    case answer(Bool)
    case end
    case backtrack
    case failed(Int)
    case stopped
  }

  /// Runs code from a place until it ends.
  mutating func run(from start: Int, _ copies: CopyCount) -> Ending {
    guard let trace else { return run(from: start, PlainArithmetic(), copies) }
    return trace.isGivenUp ? .stopped : run(from: start, TracedArithmetic(trace: trace), copies)
  }

  private mutating func run(
    from start: Int,
    _ arithmetic: some RegisterArithmetic,
    _ copies: CopyCount
  ) -> Ending {
    var place = start
    while true {
      let step = code[place]
      place &+= 1
      let (a, b, c, d) = (Int(step.a), Int(step.b), Int(step.c), Int(step.d))
      switch step.operation {
      case .move: registers[a] = registers[b]
      case .moveMany:
        for index in 0..<c { registers[a &+ index] = registers[b &+ index] }
      case .zero:
        for index in 0..<b { registers[a &+ index] = 0 }
      case .add:
        guard let result = arithmetic.sum(registers[b], registers[c]) else { return .failed(d) }
        registers[a] = result
      case .subtract:
        guard let result = arithmetic.difference(registers[b], registers[c]) else {
          return .failed(d)
        }
        registers[a] = result
      case .multiply:
        guard let result = arithmetic.product(registers[b], registers[c]) else {
          return .failed(d)
        }
        registers[a] = result
      case .divide:
        let divisor = arithmetic.number(registers[c])
        if divisor == 0 { return .failed(d + 1) }
        let (result, overflow) =
          arithmetic.number(registers[b]).dividedReportingOverflow(by: divisor)
        if overflow { return .failed(d) }
        registers[a] = result
      case .remainder:
        let divisor = arithmetic.number(registers[c])
        if divisor == 0 { return .failed(d + 1) }
        registers[a] = divisor == -1 ? 0 : arithmetic.number(registers[b]) % divisor
      case .equal: registers[a] = arithmetic.isEqual(registers[b], registers[c]) ? 1 : 0
      case .less: registers[a] = arithmetic.isLess(registers[b], registers[c]) ? 1 : 0
      case .lessOrEqual: registers[a] = arithmetic.isAtMost(registers[b], registers[c]) ? 1 : 0
      case .equalMany: registers[a] = areEqual(b, c, d, arithmetic) ? 1 : 0
      case .not: registers[a] = 1 &- registers[b]
      case .setBit:
        registers[a] = arithmetic.bits(registers[b] | 1 &<< arithmetic.number(registers[c]))
      case .clearBit: registers[a] = registers[b] & ~(1 &<< arithmetic.number(registers[c]))
      case .testBit: registers[a] = registers[b] &>> arithmetic.number(registers[c]) & 1
      case .countBits: registers[a] = registers[b].nonzeroBitCount
      case .jump: place = a
      case .jumpIfFalse: if registers[b] == 0 { place = a }
      case .jumpIfTrue: if registers[b] != 0 { place = a }
      case .check:
        if arithmetic.isLess(registers[a], registers[b])
          || arithmetic.isLess(registers[c], registers[a])
        {
          return .failed(d)
        }
      case .load:
        let from = b &+ arithmetic.number(registers[c]) &* d
        for index in 0..<d { registers[a &+ index] = registers[from &+ index] }
      case .store:
        let to = a &+ arithmetic.number(registers[b])
        for index in 0..<d { registers[to &+ index] = registers[c &+ index] }
      case .find:
        let width = Int(step.e)
        var isFound = false
        for index in 0..<arithmetic.number(registers[c])
        where areEqual(b &+ index &* width, d, width, arithmetic) {
          isFound = true
          break
        }
        registers[a] = isFound ? 1 : 0
      case .write:
        let number = arithmetic.number(registers[b])
        kernel.program.codecs[c].write(number, to: &registers, at: a)
      case .elapsed:
        registers[a] = registers[c] == 0 ? 0 : d &>> way.answer(to: b) & 1
      case .poll: if isStopped { return .stopped }
      case .fail: return .failed(a)
      case .send:
        if !send(kind: a, to: arithmetic.number(registers[b]), from: c) { return .failed(d) }
      case .copies:
        registers[a] = copies(message(ofKind: b, from: registers[c], to: registers[d], Int(step.e)))
      case .choose: choose(a, codec: b, resumingAt: d)
      case .noteStart: effects.note(timer: a, duration: b, sendsBefore: sends.count)
      case .noteCancel: effects.note(timer: a, duration: nil, sendsBefore: sends.count)
      case .noteSignal:
        let first = effects.values.count
        effects.values.append(contentsOf: registers[b..<(b + c)])
        effects.signals.append(
          KernelEffects.Signal(
            signal: a,
            sendsBefore: sends.count,
            values: first..<effects.values.count
          )
        )
      case .hinted:
        guard let value = hint(b, registers[c], arithmetic) else { return .backtrack }
        registers[c] &+= 1
        registers[a] = value
      case .backtrack: return .backtrack
      case .answer: return .answer(registers[a] != 0)
      case .end: return .end
      }
    }
  }

  @inline(__always)
  private func areEqual(
    _ left: Int,
    _ right: Int,
    _ count: Int,
    _ arithmetic: some RegisterArithmetic
  ) -> Bool {
    for index in 0..<count
    where !arithmetic.isEqual(registers[left &+ index], registers[right &+ index]) {
      return false
    }
    return true
  }

  /// Notes a message; false where its receiver is who sends it.
  private mutating func send(kind number: Int, to receiver: Int, from register: Int) -> Bool {
    let kind = kernel.program.kinds[number]
    guard receiver != sender else { return false }
    let codec = kernel.program.codecs[kernel.program.kindCodecs[number]]
    let first = effects.values.count
    if notesSends {
      effects.values.append(contentsOf: registers[register..<(register + codec.width)])
    }
    // Who follows or explores time has no use for numbers.
    let isNumbered =
      kernel.program.purpose == .exploring && kernel.program.kindIsNumbered[number]
    let ordinal = isNumbered ? codec.ordinal(in: registers, at: register) : nil
    sends.append(
      KernelSend(
        network: kind.network,
        receiver: receiver,
        record: kind.record,
        ordinal: ordinal,
        values: first..<effects.values.count
      )
    )
    return true
  }

  private func message(
    ofKind number: Int,
    from sender: Int,
    to receiver: Int,
    _ register: Int
  ) -> KernelMessage {
    let kind = kernel.program.kinds[number]
    let codec = kernel.program.codecs[kernel.program.kindCodecs[number]]
    let isNumbered = kernel.program.kindIsNumbered[number]
    return KernelMessage(
      network: kind.network,
      sender: sender,
      receiver: receiver,
      record: kind.record,
      ordinal: isNumbered ? codec.ordinal(in: registers, at: register) : nil,
      values: notesSends ? Array(registers[register..<(register + codec.width)]) : []
    )
  }

  private mutating func choose(_ register: Int, codec: Int, resumingAt place: Int) {
    saved.append(contentsOf: registers[RegisterLayout.constants...])
    choices.append(
      ChoicePoint(
        resume: place,
        sends: sends.count,
        chosen: chosen.count,
        chosenCodecs: chosenCodecs.count,
        effects: effects.mark
      )
    )
    let width = kernel.program.codecs[codec].width
    chosen.append(contentsOf: registers[register..<(register + width)])
    chosenCodecs.append(codec)
  }
}
