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
  ///   - message: the first message that came out.
  /// - Returns: each once, in the order in which they were found.
  func transitions(
    taking input: SubjectInput,
    in before: [[Int]],
    due: [Int],
    to after: [[Int]],
    sending message: SeenMessage?
  ) -> [Int] {
    var result: [Int] = []
    func add(_ steps: [PartyStep]) {
      for step in steps where after.contains(step.state) {
        if let message, let sent = step.sends.first, sent.message != message { continue }
        if let transition = step.transition, !result.contains(transition) {
          result.append(transition)
        }
      }
    }
    for state in before {
      switch input {
      case .receive(let message):
        add(
          receptions(
            by: subject.instance,
            in: state,
            of: message,
            from: subject.sender(of: message)
          )
        )
      case .call(let name, _):
        add(
          steps(of: subject.instance, in: state, hints: message).filter {
            $0.transition.map { subject.isCall($0, named: name) } ?? false
          }
        )
      case .advance:
        for timer in due { add(expiries(of: timer, by: subject.instance, in: state)) }
      }
      if let message {
        add(
          steps(of: subject.instance, in: state, hints: message).filter {
            $0.sends.first?.message == message
          }
        )
      }
    }
    return result
  }

  /// The transitions that an input leads to in a state.
  func transitions(taking input: SubjectInput, in state: [Int]) -> [Int] {
    switch input {
    case .receive(let message):
      return receptions(
        by: subject.instance,
        in: state,
        of: message,
        from: subject.sender(of: message)
      ).compactMap(\.transition)
    case .call(let name, _):
      return steps(of: subject.instance, in: state).compactMap(\.transition)
        .filter { subject.isCall($0, named: name) }
    case .advance: return []
    }
  }
}

/// What is there to be called and sent.
extension World {
  func codec(ofRecord record: Int) -> ValueCodec? { subject.kernel.codec(ofRecord: record) }

  /// Whether some value that a party chooses is read off what it sends.
  var hasHints: Bool { subject.kernel.hasHints }
}
