import LingerEval
import LingerModel

/// The fairness conditions of a model, numbered as they come up (docs/semantics.md, "Fairness").
struct Fairness {
  enum Condition: Hashable {
    case transition(instance: Int, transition: Int)
    case timer(instance: Int, timer: Int)
    /// A message that cannot be lost for ever arrives.
    case delivery(network: Int, number: Int)
    /// A message that is sent arrives.
    case arrival(network: Int, number: Int)
  }

  private let model: Model
  /// Whether calls that are not `fair` have conditions too, so that they can be told from others.
  let marksCalls: Bool
  private(set) var conditions = Numbering<Condition>()

  init(_ model: Model, marksCalls: Bool) {
    self.model = model
    self.marksCalls = marksCalls
  }

  mutating func number(of condition: Condition) -> Int { conditions.number(of: condition) }

  /// What makes a run unfair that does not serve a condition.
  func demand(_ condition: Condition, callsAct: Bool = false) -> FairGraph.Demand {
    switch condition {
    case .transition(_, let transition):
      switch model.transitions[transition].fairness {
      case .strong: .strong
      case .weak: .weak
      // A call: nothing else is marked.
      case .none: callsAct ? .weak : .none
      }
    case .timer, .delivery: .weak
    case .arrival: .lossy
    }
  }

  func mayLoseForEver(_ network: Int) -> Bool { model.networks[network].loss == .unlimited }

  func isMarked(_ transition: Int) -> Bool {
    model.transitions[transition].fairness != .none
      || marksCalls && model.transitions[transition].isCall
  }
}

/// Takes down what each successor of a state does for fairness.
struct FairnessSink: ~Copyable, SuccessorSink {
  /// A successor, by its place among those of the state.
  struct Found {
    var target: Int
    var label: FairGraph.Label
    var ordinal: Int
  }

  var store: StateStore
  var fairness: Fairness
  /// Which states are of interest as targets.
  var isMember: (Int) -> Bool = { _ in false }
  /// The state that is looked at, where it alone is of interest as a target.
  var alone: Int?
  private var aloneWords: [UInt64] = []
  private(set) var found: [Found] = []
  /// Conditions enabled in the state, with repeats.
  private var enabled: [Int] = []
  /// The step that is wanted, by its place, and it.
  var wanted: Int?
  private(set) var wantedStep: Step?
  private var ordinal = 0
  private let layout: StateLayout

  init(_ layout: StateLayout, marksCalls: Bool) {
    self.layout = layout
    store = StateStore(wordCount: layout.wordCount)
    fairness = Fairness(layout.model, marksCalls: marksCalls)
  }

  /// Forgets the last state.
  mutating func begin(_ words: [UInt64]) {
    found.removeAll(keepingCapacity: true)
    enabled.removeAll(keepingCapacity: true)
    ordinal = 0
    if alone != nil { aloneWords = words }
    for instance in layout.instances {
      for (timer, field) in instance.timers.enumerated() where field.get(words) == 1 {
        enabled.append(fairness.number(of: .timer(instance: instance.instance, timer: timer)))
      }
    }
  }

  var enabledConditions: Set<Int> { Set(enabled) }

  mutating func successor(
    _ words: StateWords,
    isFault: Bool,
    sleep: @autoclosure () -> UInt64,
    step: @autoclosure () -> Step,
    effects: @autoclosure () -> StepEffects
  ) {
    defer { ordinal += 1 }
    if wanted == ordinal { wantedStep = step() }
    let effects = effects()
    var served = note(effects.instance, effects.transition, effects.arriving)
    guard let target = member(words) else { return }
    if let instance = effects.instance {
      served += effects.timers.map { fairness.number(of: .timer(instance: instance, timer: $0)) }
    }
    let sent = effects.sends.map {
      fairness.number(of: .arrival(network: $0.network, number: $0.number))
    }
    found.append(
      Found(
        target: target,
        label: FairGraph.Label(served: served.ascending, sent: sent.ascending),
        ordinal: ordinal
      )
    )
  }

  /// The number of a target that is of interest.
  private func member(_ words: StateWords) -> Int? {
    if let alone { return words.equals(aloneWords) ? alone : nil }
    guard let target = store.find(words), isMember(target) else { return nil }
    return target
  }

  /// Notes what a step is that can be taken; the conditions that it serves, its timers aside.
  private mutating func note(
    _ instance: Int?,
    _ transition: Int?,
    _ arriving: (network: Int, number: Int)?
  ) -> [Int] {
    var served: [Int] = []
    if let instance, let transition, fairness.isMarked(transition) {
      served.append(
        fairness.number(of: .transition(instance: instance, transition: transition))
      )
    }
    if let (network, number) = arriving, !fairness.mayLoseForEver(network) {
      served.append(fairness.number(of: .delivery(network: network, number: number)))
    }
    enabled += served
    if let (network, number) = arriving {
      served.append(fairness.number(of: .arrival(network: network, number: number)))
    }
    return served
  }

  mutating func failure(times: Int, step: @autoclosure () -> Step) {
    guard case .transition(let instance, let transition, let cause, _) = step() else { return }
    var arriving: (network: Int, number: Int)?
    if case .receive(let envelope) = cause {
      let number = layout.networks[envelope.network].space.number(of: envelope)
      arriving = number.map { (envelope.network, $0) }
    }
    _ = note(instance, transition, arriving)
  }

  mutating func unspecified(_ network: Int, _ number: Int) {}

  /// Whether each condition that is waited for without fail, and enabled in the state that was
  /// looked at, is served by a step that was found.
  var servesItself: Bool {
    let served = found.flatMap(\.label.served)
    return enabled.allSatisfy { condition in
      switch fairness.demand(fairness.conditions[condition]) {
      case .weak, .strong: served.contains(condition)
      case .lossy, .none: true
      }
    }
  }
}

extension [Int] {
  /// Each number once, in order.
  fileprivate var ascending: [Int] { count < 2 ? self : Set(self).sorted() }
}
