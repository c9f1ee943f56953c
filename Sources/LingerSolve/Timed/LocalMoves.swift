import LingerEval
import LingerModel

/// What instances do, worked out once and remembered, by numbers for local states and messages (as
/// the explorer does, docs/decisions/002).
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
  private(set) var counted: Set<Envelope> = []

  let evaluator: Evaluator
  private let parameters: DurationParameters
  private let abstraction: MessageAbstraction
  /// For each network whether messages may be untracked.
  private let isAbstracted: [Bool]
  private let probes: [Evaluator]
  private var known: [[Question: Answer]]
  /// Ends what is worked out here where a limit is reached.
  let stop: StopCheck
  /// The steps of one instance in one state, above which they are too many.
  private let stepLimit: Int

  /// What an instance does in a local state with a message, or by itself.
  private struct Question: Hashable {
    var local: Int
    var envelope: Int?
  }

  init(
    _ model: Model,
    _ parameters: DurationParameters,
    _ abstraction: MessageAbstraction,
    isAbstracted: [Bool],
    stepLimit: Int,
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
    let question = Question(local: local, envelope: envelope)
    if let known = known[instance][question] { return known }
    let cause = envelope.map { LocalCause.receive(envelopes[$0]) } ?? .spontaneous
    let (answer, isConstant) = try work(out: cause, instance, local, copies)
    if isConstant { known[instance][question] = answer }
    return answer
  }

  /// The steps of an instance, and whether they are the same wherever its local state is this one:
  /// a step may count messages.
  private mutating func work(
    out cause: LocalCause,
    _ instance: Int,
    _ local: Int,
    _ copies: (Envelope) -> Int
  ) throws(ControlGraph.Unsupported) -> (answer: Answer, isConstant: Bool) {
    let state = locals[instance][local]
    var read: Set<Envelope> = []
    func steps(_ evaluator: Evaluator) throws(ControlGraph.Unsupported) -> [LocalStep] {
      var result: [LocalStep] = []
      evaluator.forEachLocalStep(
        of: instance,
        local: state,
        cause: cause,
        copiesInFlight: { envelope in
          read.insert(envelope)
          return copies(envelope)
        }
      ) { step in
        result.append(step)
        if result.count > stepLimit {
          stop.end("more than \(stepLimit) steps lead on from one state")
        }
      }
      if let reason = stop.reason { throw ControlGraph.Unsupported(reason: reason) }
      return result
    }
    let found = try steps(evaluator)
    // Parameter values matter to durations only; see `durationComparison`.
    let readsDurations = found.contains { step in
      !step.elapsed.isAlways
        || step.effects.contains { if case .start = $0 { true } else { false } }
    }
    var probed: [[LocalStep]] = []
    for probe in probes where readsDurations { probed.append(try steps(probe)) }
    for probe in probed where probe.map(\.step) != found.map(\.step) {
      throw ControlGraph.Unsupported(reason: "a duration decides which steps are possible")
    }
    counted.formUnion(read.filter { !tracks($0) })
    var moves: [Move] = []
    for (index, step) in found.enumerated() {
      var move = Move(
        step: step.step,
        target: nil,
        changes: [],
        tests: try tests(step.elapsed, probed.map { $0[index].elapsed })
      )
      guard case .success(let outcome) = step.outcome else {
        moves.append(move)
        continue
      }
      move.target = locals[instance].number(of: outcome.state)
      for (position, effect) in step.effects.enumerated() {
        switch effect {
        case .start(_, let timer, _):
          let clock = clock(ofTimer: timer, of: instance)
          let bound = try bound(position, in: probed.map { $0[index].effects })
          move.changes.append(.arm(ControlGraph.Deadline(clock: clock, bound: bound)))
        case .cancel(_, let timer):
          move.changes.append(.disarm(clock(ofTimer: timer, of: instance)))
        case .send(let envelope, _):
          let clock = isCopied(envelope) ? nil : clock(of: envelope)
          move.changes.append(.send(envelope: number(of: envelope), clock: clock))
        case .signal: break
        }
      }
      moves.append(move)
    }
    let transitions = evaluator.model.transitions
    let isUrgent = found.contains { step in
      guard case .transition(_, let number, _, _) = step.step else { return false }
      return transitions[number].isUrgent
    }
    return (Answer(moves: moves, isUrgent: isUrgent), read.isEmpty)
  }

  /// What a guard demands of clocks, from what it is in each probe.
  private mutating func tests(
    _ condition: ElapsedCondition,
    _ probes: [ElapsedCondition]
  ) throws(ControlGraph.Unsupported) -> [[ControlGraph.ClockTest]] {
    for probe in probes where !probe.hasShape(of: condition) {
      throw ControlGraph.Unsupported(reason: "a duration decides which steps are possible")
    }
    var result: [[ControlGraph.ClockTest]] = []
    for (row, tests) in condition.alternatives.enumerated() {
      var way: [ControlGraph.ClockTest] = []
      for (column, test) in tests.enumerated() {
        let bound = parameters.term(
          fromProbes: probes.map { $0.alternatives[row][column].duration }
        )
        let clock = clock(ofTimer: test.timer, of: test.instance)
        way.append(.init(clock: clock, relation: .init(test.relation), bound: bound))
      }
      result.append(way)
    }
    return result
  }

  /// The linear term of a timer's duration, from what it is in each probe.
  private func bound(
    _ effect: Int,
    in probes: [[Effect]]
  ) throws(ControlGraph.Unsupported) -> LinearTerm {
    var values: [Rational] = []
    for probe in probes {
      guard probe.indices.contains(effect), case .start(_, _, let duration) = probe[effect] else {
        throw ControlGraph.Unsupported(reason: "a duration decides what a step does")
      }
      values.append(duration)
    }
    return parameters.term(fromProbes: values)
  }
}
