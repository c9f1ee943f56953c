import LingerEval
import LingerKernel
import LingerModel

/// The step kernel, with what it knows of local states as registers.
struct KernelMoves {
  private let model: Model
  private let kernel: StepKernel
  private var worker: KernelWorker
  private let runsSpontaneous: [Bool]
  /// By instance, then by record.
  private let runsReceptions: [[Bool]]
  /// By instance: numbers of local states by their registers, and the reverse.
  private var numbers: [[[Int]: Int]]
  private var registers: [[Int: [Int]]]
  /// The terms of durations, by their expressions.
  private var terms: [Expression: LinearTerm] = [:]

  /// A step as the kernel found it.
  struct Found {
    var step: Step
    /// Nil where the step ends in an error.
    var target: [Int]?
    var timers: [KernelEffects.TimerChange]
    var sends: [Envelope]
    /// When it is possible; nil for always.
    var ways: [KernelElapsedWay]?
  }

  init(_ model: Model, stop: StopCheck) {
    self.model = model
    let kernel = StepKernel(model, for: .timing)
    self.kernel = kernel
    worker = KernelWorker(kernel, stop: stop)
    runsSpontaneous = model.instances.indices.map { kernel.runs(spontaneousStepsOf: $0) }
    runsReceptions = model.instances.indices.map { instance in
      model.records.indices.map { kernel.runs(receptionOf: $0, by: instance) }
    }
    numbers = model.instances.map { _ in [:] }
    registers = model.instances.map { _ in [:] }
  }

  func runs(_ cause: LocalCause, _ instance: Int) -> Bool {
    guard case .receive(let envelope) = cause else { return runsSpontaneous[instance] }
    guard case .record(let record, _) = envelope.message else { return false }
    return runsReceptions[instance][record]
  }

  /// Hands over what an instance does, in the order of docs/semantics.md.
  mutating func forEach(
    _ cause: LocalCause,
    of instance: Int,
    in local: State.InstanceState,
    number: Int,
    copies: (Envelope) -> Int,
    _ visit: (Found) -> Void
  ) {
    let state = registers(of: local, number, instance)
    worker.setState(state, of: instance)
    let kernel = kernel
    func counted(_ message: KernelMessage) -> Int {
      guard let codec = kernel.codec(ofRecord: message.record) else { return 0 }
      return copies(
        Envelope(
          network: message.network,
          sender: message.sender,
          receiver: message.receiver,
          message: codec.value(in: message.values, at: 0)
        )
      )
    }
    guard case .receive(let envelope) = cause else {
      worker.forEachSpontaneousStep(of: instance, copies: counted) {
        visit(Self.found($0, $1, instance, nil, kernel))
      }
      return
    }
    guard case .record(let record, _) = envelope.message,
      let values = kernel.codec(ofRecord: record)?.registers(of: envelope.message)
    else { preconditionFailure("a message that the kernel does not hold") }
    worker.forEachReception(
      by: instance,
      of: SeenMessage(record: record, values: values),
      from: envelope.sender,
      copies: counted
    ) { visit(Self.found($0, $1, instance, envelope, kernel)) }
  }

  private static func found(
    _ worker: KernelWorker,
    _ step: KernelStep,
    _ instance: Int,
    _ envelope: Envelope?,
    _ kernel: StepKernel
  ) -> Found {
    let shown = worker.step(step, of: instance, receiving: envelope)
    if step.error != nil {
      return Found(step: shown, target: nil, timers: [], sends: [], ways: worker.enabledWays)
    }
    let sends = worker.sends.compactMap { send in
      kernel.codec(ofRecord: send.record).map {
        Envelope(
          network: send.network,
          sender: instance,
          receiver: send.receiver,
          message: $0.value(in: worker.values(of: send), at: 0)
        )
      }
    }
    return Found(
      step: shown,
      target: Array(worker.state(of: instance)),
      timers: worker.effects.timers,
      sends: sends,
      ways: worker.enabledWays
    )
  }

  private mutating func registers(
    of local: State.InstanceState,
    _ number: Int,
    _ instance: Int
  ) -> [Int] {
    if let known = registers[instance][number] { return known }
    var result: [Int] = []
    let variables = kernel.variables(ofRole: model.instances[instance].role)
    for ((_, codec), value) in zip(variables, local.variables) {
      guard let values = codec.registers(of: value) else {
        preconditionFailure("a value outside of its type")
      }
      result += values
    }
    result += local.armed.map { $0 ? 1 : 0 }
    note(result, number, instance)
    return result
  }

  private mutating func note(_ registers: [Int], _ number: Int, _ instance: Int) {
    self.registers[instance][number] = registers
    numbers[instance][registers] = number
  }

