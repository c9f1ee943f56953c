import LingerEval
import LingerModel

/// In which order the steps of a run may come.
///
/// Two instances that do not read each other's state affect each other by messages alone. Then a
/// run that takes their steps in another order, each still after what causes it, ends in the same
/// state: what two steps that do not cause each other do commutes (Mazurkiewicz, 1977). So a run
/// stands for all runs with its causes, and what it asks of time is a partial order of moments
/// (Lugiez, Niebert, Zennou, TCS 2005). One region of parameters then takes the place of many.
enum RunOrder {
  /// One after the other, as they were found.
  case asFound
  /// Each after its instance's step before it, and, where it receives, after the message was sent.
  case causal
}

/// A bound on how far two moments of a run are apart: `later - earlier` is at most the term, or
/// below it.
struct MomentBound {
  var later: Int
  var earlier: Int
  var term: LinearTerm
  var isStrict: Bool
}

extension ExactRun {
  /// The order that its steps need: the run says which instance takes each, and all its clocks are
  /// timers and ages of messages.
  func order(in model: Model) -> RunOrder {
    let graph = problem.graph
    let isPlain = graph.clocks.allSatisfy { clock in
      switch clock {
      case .timer, .message: true
      case .messages, .copy, .urgency, .shortfall: false
      }
    }
    let steps = run.path.map { graph.edges[$0].step }
    guard isPlain, steps.allSatisfy({ $0?.instance != nil }), !problem.endsInError(run.path),
      model.instancesMeetByMessagesAlone
    else { return .asFound }
    return .causal
  }
}

extension Step {
  /// Who takes it; nil where the network does.
  var instance: Int? {
    switch self {
    case .transition(let instance, _, _, _), .ignoredTimeout(let instance, _): instance
    case .lose, .duplicate: nil
    }
  }
}

extension Clock {
  func isTimer(of instance: Int) -> Bool {
    if case .timer(instance, _) = self { true } else { false }
  }
}

extension Model {
  /// Whether no step reads or changes more than the state of its instance, and messages once sent
  /// stay there for everybody to receive.
  var instancesMeetByMessagesAlone: Bool {
    networks.allSatisfy(ControlGraph.canAbstract)
      && transitions.allSatisfy { transition in
        !transition.isUrgent && transition.guardCondition?.readsOthers != true
          && !transition.body.contains(where: \.readsOthers)
      }
  }
}

extension Statement {
  fileprivate var readsOthers: Bool {
    expressions.contains(where: \.readsOthers) || inner.contains(where: \.readsOthers)
  }
}

extension Expression {
  /// Whether it reads the state of an instance that is named, or what is in flight.
  fileprivate var readsOthers: Bool {
    switch kind {
    case .variable(of: .some, _), .timerIsArmed(of: .some, _), .copiesInFlight, .messagesInFlight:
      true
    default: children.contains(where: \.readsOthers)
    }
  }
}
