import LingerModel

/// The kinds of messages that a transition may send, or ask for how many are in flight.
package struct MessageUse: Sendable {
  package var sends: [MessageKind] = []
  /// Those of which one step may send several to one instance.
  package var repeatedSends: [MessageKind] = []
  /// Asked for with the instance itself as the sender, and with any.
  package var ownReads: [MessageKind] = []
  package var otherReads: [MessageKind] = []
}

extension StepKernel {
  /// Nil for a transition that is left to the evaluator.
  package func messageUse(of transition: Int) -> MessageUse? {
    guard let lowered = transitions[transition],
      let layout = layouts[model.transitions[transition].role]
    else { return nil }
    var use = MessageUse()
    let code = program.code[(lowered.guardStart ?? lowered.bodyStart)..<lowered.end]
    let hasLoops = code.indices.contains { code[$0].isJump && Int(code[$0].a) <= $0 }
    for step in code {
      switch step.operation {
      case .send:
        let kind = program.kinds[Int(step.a)]
        if hasLoops || use.sends.contains(kind) { use.repeatedSends.append(kind) }
        use.sends.append(kind)
      case .copies where Int(step.c) == layout.current:
        use.ownReads.append(program.kinds[Int(step.b)])
      case .copies: use.otherReads.append(program.kinds[Int(step.b)])
      default: break
      }
    }
    return use
  }
}
