import LingerConform
import LingerKernel

/// A step that a party can take.
final class PartyStep {
  let transition: Int?
  /// Its number among the steps of this transition.
  fileprivate(set) var way = 0
  /// The state after it.
  let registers: [Int]
  let timers: [KernelEffects.TimerChange]
  let sends: [(network: Int, receiver: Int, message: SeenMessage)]
  /// Timers that it let expire, started or cancelled; a bit for each.
  let served: Int
  /// How elapsed times compare where it is possible; nil for any.
  let ways: [KernelElapsedWay]?
  /// The numbers of the state after it and of what it sends, once somebody has asked.
  private var numbers: Numbers?

  struct Numbers {
    var state: Int
    var messages: [Int]
  }

  init(_ worker: KernelWorker, _ step: KernelStep, of instance: Int) {
    transition = step.transition
    registers = Array(worker.state(of: instance))
    timers = worker.effects.timers
    served = worker.servedTimers(of: instance)
    ways = worker.enabledWays
    sends = worker.sends.map { send in
      let message = SeenMessage(record: send.record, values: worker.values(of: send))
      return (send.network, send.receiver, message)
    }
  }

  /// The numbers that a world has for what it leads to. A step that is remembered is forgotten with
  /// them; of one that was picked they must be asked for in the same run.
  func numbers(in world: World) -> Numbers {
    if let numbers { return numbers }
    let result = Numbers(
      state: world.number(of: registers),
      messages: sends.map { world.number(of: $0.message) }
    )
    numbers = result
    return result
  }

  /// About so many words of memory.
  var wordCount: Int { 24 + registers.count + sends.count * 12 + timers.count * 4 }
}

extension [PartyStep] {
  func numberWays() {
    var counts: [Int: Int] = [:]
    for step in self {
      guard let transition = step.transition else { continue }
      step.way = counts[transition, default: 0]
      counts[transition, default: 0] += 1
    }
  }

  /// The step that a name means.
  func named(_ name: Move.PartyChoice) -> PartyStep? {
    first { $0.transition == name.transition && $0.way == name.way }
  }
}
