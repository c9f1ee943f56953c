import LingerEval
import LingerModel

/// What a step does besides leading to another state, as far as fairness asks for it.
struct StepEffects {
  /// Whose step it is; nil for an act of the network.
  var instance: Int?
  /// The transition; nil for an ignored timeout.
  var transition: Int?
  /// The message that arrives.
  var arriving: (network: Int, number: Int)?
  /// Timers of the instance that expire, are started or cancelled.
  var timers: [Int] = []
  /// Messages sent, dropped ones included.
  var sends: [(network: Int, number: Int)] = []
}

extension StepCache {
  func effects(
    of outcome: PackedOutcome,
    by instance: Int,
    on arriving: (network: Int, number: Int)?
  ) -> StepEffects {
    StepEffects(
      instance: instance,
      transition: outcome.transition < 0 ? nil : Int(outcome.transition),
      arriving: arriving,
      timers: served[outcome.served.first..<outcome.served.end].map(Int.init),
      sends: (outcome.sends.first..<outcome.sends.end).map {
        (Int(sends[$0].network), Int(sends[$0].number))
      }
    )
  }
}

extension LocalStep {
  /// Timers of the instance that expire, are started or cancelled, ascending.
  var servedTimers: [Int] {
    var result: Set<Int> = []
    switch step {
    case .ignoredTimeout(_, let timer), .transition(_, _, .timeout(let timer), _):
      result.insert(timer)
    case .transition, .lose, .duplicate: break
    }
    for effect in effects {
      switch effect {
      case .start(_, let timer, _), .cancel(_, let timer): result.insert(timer)
      case .send, .signal: break
      }
    }
    return result.sorted()
  }
}