  /// The number of the local state that registers are; `give` gives one to a new state.
  mutating func number(
    of registers: [Int],
    _ instance: Int,
    _ give: (State.InstanceState) -> Int
  ) -> Int {
    if let known = numbers[instance][registers] { return known }
    let variables = kernel.variables(ofRole: model.instances[instance].role)
    let timers = worker.timerCount(of: instance)
    let state = State.InstanceState(
      variables: variables.map { $0.codec.value(in: registers, at: $0.register) },
      armed: registers.suffix(timers).map { $0 != 0 }
    )
    let number = give(state)
    note(registers, number, instance)
    return number
  }

  func duration(_ number: Int) -> Expression { kernel.durationTerms[number] }

  func question(_ number: Int) -> KernelElapsedQuestion { kernel.elapsedQuestions[number] }

  /// The linear term of a duration, from what it is in each probe.
  mutating func term(
    of duration: Expression,
    _ parameters: DurationParameters,
    _ probes: [Evaluator]
  ) throws(ControlGraph.Unsupported) -> LinearTerm {
    if let known = terms[duration] { return known }
    let values = probes.compactMap { $0.model.duration(duration) }
    guard values.count == probes.count else {
      throw ControlGraph.Unsupported(reason: "a duration decides what a step does")
    }
    let term = parameters.term(fromProbes: values)
    terms[duration] = term
    return term
  }
}

extension LocalMoves {
  /// The steps of an instance, and whether they are the same wherever its local state is this one:
  /// a step may count messages.
  mutating func runKernel(
    _ cause: LocalCause,
    _ instance: Int,
    _ local: Int,
    _ copies: (Envelope) -> Int
  ) throws(ControlGraph.Unsupported) -> (answer: Answer, isConstant: Bool) {
    guard var kernel = kernel.take() else { preconditionFailure("the kernel runs already") }
    defer { self.kernel = kernel }
    var read: Set<Envelope> = []
    var found: [KernelMoves.Found] = []
    func count(_ envelope: Envelope) -> Int {
      read.insert(envelope)
      return copies(envelope)
    }
    kernel.forEach(
      cause,
      of: instance,
      in: locals[instance][local],
      number: local,
      copies: count
    ) { step in
      found.append(step)
      if found.count > stepLimit {
        stop.end(
          .limit(.steps, stepLimit, "more than \(stepLimit) steps lead on from one state")
        )
      }
    }
    if let reason = stop.reason { throw ControlGraph.Unsupported(reason: reason) }
    counted.formUnion(read.filter { !tracks($0) })
    var moves: [Move] = []
    for one in found { moves.append(try move(one, instance, &kernel)) }
    return (Answer(moves: moves, isUrgent: isUrgent(moves)), read.isEmpty)
  }

  private mutating func move(
    _ found: KernelMoves.Found,
    _ instance: Int,
    _ kernel: inout KernelMoves
  ) throws(ControlGraph.Unsupported) -> Move {
    let tests = try tests(found.ways, instance, &kernel)
    var move = Move(step: found.step, target: nil, changes: [], tests: tests)
    guard let target = found.target else { return move }
    move.target = kernel.number(of: target, instance) { number(ofLocal: $0, of: instance) }
    var timers = found.timers[...]
    for (place, envelope) in found.sends.enumerated() {
      while let timer = timers.first, timer.sendsBefore <= place {
        move.changes.append(try change(timer, instance, &kernel))
        timers.removeFirst()
      }
      move.changes.append(send(envelope))
    }
    for timer in timers { move.changes.append(try change(timer, instance, &kernel)) }
    return move
  }

  private mutating func change(
    _ change: KernelEffects.TimerChange,
    _ instance: Int,
    _ kernel: inout KernelMoves
  ) throws(ControlGraph.Unsupported) -> Change {
    let clock = clock(ofTimer: change.timer, of: instance)
    guard let duration = change.duration else { return .disarm(clock) }
    let bound = try kernel.term(of: kernel.duration(duration), parameters, probes)
    return .arm(ControlGraph.Deadline(clock: clock, bound: bound))
  }

  /// What a guard demands of clocks.
  private mutating func tests(
    _ ways: [KernelElapsedWay]?,
    _ instance: Int,
    _ kernel: inout KernelMoves
  ) throws(ControlGraph.Unsupported) -> [[ControlGraph.ClockTest]] {
    guard let ways else { return [[]] }
    // The kernel counts answers from 0.
    let alternatives = ElapsedAlternatives(
      ways.map { Array(zip($0.questions, $0.answers.map { $0 - 1 })) }
    )
    var result: [[ControlGraph.ClockTest]] = []
    for row in alternatives.rows {
      var way: [ControlGraph.ClockTest] = []
      for (number, relation) in row {
        let question = kernel.question(number)
        let bound = try kernel.term(of: question.duration, parameters, probes)
        let clock = clock(ofTimer: question.timer, of: instance)
        way.append(.init(clock: clock, relation: .init(relation), bound: bound))
      }
      result.append(way)
    }
    return result
  }
}
