import LingerEval
import LingerKernel
import LingerModel

/// What instances do, worked out once and remembered, by numbers for local states and messages (as
/// the explorer does, docs/decisions/002). The step kernel works it out; what that leaves to the
/// evaluator is in `LocalMoves+Evaluator.swift`.
struct LocalMoves {
  /// A step of one instance in one local state.
  struct Move {
    var step: Step
    /// Number of the local state afterwards; nil where the step ends in an error.
    var target: Int?
    var changes: [Change]
    /// The ways in which its guard is true: what each demands of clocks.
    var tests: [[ControlGraph.ClockTest]] = [[]]
  }

  /// What an instance does.
  struct Answer {
    var moves: [Move]
    /// Whether an urgent transition is enabled.
    var isUrgent: Bool
  }

  /// What a step does outside of the local state, in order.
  enum Change {
    case arm(ControlGraph.Deadline)
    case disarm(Int)
    /// The clock is that of a value in a growing set.
    case send(envelope: Int, clock: Int?)
  }

  private(set) var clocks = Numbering<Clock>()
  private(set) var locals: [Numbering<State.InstanceState>]
  private(set) var envelopes = Numbering<Envelope>()
  /// Messages that a step has counted and of which a location does not say whether they were sent.
  var counted: Set<Envelope> = []

  let evaluator: Evaluator
  let parameters: DurationParameters
  private let abstraction: MessageAbstraction
  /// For each network whether messages may be untracked.
  private let isAbstracted: [Bool]
  let probes: [Evaluator]
  /// Nil while it runs, and where the evaluator shall do all.
  var kernel: KernelMoves?
  private var known: [[Key: Answer]]
  /// Ends what is worked out here where a limit is reached.
  let stop: StopCheck
  /// The steps of one instance in one state, above which they are too many.
  let stepLimit: Int

  /// What was asked: a local state, and a message or none.
  private struct Key: Hashable {
    var local: Int
    var envelope: Int?
  }

  init(
    _ model: Model,
    _ parameters: DurationParameters,
    _ abstraction: MessageAbstraction,
    isAbstracted: [Bool],
    stepLimit: Int,
    usesKernel: Bool = true,
    stop: StopCheck
  ) {
    self.stop = stop
    self.stepLimit = stepLimit
    self.parameters = parameters
    self.abstraction = abstraction
    self.isAbstracted = isAbstracted
    evaluator = Evaluator(model, stop: stop, takesNegativeDurations: true)
    probes = parameters.probes(model).map {
      Evaluator($0, stop: stop, takesNegativeDurations: true)
    }
    locals = model.instances.map { _ in Numbering() }
    known = model.instances.map { _ in [:] }
    if usesKernel { kernel = KernelMoves(model, stop: stop) }
  }

  mutating func number(ofLocal state: State.InstanceState, of instance: Int) -> Int {
    locals[instance].number(of: state)
  }

  mutating func number(of envelope: Envelope) -> Int { envelopes.number(of: envelope) }

  /// The number of the clock that a message's age is read from.
  mutating func clock(of envelope: Envelope) -> Int {
    clocks.number(of: isExact(envelope) ? .message(envelope) : abstraction.clock(of: envelope))
  }

  /// The clock that tells whether a bound is below zero, if it can be.
  mutating func clock(ofShortfall bound: LinearTerm) -> Int? {
    guard bound.constant < .zero || bound.coefficients.contains(where: { $0 < .zero }) else {
      return nil
    }
    return clocks.number(of: .shortfall(LinearTerm.zero(bound.coefficients.count) - bound))
  }

  mutating func clock(ofTimer timer: Int, of instance: Int) -> Int {
    clocks.number(of: .timer(instance: instance, timer: timer))
  }

  /// What runs from the start; every clock is at 0 then.
  mutating func initialDeadlines() throws(ControlGraph.Unsupported) -> [ControlGraph.Deadline] {
    let starts = probes.map(\.model.initialStarts)
    guard let first = starts.first ?? evaluator.model.initialStarts, !first.isEmpty else {
      return []
    }
    var deadlines: [ControlGraph.Deadline] = []
    for (index, start) in first.enumerated() {
      let durations = starts.compactMap { $0?[index].duration }
      guard durations.count == starts.count else {
        throw ControlGraph.Unsupported(reason: "the duration of a timer cannot be evaluated")
      }
      let bound = parameters.term(fromProbes: durations)
      let clock = clock(ofTimer: start.timer, of: start.instance)
      deadlines.append(ControlGraph.Deadline(clock: clock, bound: bound))
    }
    return deadlines.sorted { $0.clock < $1.clock }
  }

  /// Whether locations say if a message was sent.
  func tracks(_ envelope: Envelope) -> Bool {
    !isAbstracted[envelope.network] || abstraction.tracks(envelope)
  }

  /// Whether its network keeps copies, and no set of values.
  func isCopied(_ envelope: Envelope) -> Bool {
    evaluator.model.networks[envelope.network].discipline != .set
  }

  var parameterCount: Int { parameters.count }

  mutating func number(of clock: Clock) -> Int { clocks.number(of: clock) }

  /// Whether locations say everything that there is to say.
  var isExact: Bool { abstraction.isExact || !isAbstracted.contains(true) }

  /// Whether its network is one that an abstraction has a say in.
  func isAbstracted(_ envelope: Envelope) -> Bool { isAbstracted[envelope.network] }

  private func isExact(_ envelope: Envelope) -> Bool { !isAbstracted[envelope.network] }

  /// What an instance does with a message, or by itself where there is none; `copies` tells how
  /// many are in flight of a message that is tracked.
  mutating func moves(
    of instance: Int,
    in local: Int,
    receiving envelope: Int?,
    copies: (Envelope) -> Int
  ) throws(ControlGraph.Unsupported) -> Answer {
    let key = Key(local: local, envelope: envelope)
    if let known = known[instance][key] { return known }
    let cause = envelope.map { LocalCause.receive(envelopes[$0]) } ?? .spontaneous
    let (answer, isConstant) =
      if kernel?.runs(cause, instance) == true {
        try runKernel(cause, instance, local, copies)
      } else {
        try runEvaluator(cause, instance, local, copies)
      }
    if isConstant { known[instance][key] = answer }
    return answer
  }

  func isUrgent(_ moves: [Move]) -> Bool {
    moves.contains { move in
      guard case .transition(_, let number, _, _) = move.step else { return false }
      return evaluator.model.transitions[number].isUrgent
    }
  }
}
