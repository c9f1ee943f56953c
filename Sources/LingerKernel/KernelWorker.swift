package import LingerModel

/// Runs a kernel's code: registers, and what the step at hand has done.
package struct KernelWorker {
  package let kernel: StepKernel
  let code: [Instruction]
  /// What an instance's state and a body's scratch are in.
  package internal(set) var registers: [Int]
  /// What the step sends, in order.
  package internal(set) var sends: [KernelSend] = []
  /// The values that `choose` took, one behind the other, each as registers.
  var chosen: [Int] = []
  var chosenCodecs: [Int] = []
  /// Where a `choose` takes its next value, the latest last.
  var choices: [ChoicePoint] = []
  /// How elapsed times compare while a guard runs.
  var way = KernelElapsedWay()
  /// The ways through questions about elapsed time on which the step at hand is possible; nil for
  /// all. Not of a kernel for exploring.
  package private(set) var enabledWays: [KernelElapsedWay]?
  let tellsWays: Bool
  /// Whether the messages that a step sends stand in its effects.
  let notesSends: Bool
  private var own: [Int] = []
  /// Who takes the step.
  var sender = 0
  private let stop: StopCheck?

  /// Copies in flight of a message.
  package typealias CopyCount = (KernelMessage) -> Int

  /// What the step did beside the state; in exploring only messages, where not all have numbers.
  package internal(set) var effects = KernelEffects()
  /// The message that was seen, which hidden values are read off; nil for none.
  var seen: SeenMessage?
  /// What is tried for a hidden value where no message was seen.
  package var guesses: [Int] = []
  /// Follows what is made of symbols in the registers; nil where there are none.
  package var trace: PathTrace?

  /// The registers as they were at each choice point, one behind the other.
  var saved: [Int] = []

  /// The lists as they were before a value was taken.
  struct ChoicePoint {
    var resume: Int
    var sends: Int
    var chosen: Int
    var chosenCodecs: Int
    var effects: KernelEffects.Mark
  }

  package init(_ kernel: StepKernel, stop: StopCheck? = nil) {
    self.kernel = kernel
    self.stop = stop
    code = kernel.program.code
    tellsWays = kernel.program.purpose != .exploring
    notesSends =
      kernel.program.purpose != .exploring || kernel.program.kindIsNumbered.contains(false)
    registers = Array(repeating: 0, count: kernel.program.registerCount)
    for (place, value) in kernel.program.constants.enumerated() { registers[place] = value }
  }

  /// Puts an instance's state in: of each variable the number of its value in its type.
  package mutating func setState(
    of instance: Int,
    ordinal: (Int) -> Int,
    isArmed: (Int) -> Bool
  ) {
    let layout = layout(of: instance)
    for number in layout.variables.indices {
      layout.numberings[number]
        .write(ordinal(number), to: &registers, at: layout.variables[number])
    }
    for timer in 0..<layout.timers.count {
      registers[layout.timers.lowerBound &+ timer] = isArmed(timer) ? 1 : 0
    }
  }

  /// Hands over each variable with the number of its value.
  package func forEachVariable(of instance: Int, _ visit: (Int, Int) -> Void) {
    let layout = layout(of: instance)
    for number in layout.variables.indices {
      visit(number, layout.numberings[number].ordinal(in: registers, at: layout.variables[number]))
    }
  }

  package func isArmed(_ timer: Int, of instance: Int) -> Bool {
    registers[layout(of: instance).timers.lowerBound + timer] != 0
  }

  /// Timers that the step let expire, started or cancelled; a bit for each.
  package func servedTimers(of instance: Int) -> Int { registers[layout(of: instance).served] }

  func layout(of instance: Int) -> RegisterLayout {
    guard let layout = kernel.layouts[kernel.model.instances[instance].role] else {
      preconditionFailure("an instance that is left to the evaluator")
    }
    return layout
  }

  /// Hands over what an instance does by itself, in the order of docs/semantics.md. Its state must
  /// have been put in, and is there again afterwards.
  package mutating func forEachSpontaneousStep(
    of instance: Int,
    copies: CopyCount,
    _ visit: (KernelWorker, KernelStep) -> Void
  ) {
    let layout = begin(instance)
    let role = kernel.model.roles[kernel.model.instances[instance].role]
    for number in role.transitions {
      switch kernel.model.transitions[number].trigger {
      case .internal: attempt(number, layout, copies, visit)
      case .call: calls(of: number, layout, copies, visit)
      case .receive, .timeout: continue
      }
    }
    for timer in 0..<layout.timers.count where registers[layout.timers.lowerBound + timer] != 0 {
      timeout(timer, role, layout, copies, visit)
    }
  }

  /// Hands over what an instance does with a message; no step means that no transition takes it.
  package mutating func forEachReception(
    by instance: Int,
    of message: (record: Int, ordinal: Int),
    from sender: Int,
    copies: CopyCount,
    _ visit: (KernelWorker, KernelStep) -> Void
  ) {
    receive(
      by: instance,
      message.record,
      copies,
      { $0.bind(message.ordinal, from: sender, of: $1) },
      visit
    )
  }

  /// What an instance does with a message of a kind; `bind` puts the message in for a transition.
  /// False where no transition takes it.
  @discardableResult
  mutating func receive(
    by instance: Int,
    _ record: Int,
    _ copies: CopyCount,
    _ bind: (inout KernelWorker, Int) -> Void,
    _ visit: (KernelWorker, KernelStep) -> Void
  ) -> Bool {
    let layout = begin(instance)
    let role = kernel.model.roles[kernel.model.instances[instance].role]
    var taken = Taken()
    var specific: Int?
    var general: Int?
    for number in role.transitions {
      let transition = kernel.model.transitions[number]
      guard case .receive(let wanted, _, _) = transition.trigger,
        wanted == nil || wanted == record
      else { continue }
      if !transition.isOtherwise {
        bind(&self, number)
        let enabled = attempt(number, layout, copies, visit)
        taken.note(number, enabled, all: kernel.program.purpose == .timing)
      } else if wanted == nil {
        general = general ?? number
      } else {
        specific = specific ?? number
      }
    }
    guard !taken.isAlways, let otherwise = specific ?? general,
      mayBeNone(of: taken, copies, bind), !isStopped
    else { return taken.isSometimes }
    bind(&self, otherwise)
    attempt(otherwise, layout, copies, visit)
    return true
  }

  private mutating func bind(_ ordinal: Int, from sender: Int, of transition: Int) {
    guard let lowered = kernel.transitions[transition] else {
      preconditionFailure("a transition that is left to the evaluator")
    }
    if let input = lowered.inputs.first {
      input.codec.write(ordinal, to: &registers, at: input.register)
    }
    if let register = lowered.sender { registers[register] = sender }
  }

  mutating func bind(timer: Int, of transition: Int) {
    guard case .timeout(let timers, _) = kernel.model.transitions[transition].trigger,
      let input = kernel.transitions[transition]?.inputs.first
    else { return }
    input.codec.write(timer - timers.lowerBound, to: &registers, at: input.register)
  }

  mutating func begin(_ instance: Int) -> RegisterLayout {
    let layout = layout(of: instance)
    registers[layout.current] = instance
    sender = instance
    own.removeAll(keepingCapacity: true)
    own.append(contentsOf: registers[RegisterLayout.constants..<layout.served])
    return layout
  }

  mutating func restore() {
    for (place, value) in own.enumerated() { registers[RegisterLayout.constants &+ place] = value }
  }

  /// Counts one more try, or one round of a loop that a spec can make long; true if there shall be
  /// no more.
  var isStopped: Bool { stop?.spend() ?? false }

  mutating func timeout(
    _ timer: Int,
    _ role: Role,
    _ layout: RegisterLayout,
    _ copies: CopyCount,
    _ visit: (KernelWorker, KernelStep) -> Void
  ) {
    var taken = Taken()
    for number in role.transitions {
      guard case .timeout(let timers, _) = kernel.model.transitions[number].trigger,
        timers.contains(timer)
      else { continue }
      bind(timer: timer, of: number)
      let enabled = attempt(number, timer: timer, layout, copies, visit)
      taken.note(number, enabled, all: kernel.program.purpose == .timing)
    }
    guard !taken.isAlways, mayBeNone(of: taken, copies, { $0.bind(timer: timer, of: $1) }),
      !isStopped
    else { return }
    prepare(layout, timer)
    visit(self, KernelStep(transition: nil, timer: timer, error: nil))
    restore()
  }

  /// A call with every combination of values of its parameters, the first slowest.
  private mutating func calls(
    of number: Int,
    _ layout: RegisterLayout,
    _ copies: CopyCount,
    _ visit: (KernelWorker, KernelStep) -> Void
  ) {
    guard let inputs = kernel.transitions[number]?.inputs else {
      preconditionFailure("a transition that is left to the evaluator")
    }
    let counts = inputs.map { $0.codec.valueCount ?? 0 }
    guard counts.allSatisfy({ $0 > 0 }) else { return }
    var places = [Int](repeating: 0, count: inputs.count)
    while true {
      for (input, place) in zip(inputs, places) {
        input.codec.write(place, to: &registers, at: input.register)
      }
      attempt(number, layout, copies, visit)
      var last = places.count - 1
      while last >= 0, places[last] + 1 == counts[last] {
        places[last] = 0
        last -= 1
      }
      if last < 0 || isStopped { return }
      places[last] += 1
    }
  }

  mutating func prepare(_ layout: RegisterLayout, _ timer: Int?) {
    if let timer { registers[layout.timers.lowerBound + timer] = 0 }
    registers[layout.served] = timer.map { 1 << $0 } ?? 0
    sends.removeAll(keepingCapacity: true)
    chosen.removeAll(keepingCapacity: true)
    chosenCodecs.removeAll(keepingCapacity: true)
    choices.removeAll(keepingCapacity: true)
    saved.removeAll(keepingCapacity: true)
    effects.removeAll()
  }

  /// When a transition is enabled, whatever state it leads to.
  enum Enabled {
    case never
    /// For some elapsed times.
    case perhaps
    case always
  }

  /// Transitions that were tried for one cause, and whether one of them is enabled.
  struct Taken {
    var transitions: [Int] = []
    private(set) var isSometimes = false
    private(set) var isAlways = false

    /// Notes one; those that say nothing about what is left only where `all` are wanted.
    mutating func note(_ number: Int, _ enabled: Enabled, all: Bool) {
      if all || enabled == .perhaps { transitions.append(number) }
      isSometimes = isSometimes || enabled != .never
      isAlways = isAlways || enabled == .always
    }
  }

  /// Hands over a step for each way through a body, if the guard is true; one that fails where
  /// evaluating the guard does, for whatever times.
  @discardableResult
  mutating func attempt(
    _ number: Int,
    timer: Int? = nil,
    _ layout: RegisterLayout,
    _ copies: CopyCount,
    _ visit: (KernelWorker, KernelStep) -> Void
  ) -> Enabled {
    guard let transition = kernel.transitions[number] else {
      preconditionFailure("a transition that is left to the evaluator")
    }
    var step = KernelStep(transition: number, timer: timer, error: nil)
    // When an `otherwise` is possible was worked out from the others.
    if tellsWays, !kernel.model.transitions[number].isOtherwise { enabledWays = nil }
    switch isEnabled(transition, copies) {
    case .answer(true): break
    case .failed(let site):
      prepare(layout, nil)
      step.error = site
      visit(self, step)
      restore()
      return .always
    case .answer(false), .end, .backtrack, .stopped: return .never
    }
    prepare(layout, timer)
    var isAny = false
    var place = transition.bodyStart
    while true {
      switch run(from: place, copies) {
      case .end, .answer:
        step.error = nil
        isAny = true
        visit(self, step)
      case .failed(let site):
        step.error = site
        isAny = true
        visit(self, step)
      case .backtrack: break
      case .stopped: choices.removeAll()
      }
      guard !isStopped, let choice = choices.popLast() else { break }
      place = resume(choice)
    }
    restore()
    // A hidden value that the message seen does not fit leaves no step, though the guard is true.
    if !isAny, !kernel.program.isFollowing { return .never }
    return transition.readsElapsed ? .perhaps : .always
  }

  /// Whether a guard is true for some elapsed times; fails where it does for any.
  private mutating func isEnabled(
    _ transition: LoweredTransition,
    _ copies: CopyCount
  ) -> Ending {
    guard let start = transition.guardStart else { return .answer(true) }
    if !transition.readsElapsed { return run(from: start, copies) }
    var isSometimes = false
    var ways: [KernelElapsedWay] = []
    way = KernelElapsedWay()
    repeat {
      switch run(from: start, copies) {
      case .answer(let isTrue):
        isSometimes = isSometimes || isTrue
        if tellsWays, isTrue { ways.append(way) }
      case let ending: return ending
      }
    } while way.advance()
    if tellsWays { enabledWays = ways }
    return .answer(isSometimes)
  }

  /// Whether none of the transitions that were taken is enabled, for some elapsed times.
  mutating func mayBeNone(
    of taken: Taken,
    _ copies: CopyCount,
    _ bind: (inout KernelWorker, Int) -> Void
  ) -> Bool {
    enabledWays = nil
    if !taken.isSometimes { return true }
    var ways: [KernelElapsedWay] = []
    way = KernelElapsedWay()
    repeat {
      var isAny = false
      for number in taken.transitions where !isAny {
        guard let start = kernel.transitions[number]?.guardStart else { continue }
        bind(&self, number)
        if case .answer(false) = run(from: start, copies) { continue }
        isAny = true
      }
      if !isAny {
        if !tellsWays { return true }
        ways.append(way)
      }
    } while way.advance() && !isStopped
    enabledWays = ways
    return !ways.isEmpty
  }

  private mutating func resume(_ choice: ChoicePoint) -> Int {
    let count = registers.count - RegisterLayout.constants
    let first = saved.count - count
    for place in 0..<count { registers[RegisterLayout.constants &+ place] = saved[first &+ place] }
    saved.removeLast(count)
    sends.removeLast(sends.count - choice.sends)
    chosen.removeLast(chosen.count - choice.chosen)
    chosenCodecs.removeLast(chosenCodecs.count - choice.chosenCodecs)
    effects.shrink(to: choice.effects)
    return choice.resume
  }
}

/// What a step was, for those who show it.
extension KernelWorker {
  /// Where and how a step failed.
  package func error(_ number: Int) -> ErrorSite { kernel.program.errors[number] }

  /// The step with the values that were chosen; `cause` has the message where one arrived.
  package func step(_ step: KernelStep, of instance: Int, receiving envelope: Envelope?) -> Step {
    guard let number = step.transition, let lowered = kernel.transitions[number] else {
      return .ignoredTimeout(instance: instance, timer: step.timer ?? 0)
    }
    var choices: [Value] = []
    let cause: Step.Cause
    switch kernel.model.transitions[number].trigger {
    case .internal: cause = .internal
    case .call:
      cause = .call
      choices = lowered.inputs.map { $0.codec.value(in: registers, at: $0.register) }
    case .timeout: cause = .timeout(timer: step.timer ?? 0)
    case .receive:
      guard let envelope else { preconditionFailure("a reception without a message") }
      cause = .receive(envelope)
    }
    var place = 0
    for number in chosenCodecs {
      let codec = kernel.program.codecs[number]
      choices.append(codec.value(in: chosen, at: place))
      place += codec.width
    }
    return .transition(instance: instance, transition: number, cause: cause, choices: choices)
  }
}
