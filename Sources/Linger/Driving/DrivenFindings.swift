import LingerConform
import LingerDrive
import LingerKernel
import LingerModel
import LingerReport

/// From a failing run to what reports say of it.
extension Conformance {
  func failure(of run: DrivenRun) -> DrivenFailure {
    var result = DrivenFailure(kind: run.failure?.kind.rawValue ?? "")
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

  /// What was seen, in order; places count exchanges from 1.
  private func events(of run: DrivenRun) -> [TraceJudge.Event] {
    var result: [TraceJudge.Event] = []
    func add(_ observation: Observation, _ time: Int64, _ place: Int) {
      result.append(TraceJudge.Event(observation, time: time, place: place))
    }
    for (number, exchange) in run.exchanges.enumerated() {
      guard let reply = exchange.reply else { break }
      switch exchange.input {
      case .call(let name, let arguments):
        add(.call(name, arguments), exchange.time, number + 1)
      case .receive(let message): add(.input(message), exchange.time, number + 1)
      case .advance: break
      }
      for output in reply.outputs { add(output.observation, output.time, number + 1) }
      add(.nothing, exchange.time, number + 1)
      if run.judgesSilence { add(.quiet, exchange.time, number + 1) }
      if !reply.state.isEmpty { add(.state(reply.state), exchange.time, number + 1) }
    }
    return result
  }

  private func steps(of run: DrivenRun) -> [DrivenFailure.Step] {
    run.exchanges.map { exchange in
      var step = DrivenFailure.Step(
        time: Rational(Int(exchange.time), over: 1_000_000_000) ?? .zero,
        text: text(of: exchange.input)
      )
      guard let reply = exchange.reply else { return step }
      for output in reply.outputs {
        let time =
          output.time == exchange.time ? "" : "at \(LineProtocol.seconds(output.time)) s: "
        step.outputs.append(time + text(of: output.observation))
      }
      if !reply.state.isEmpty {
        step.state = text(of: Observation.state(reply.state)).replacing("reported ", with: "")
      }
      return step
    }
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
    for number in subject.model.roles[subject.role].transitions {
      guard case .call(name, let parameters) = subject.model.transitions[number].trigger else {
        continue
      }
      return zip(parameters, arguments).map { parameter, registers in
        guard let codec = ValueCodec(followed: parameter.type, in: subject.model) else { return "" }
        return "\(parameter.name): \(context.text.value(codec.value(in: registers, at: 0)))"
      }
    }
    return []
  }
}
