import LingerConform
import LingerDrive
import LingerKernel
import LingerModel
import LingerReport

/// From a failing run to what reports say of it.
extension Conformance {
  func failure(of run: DrivenRun) -> DrivenFailure {
    var result = DrivenFailure(kind: run.failure?.kind.rawValue ?? "", sort: sort(of: run))
    result.text = run.failure?.text
    result.steps = steps(of: run)
    result.replayFile = RunFile.text(of: run, for: self)
    switch run.failure?.kind {
    case .crash, .hang, .garbage, nil: break
    case .unexpected, .missing, .state, .time:
      var judge = TraceJudge(lanes, beginningAt: 0)
      for event in events(of: run) { judge.observe(event) }
      let name = subject.model.instances[subject.instance].name
      result.trace = conformed(judge, name: "run", of: name)
    }
    return result
  }

  /// What sort of failure a run shows: where the subject was, what it was told, what it did.
  func sort(of run: DrivenRun) -> String {
    let finding = run.follower.firstDeviation
    var states: [String] = []
    if let variable = subject.watchedVariable {
      for state in run.lastStates {
        let value = variable.codec.value(in: [state[variable.register]], at: 0)
        let name = context.text.value(value)
        if !states.contains(name) { states.append(name) }
      }
    }
    var parts = states.isEmpty ? [] : ["in " + states.sorted().joined(separator: " or ")]
    switch run.exchanges.last?.input {
    case .receive(let message): parts.append("on " + shape(of: message))
    case .call(let name, _): parts.append("on call \(name)")
    case .advance: parts.append("as time passes")
    case nil: parts.append("on reset")
    }
    switch finding?.observation {
    case .output(let message): parts.append("sends " + shape(of: message))
    case .signal(let number, _):
      parts.append("signals " + subject.model.roles[subject.role].signals[number].name)
    default: break
    }
    return parts.joined(separator: ", ")
  }

  /// A message without its numbers: its name and what is true in it.
  private func shape(of message: SeenMessage) -> String {
    let record = subject.model.records[message.record]
    guard
      case .record(_, let values)? = subject.kernel.codec(ofRecord: message.record)?
        .value(in: message.values, at: 0)
    else { return record.name }
    let flags = zip(record.fields, values).compactMap { field, value in
      value == .bool(true) ? field.name : nil
    }
    return flags.isEmpty ? record.name : "\(record.name)(\(flags.joined(separator: ", ")))"
  }

  /// What was seen, in order; places count the steps that are told, from 1.
  private func events(of run: DrivenRun) -> [TraceJudge.Event] {
    var result: [TraceJudge.Event] = []
    let first = run.tellsReset ? 2 : 1
    func add(_ reply: SubjectReply, to input: SubjectInput?, at told: Int64, place: Int) {
      reply.forEachObservation(of: input, at: told, judgesSilence: run.judgesSilence) {
        result.append(TraceJudge.Event($0, time: $1, place: place))
      }
    }
    if run.tellsReset, let reply = run.resetReply { add(reply, to: nil, at: 0, place: 1) }
    for (number, exchange) in run.exchanges.enumerated() {
      guard let reply = exchange.reply else { break }
      add(reply, to: exchange.input, at: exchange.time, place: number + first)
    }
    return result
  }

  private func steps(of run: DrivenRun) -> [DrivenFailure.ToldMove] {
    let reset = run.tellsReset ? [step("reset", at: 0, run.resetReply)] : []
    return reset
      + run.exchanges.map { exchange in
        step(text(of: exchange.input), at: exchange.time, exchange.reply)
      }
  }

  private func step(
    _ text: String,
    at moment: Int64,
    _ reply: SubjectReply?
  ) -> DrivenFailure.ToldMove {
    var step = DrivenFailure.ToldMove(
      time: Rational(Int(moment), over: 1_000_000_000) ?? .zero,
      text: text
    )
    guard let reply else { return step }
    for output in reply.outputs {
      let time = output.time == moment ? "" : "at \(LineProtocol.seconds(output.time)) s: "
      step.outputs.append(time + self.text(of: output.observation))
    }
    if !reply.state.isEmpty {
      step.state = self.text(of: Observation.state(reply.state)).replacing("reported ", with: "")
    }
    return step
  }

  private func text(of input: SubjectInput) -> String {
    switch input {
    case .call(let name, let arguments):
      let texts = self.texts(of: arguments, of: name)
      return "call \(name)(\(texts.joined(separator: ", ")))"
    case .receive(let message): return "\(text(of: message)) arrives"
    case .advance: return "time passes"
    }
  }

  private func texts(of arguments: [[Int]], of name: String) -> [String] {
    zip(parameters(ofCall: name), arguments).map { parameter, registers in
      guard let codec = ValueCodec(followed: parameter.type, in: model) else { return "" }
      return "\(parameter.name): \(context.text.value(codec.value(in: registers, at: 0)))"
    }
  }
}
