package import LingerModel

/// What a step did beside the state: what somebody who follows an implementation compares.
package struct KernelEffects: Sendable {
  package struct Start: Sendable {
    package var timer: Int
    /// Its number in ``StepKernel/durations``.
    package var duration: Int
  }

  package struct Signal: Sendable {
    package var signal: Int
    /// How many messages were sent before it.
    package var sendsBefore: Int
    /// Its arguments in ``values``, one behind the other.
    package var values: Range<Int>
  }

  package internal(set) var starts: [Start] = []
  package internal(set) var signals: [Signal] = []
  /// The message of each send in ``values``; in the order of the worker's sends.
  package internal(set) var sends: [Range<Int>] = []
  /// Messages and arguments as registers.
  package internal(set) var values: [Int] = []

  struct Mark {
    var starts: Int
    var signals: Int
    var sends: Int
    var values: Int
  }

  var mark: Mark {
    Mark(starts: starts.count, signals: signals.count, sends: sends.count, values: values.count)
  }

  mutating func shrink(to mark: Mark) {
    starts.removeLast(starts.count - mark.starts)
    signals.removeLast(signals.count - mark.signals)
    sends.removeLast(sends.count - mark.sends)
    values.removeLast(values.count - mark.values)
  }

  mutating func removeAll() {
    if starts.isEmpty, signals.isEmpty, values.isEmpty, sends.isEmpty { return }
    starts.removeAll(keepingCapacity: true)
    signals.removeAll(keepingCapacity: true)
    sends.removeAll(keepingCapacity: true)
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
    return receive(
      by: instance,
      message.record,
      Self.noCopies,
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
  private static var noCopies: CopyCount { { _, _, _, _, _ in 0 } }

  /// The value at a place among those that a site reads off the message that was seen.
  func hint(_ site: Int, _ place: Int, _ arithmetic: some RegisterArithmetic) -> Int? {
    guard let seen else { return nil }
    let values = kernel.program.hints[site].values(in: seen, arithmetic.isEqual)
    return values.dropFirst(place).first
  }
}

extension StepKernel {
  /// How long timers are started for, by the numbers in ``KernelEffects``.
  package var durations: [Rational] { program.durations }

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
