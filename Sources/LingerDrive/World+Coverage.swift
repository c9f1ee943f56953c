import LingerConform
import LingerKernel
import LingerModel

/// Which transitions explain what a subject did, and which an input would lead to.
extension World {
  /// The transitions that lead from what was believed before an input to what is believed after it.
  ///
  /// - Parameters:
  ///   - input: what the subject was told.
  ///   - before: the states that were believed.
  ///   - due: the timers that may have expired by then.
  ///   - after: the states that are believed now.
  ///   - messages: those that came out, in order.
  /// - Returns: each once: of the shortest explanations in the order in which they were found.
  func transitions(
    taking input: SubjectInput,
    in before: [[Int]],
    due: [Int],
    to after: [[Int]],
    sending messages: [SeenMessage]
  ) -> [Int] {
    var known: Set<Explanation.Point> = []
    var layer: [Explanation] = before.map { Explanation(point: .init(state: $0, sent: 0)) }
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
          guard let longer = explanation.followed(by: step, sending: messages) else { continue }
          if longer.point.sent == messages.count, after.contains(longer.point.state) {
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
      var state: [Int]
      /// How many of the messages that came out are explained.
      var sent: Int
    }

    var point: Point
    var transitions: [Int] = []

    func followed(by step: PartyStep, sending messages: [SeenMessage]) -> Explanation? {
      let sent = point.sent + step.sends.count
      guard sent <= messages.count,
        zip(step.sends, messages[point.sent...]).allSatisfy({ $0.message == $1 })
      else { return nil }
      return Explanation(
        point: Point(state: step.state, sent: sent),
        transitions: transitions + (step.transition.map { [$0] } ?? [])
      )
    }
  }

  /// What an input leads to, or time that passes.
  private func firstSteps(
    _ input: SubjectInput,
    _ due: [Int],
    in state: [Int],
    _ message: SeenMessage?
  ) -> [PartyStep] {
    let hints = message.map(Hints.message)
    switch input {
    case .receive(let received):
      return receptions(
        by: subject.instance,
        in: state,
        of: received,
        from: subject.sender(of: received),
        hints: hints
      )
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
    in state: [Int],
    _ message: SeenMessage?
  ) -> [PartyStep] {
    let hints = message.map(Hints.message)
    let own = steps(of: subject.instance, in: state, hints: hints).filter {
      $0.transition.map { !subject.isCall($0) } ?? false
    }
    let flags = state.count - subject.timerCount
    return own
      + due.filter { state[flags + $0] != 0 }
      .flatMap { expiries(of: $0, by: subject.instance, in: state, hints: hints) }
  }

  /// What an input may lead to in a state, with few of the values that may be chosen.
  func steps(taking input: SubjectInput, in state: [Int]) -> [PartyStep] {
    switch input {
    case .receive(let message):
      return receptions(
        by: subject.instance,
        in: state,
        of: message,
        from: subject.sender(of: message),
        hints: .values(Self.few(message.values))
      )
    case .call(let name, _):
      return steps(of: subject.instance, in: state, hints: .values(Self.few(state)))
        .filter { $0.transition.map { subject.isCall($0, named: name) } ?? false }
    case .advance: return []
    }
  }
}
