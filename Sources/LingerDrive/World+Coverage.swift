import LingerConform
import LingerKernel
import LingerModel

/// Which transitions explain what a subject did.
extension World {
  /// The transitions that lead from what was believed before an input to what is believed after it.
  ///
  /// - Parameters:
  ///   - input: what the subject was told.
  ///   - before: the number of what was believed.
  ///   - due: the timers that may have expired by then.
  ///   - after: the number of what is believed now.
  ///   - reply: what came out.
  /// - Returns: each once: of the shortest explanations in the order in which they were found.
  func transitions(
    taking input: SubjectInput,
    in before: Int,
    due: [Int],
    to after: Int,
    replying reply: SubjectReply
  ) -> [Int] {
    guard let word = wordOfTransitions(input) else {
      return explanation(of: input, in: before, due: due, to: after, sending: reply.messages)
    }
    memory.row.removeAll(keepingCapacity: true)
    memory.row.append(before)
    memory.row.append(word)
    memory.row.append(after)
    memory.row.append(due.count)
    memory.row += due
    for output in reply.outputs {
      guard case .output(let message) = output.observation else { continue }
      let number = number(of: message)
      memory.row.append(number)
    }
    let row = memory.row
    let number = memory.exchanges.number(of: row)
    if number < memory.explanations.count { return memory.explanations[number] }
    let result = explanation(of: input, in: before, due: due, to: after, sending: reply.messages)
    memory.explanations.append(result)
    return result
  }

  /// What tells an input from others as far as transitions go; nil for a call that the subject does
  /// not have.
  private func wordOfTransitions(_ input: SubjectInput) -> Int? {
    switch input {
    case .advance: 0
    case .receive(let message): number(of: message) << 2 | 1
    case .call(let name, _):
      possibleCalls.firstIndex { $0.name == name }.map { $0 << 2 | 2 }
    }
  }

  private func explanation(
    of input: SubjectInput,
    in before: Int,
    due: [Int],
    to after: Int,
    sending messages: [SeenMessage]
  ) -> [Int] {
    let goal = states(believed: after)
    var known: Set<Explanation.Point> = []
    var layer = states(believed: before).map { Explanation(point: .init(state: $0, sent: 0)) }
    var result: [Int] = []
    var isFirst = true
    for _ in 0..<Self.longestExplanation where result.isEmpty {
      var next: [Explanation] = []
      for explanation in layer {
        let point = explanation.point
        let hints = point.sent < messages.count ? messages[point.sent] : nil
        let steps =
          isFirst
          ? firstSteps(input, due, in: point.state, hints)
          : laterSteps(input, due, in: point.state, hints)
        for step in steps {
          guard let longer = explanation.followed(by: step, sending: messages, self) else {
            continue
          }
          if longer.point.sent == messages.count, goal.contains(longer.point.state) {
            for transition in longer.transitions where !result.contains(transition) {
              result.append(transition)
            }
          }
          if known.count < Self.mostPoints, known.insert(longer.point).inserted {
            next.append(longer)
          }
        }
      }
      layer = next
      isFirst = false
    }
    return result
  }

  /// Steps that one exchange is explained by at most.
  private static let longestExplanation = 6
  /// States on the way that are looked at for one exchange.
  private static let mostPoints = 200

  /// Some steps that a subject may have taken since an input.
  private struct Explanation {
    struct Point: Hashable {
      var state: Int
      /// How many of the messages that came out are explained.
      var sent: Int
    }

    var point: Point
    var transitions: [Int] = []

    func followed(
      by step: PartyStep,
      sending messages: [SeenMessage],
      _ world: World
    ) -> Explanation? {
      let sent = point.sent + step.sends.count
      guard sent <= messages.count,
        zip(step.sends, messages[point.sent...]).allSatisfy({ $0.message == $1 })
      else { return nil }
      return Explanation(
        point: Point(state: step.numbers(in: world).state, sent: sent),
        transitions: transitions + (step.transition.map { [$0] } ?? [])
      )
    }
  }

  /// What an input leads to, or time that passes.
  private func firstSteps(
    _ input: SubjectInput,
    _ due: [Int],
    in state: Int,
    _ message: SeenMessage?
  ) -> [PartyStep] {
    let hints = message.map(Hints.message)
    switch input {
    case .receive(let received):
      return receptions(
        by: subject.instance,
        in: state,
        of: number(of: received),
        from: subject.sender(of: received),
        hints: hints
      ).steps
    case .call(let name, _):
      return steps(of: subject.instance, in: state, hints: hints).filter {
        $0.transition.map { subject.isCall($0, named: name) } ?? false
      }
    case .advance: return laterSteps(input, due, in: state, message)
    }
  }

  /// What a subject does by itself afterwards.
  private func laterSteps(
    _ input: SubjectInput,
    _ due: [Int],
    in state: Int,
    _ message: SeenMessage?
  ) -> [PartyStep] {
    let hints = message.map(Hints.message)
    let own = steps(of: subject.instance, in: state, hints: hints).filter {
      $0.transition.map { !subject.isCall($0) } ?? false
    }
    let registers = registers(state)
    let flags = registers.count - subject.timerCount
    return own
      + due.filter { registers[flags + $0] != 0 }
      .flatMap { expiries(of: $0, by: subject.instance, in: state, hints: hints) }
  }
}
