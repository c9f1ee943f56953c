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
    /// Its place among the moves that are remembered; nil for one that is not.
    var number: Int?
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

  /// With a clock for each message, whatever messages are told apart by.
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
  /// For each network whether it keeps copies.
  private let isCopied: [Bool]
  let probes: [Evaluator]
  /// Nil while it runs, and where the evaluator shall do all.
  var kernel: KernelMoves?
  /// What is remembered: by instance where it is, by what was asked.
  private var known: [[Int: Int]]
  private var answers: [Answer] = []
  /// How many moves are remembered.
  private(set) var moveCount = 0
  /// For each message its clock, as far as it was asked for.
  private var clockOfMessage: [Int?] = []
  /// Ends what is worked out here where a limit is reached.
  let stop: StopCheck
  /// The steps of one instance in one state, above which they are too many.
  let stepLimit: Int

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
    isCopied = model.networks.map { $0.discipline != .set }
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

  /// The number of the clock that tells a message's age.
  mutating func clock(ofMessage number: Int) -> Int {
    while clockOfMessage.count < envelopes.count { clockOfMessage.append(nil) }
    if let known = clockOfMessage[number] { return known }
    let clock = clocks.number(of: .message(envelopes[number]))
    clockOfMessage[number] = clock
    return clock
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
  func isCopied(_ envelope: Envelope) -> Bool { isCopied[envelope.network] }

  var parameterCount: Int { parameters.count }

  mutating func number(of clock: Clock) -> Int { clocks.number(of: clock) }

  /// Whether locations say everything that there is to say.
  var isExact: Bool { abstraction.isExact || !isAbstracted.contains(true) }

  /// Whether its network is one that an abstraction has a say in.
  func isAbstracted(_ envelope: Envelope) -> Bool { isAbstracted[envelope.network] }

  /// What an instance does, if it is remembered.
  func remembered(of instance: Int, in local: Int, receiving envelope: Int?) -> Answer? {
    known[instance][Self.question(local, envelope)].map { answers[$0] }
  }

  /// A local state, and a message or none.
  private static func question(_ local: Int, _ envelope: Int?) -> Int {
    local << 32 | (envelope.map { $0 + 1 } ?? 0)
  }

  /// What an instance does with a message, or by itself where there is none; `copies` tells how
  /// many are in flight of a message that is tracked.
  mutating func moves(
    of instance: Int,
    in local: Int,
    receiving envelope: Int?,
    copies: (Envelope) -> Int
  ) throws(ControlGraph.Unsupported) -> Answer {
    let asked = Self.question(local, envelope)
    if let known = known[instance][asked] { return answers[known] }
    let cause = envelope.map { LocalCause.receive(envelopes[$0]) } ?? .spontaneous
    var (answer, isConstant) =
      if kernel?.runs(cause, instance) == true {
        try runKernel(cause, instance, local, copies)
      } else {
        try runEvaluator(cause, instance, local, copies)
      }
    guard isConstant else { return answer }
    for index in answer.moves.indices {
      answer.moves[index].number = moveCount
      moveCount += 1
    }
    known[instance][asked] = answers.count
    answers.append(answer)
    return answer
  }

  mutating func send(_ envelope: Envelope) -> Change {
    let number = number(of: envelope)
    return .send(envelope: number, clock: isCopied(envelope) ? nil : clock(ofMessage: number))
  }

  func isUrgent(_ moves: [Move]) -> Bool {
    moves.contains { move in
      guard case .transition(_, let number, _, _) = move.step else { return false }
      return evaluator.model.transitions[number].isUrgent
    }
  }
}
