package import LingerModel

/// What a step did beside the state, for those who follow an implementation or explore time.
package struct KernelEffects: Sendable {
  package struct TimerChange: Sendable {
    package var timer: Int
    /// Its number in ``StepKernel/durations`` or ``StepKernel/durationTerms``; nil where the timer
    /// was cancelled, which is noted in time only.
    package var duration: Int?
    /// How many messages were sent before it.
    package var sendsBefore: Int
  }

  package struct Signal: Sendable {
    package var signal: Int
    /// How many messages were sent before it.
    package var sendsBefore: Int
    /// Its arguments in ``values``, one behind the other.
    package var values: Range<Int>
  }

  package internal(set) var timers: [TimerChange] = []
  package internal(set) var signals: [Signal] = []
  /// Messages and arguments as registers.
  package internal(set) var values: [Int] = []

  struct Mark {
    var timers: Int
    var signals: Int
    var values: Int
  }

  var mark: Mark {
    Mark(timers: timers.count, signals: signals.count, values: values.count)
  }

  mutating func note(timer: Int, duration: Int?, sendsBefore: Int) {
    timers.append(TimerChange(timer: timer, duration: duration, sendsBefore: sendsBefore))
  }

  mutating func shrink(to mark: Mark) {
    timers.removeLast(timers.count - mark.timers)
    signals.removeLast(signals.count - mark.signals)
    values.removeLast(values.count - mark.values)
  }

  mutating func removeAll() {
    if timers.isEmpty, signals.isEmpty, values.isEmpty { return }
    timers.removeAll(keepingCapacity: true)
    signals.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
  }
}

/// A message that was seen: its record, and its fields as registers.
package struct SeenMessage: Hashable, Sendable {
  package var record: Int
  package var values: [Int]

  package init(record: Int, values: [Int]) {
    self.record = record
    self.values = values
  }
}

/// Running single transitions, with the state and what triggers them given as registers.
extension KernelWorker {
  /// An instance's state at the start, as registers: its variables, then a flag for each timer.
  package func initialState(of instance: Int) -> [Int] {
    let layout = layout(of: instance)
    let role = kernel.model.roles[kernel.model.instances[instance].role]
    let values = zip(layout.codecs, kernel.model.instances[instance].initial).flatMap {
      $0.registers(of: $1) ?? []
    }
    return values + role.timers.map { $0.initial == nil ? 0 : 1 }
  }

  /// The state that stands in the registers now.
  package func state(of instance: Int) -> ArraySlice<Int> {
    registers[RegisterLayout.constants..<layout(of: instance).served]
  }

  package func timerCount(of instance: Int) -> Int { layout(of: instance).timers.count }

  package mutating func setState(_ state: [Int], of instance: Int) {
    precondition(state.count == layout(of: instance).served - RegisterLayout.constants)
    for (place, value) in state.enumerated() {
      registers[RegisterLayout.constants &+ place] = value
    }
  }

  /// Hands over the steps that one transition takes by itself or on a call. The state must have
  /// been put in.
  ///
  /// - Parameters:
  ///   - number: the transition.
  ///   - instance: who takes it.
  ///   - arguments: those of the call, each as registers.
  ///   - seen: the message that hidden values are read off, if one was seen.
  ///   - visit: is given the worker, in whose registers the step's result stands, and the step.
  /// - Returns: whether the transition is enabled, whatever values it chooses.
  @discardableResult
  package mutating func forEachStep(
    of number: Int,
    by instance: Int,
    arguments: [[Int]] = [],
    seeing seen: SeenMessage?,
    _ visit: (KernelWorker, KernelStep) -> Void
  ) -> Bool {
    let layout = begin(instance)
    self.seen = seen
    for (input, values) in zip(kernel.transitions[number]?.inputs ?? [], arguments) {
      for (place, value) in values.enumerated() { registers[input.register &+ place] = value }
    }
    return attempt(number, layout, Self.noCopies, visit) != .never
  }

  /// Hands over what happens when a timer expires; one that no transition takes goes off alone. The
  /// state must have been put in.
  package mutating func forEachExpiry(
    of timer: Int,
    by instance: Int,
    seeing seen: SeenMessage?,
    _ visit: (KernelWorker, KernelStep) -> Void
  ) {
    let layout = begin(instance)
    self.seen = seen
    let role = kernel.model.roles[kernel.model.instances[instance].role]
    timeout(timer, role, layout, Self.noCopies, visit)
  }

  /// Hands over what an instance does with a message that arrives; false where no transition takes
  /// it. The state must have been put in.
  @discardableResult
  package mutating func forEachReception(
    by instance: Int,
    of message: SeenMessage,
    from sender: Int,
    seeing seen: SeenMessage?,
    _ visit: (KernelWorker, KernelStep) -> Void
  ) -> Bool {
    self.seen = seen
    return forEachReception(by: instance, of: message, from: sender, copies: Self.noCopies, visit)
  }

  /// The same where messages in flight are known.
  @discardableResult
  package mutating func forEachReception(
    by instance: Int,
    of message: SeenMessage,
    from sender: Int,
    copies: CopyCount,
    _ visit: (KernelWorker, KernelStep) -> Void
  ) -> Bool {
    receive(
      by: instance,
      message.record,
      copies,
      { worker, number in
        guard let lowered = worker.kernel.transitions[number] else { return }
        if let input = lowered.inputs.first {
          for (place, value) in message.values.enumerated() {
            worker.registers[input.register &+ place] = value
          }
        }
        if let register = lowered.sender { worker.registers[register] = sender }
      },
      visit
    )
  }

  /// Who follows one party does not know what is on its way; ``StepKernel/unfollowable(_:)``
  /// refuses transitions that ask.
  private static var noCopies: CopyCount { { _ in 0 } }

  /// The fields of a message that the step sends, as registers; for kernels that note them.
  package func values(of send: KernelSend) -> [Int] { Array(effects.values[send.values]) }

  /// The value at a place among those that a site reads off the message that was seen; without
  /// one, among the guesses.
  func hint(_ site: Int, _ place: Int, _ arithmetic: some RegisterArithmetic) -> Int? {
    guard let seen else { return guesses.dropFirst(place).first }
    let values = kernel.program.hints[site].values(in: seen, arithmetic.isEqual)
    return values.dropFirst(place).first
  }
}

extension StepKernel {
  /// How long timers are started for, by the numbers in ``KernelEffects``.
  package var durations: [Rational] { program.durations }

  /// The same as expressions of the parameters, of a kernel for timing.
  package var durationTerms: [Expression] { program.durationTerms }

  /// What guards ask about elapsed time, by the numbers in ``KernelElapsedWay``.
  package var elapsedQuestions: [KernelElapsedQuestion] { program.questions }

  /// The registers of a message's fields, and what they mean.
  package func codec(ofRecord record: Int) -> ValueCodec? {
    try? ValueCodec(.record(record), in: model)
  }

  /// Whether some hidden value is read off messages.
  package var hasHints: Bool { !program.hints.isEmpty }

  /// How a role's variables lie in its state: the first register of each, and its codec.
  package func variables(ofRole role: Int) -> [(register: Int, codec: ValueCodec)] {
    guard let layout = layouts[role] else { return [] }
    return zip(layout.variables, layout.codecs).map {
      ($0 - RegisterLayout.constants, $1)
    }
  }

  /// Registers that a role's state has, timers' flags at the end.
  package func stateWidth(ofRole role: Int) -> Int {
    layouts[role].map { $0.served - RegisterLayout.constants } ?? 0
  }
}
