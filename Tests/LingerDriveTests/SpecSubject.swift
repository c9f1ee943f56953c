import LingerConform
import LingerDrive
import LingerEval
import LingerKernel
import LingerModel

/// A subject that does what a spec says, by the reference evaluator: of the steps that are allowed
/// it takes any. With a mutation it does not, once.
final class SpecSubject: DrivenSubject {
  enum Mutation: CaseIterable {
    case outputDropped
    case outputRepeated
    case messageChanged
    case timersLate
  }

  private let subject: Subject
  private let model: Model
  private let evaluator: Evaluator
  private let mutation: Mutation?
  private let tellsState: Bool
  private var random = RandomNumbers(seed: 0)

  private var state: State.InstanceState
  private var now: Int64 = 0
  /// When each timer that runs was started, and when it is due.
  private var timers: [Int: (start: Int64, due: Int64)] = [:]
  private var reply = SubjectReply()
  private var outputsUntilMutation = 0

  /// Whether the spec says nothing about what happened, or it is not known what it says.
  private(set) var isLost = false
  /// Whether it could have done something else at some point.
  private(set) var hadChoice = false
  /// Whether the mutation has changed what came out.
  private(set) var hasMutated = false

  init(_ subject: Subject, tellsState: Bool = false, _ mutation: Mutation? = nil) {
    self.subject = subject
    self.mutation = mutation
    self.tellsState = tellsState
    model = subject.model
    evaluator = Evaluator(subject.model)
    state = evaluator.declaredState.instances[subject.instance]
  }

  var hasVirtualTime: Bool { true }

  func reset(seed: UInt64) -> SubjectReply {
    random = RandomNumbers(seed: seed)
    state = evaluator.declaredState.instances[subject.instance]
    now = 0
    timers = [:]
    isLost = false
    hadChoice = false
    hasMutated = false
    outputsUntilMutation = random.below(4)
    for (timer, duration) in subject.initialTimers { start(timer, subject.duration(duration)) }
    return settled()
  }

  func take(_ input: SubjectInput, at time: Int64) throws(SubjectFailure) -> SubjectReply {
    pass(to: time)
    switch input {
    case .advance: break
    case .receive(let message):
      guard let envelope = envelope(message) else { throw .unusable("no such message") }
      step(steps(.receive(envelope)))
    case .call(let name, let arguments):
      let possible = steps(.spontaneous).filter { isCall($0, name, arguments) }
      if possible.isEmpty, !isLost { throw .refused("not now") }
      step(possible)
    }
    return settled()
  }

  // Time.

  private func pass(to time: Int64) {
    var expiries = 0
    while !isLost, let due = timers.values.map(\.due).min(), due <= time {
      expiries += 1
      // Timers that go off for ever at one moment: no subject does what the spec says.
      if expiries > 1000 { isLost = true }
      now = max(now, due)
      let ready = timers.filter { $0.value.due <= now }.keys.sorted()
      if ready.count > 1 { hadChoice = true }
      let timer = random.pick(ready)
      step(steps(.spontaneous).filter { isExpiry($0, of: timer) }, expiring: timer)
    }
    now = max(now, time)
  }

  private func start(_ timer: Int, _ duration: Int64) {
    let late: Int64 = mutation == .timersLate ? 1_000_000 : 0
    timers[timer] = (now, now + duration + late)
  }

  // Steps.

  /// The steps that the evaluator allows now.
  private func steps(_ cause: LocalCause) -> [LocalStep] {
    if isLost { return [] }
    return evaluator.localSteps(
      of: subject.instance,
      local: state,
      cause: cause,
      copiesInFlight: { _ in 0 }
    ).filter { isPossible($0.elapsed) }
  }

  private func isPossible(_ condition: ElapsedCondition) -> Bool {
    condition.alternatives.contains { tests in
      tests.allSatisfy { test in
        guard let start = timers[test.timer]?.start else {
          isLost = true
          return false
        }
        guard let elapsed = Rational(Int(now - start), over: 1_000_000_000) else { return false }
        return test.isTrue(of: elapsed)
      }
    }
  }

  /// Takes one of some steps.
  private func step(_ possible: [LocalStep], expiring timer: Int? = nil) {
    let allowed = possible.filter { (try? $0.outcome.get()) != nil }
    if allowed.count < possible.count { hadChoice = true }
    guard !allowed.isEmpty else {
      isLost = true
      return
    }
    if allowed.count > 1 { hadChoice = true }
    let step = random.pick(allowed)
    guard case .success(let outcome) = step.outcome else { return }
    if let timer { timers[timer] = nil }
    state = outcome.state
    for effect in step.effects {
      if timer != nil, mutation == .timersLate { noteLate(effect) }
      emit(effect)
    }
    for timer in state.armed.indices where !state.armed[timer] { timers[timer] = nil }
  }

  private func noteLate(_ effect: Effect) {
    switch effect {
    case .send, .signal: hasMutated = true
    case .start, .cancel: break
    }
  }

  /// Sometimes a step by itself, then the reply.
  private func settled() -> SubjectReply {
    for _ in 0..<2 {
      // Timers that run for no time at all.
      pass(to: now)
      let internals = steps(.spontaneous).filter(isInternal)
      if internals.isEmpty { break }
      hadChoice = true
      if random.happens(60) { break }
      step(internals)
    }
    pass(to: now)
    defer { reply = SubjectReply() }
    reply.next = timers.values.map(\.due).min()
    if tellsState { reply.state = reportedState }
    return reply
  }

  private func isInternal(_ step: LocalStep) -> Bool {
    guard case .transition(_, _, .internal, _) = step.step else { return false }
    return true
  }

  private func isExpiry(_ step: LocalStep, of wanted: Int) -> Bool {
    switch step.step {
    case .transition(_, _, .timeout(timer: wanted), _), .ignoredTimeout(_, timer: wanted): true
    default: false
    }
  }

  private func isCall(_ step: LocalStep, _ name: String, _ arguments: [[Int]]) -> Bool {
    guard case .transition(_, let number, .call, let choices) = step.step,
      case .call(name, let parameters) = model.transitions[number].trigger
    else { return false }
    return zip(parameters, choices).map { parameter, value in
      ValueCodec(followed: parameter.type, in: model)?.registers(of: value)
    } == arguments
  }

  // What comes out.

  private func emit(_ effect: Effect) {
    let observation: Observation
    switch effect {
    case .send(let envelope, _):
      guard case .record(let record, _) = envelope.message,
        let values = subject.kernel.codec(ofRecord: record)?.registers(of: envelope.message)
      else {
        isLost = true
        return
      }
      observation = .output(SeenMessage(record: record, values: values))
    case .signal(_, let signal, let arguments):
      let fields = model.roles[subject.role].signals[signal].parameters
      var values: [Int] = []
      for (field, argument) in zip(fields, arguments) {
        guard let codec = ValueCodec(followed: field.type, in: model),
          let registers = codec.registers(of: argument)
        else {
          isLost = true
          return
        }
        values += registers
      }
      observation = .signal(signal, values)
    case .start(_, let timer, let duration):
      guard let exact = (duration * Rational(1_000_000_000)).roundedDown.integer else {
        isLost = true
        return
      }
      start(timer, Int64(exact))
      return
    case .cancel(_, let timer):
      timers[timer] = nil
      return
    }
    for observation in mutated(observation) {
      reply.outputs.append(SubjectReply.TimedOutput(time: now, observation))
    }
  }

  private func mutated(_ observation: Observation) -> [Observation] {
    defer { outputsUntilMutation -= 1 }
    guard outputsUntilMutation == 0 else { return [observation] }
    switch mutation {
    case nil, .timersLate: return [observation]
    case .outputDropped:
      hasMutated = true
      return []
    case .outputRepeated:
      hasMutated = true
      return [observation, observation]
    case .messageChanged:
      guard case .output(let message) = observation, let other = changed(message) else {
        outputsUntilMutation += 1
        return [observation]
      }
      hasMutated = true
      return [.output(other)]
    }
  }

  /// Another message of the same kind; nil where there is none.
  private func changed(_ message: SeenMessage) -> SeenMessage? {
    guard let count = model.cardinality(of: .record(message.record)), count > 1 else { return nil }
    let values = (0..<count).lazy.compactMap { [model, subject] number in
      let value = model.value(at: number, in: .record(message.record))
      return subject.kernel.codec(ofRecord: message.record)?.registers(of: value)
    }
    return values.first { $0 != message.values }
      .map { SeenMessage(record: message.record, values: $0) }
  }

  private func envelope(_ message: SeenMessage) -> Envelope? {
    guard let codec = subject.kernel.codec(ofRecord: message.record) else { return nil }
    let network = model.networks.firstIndex { network in
      network.routes.contains {
        $0.receiver == subject.role && $0.messages.contains(message.record)
      }
    }
    return network.map {
      Envelope(
        network: $0,
        sender: subject.sender(of: message),
        receiver: subject.instance,
        message: codec.value(in: message.values, at: 0)
      )
    }
  }

  private var reportedState: [ReportedVariable] {
    if isLost { return [] }
    let role = model.roles[subject.role]
    let places = subject.kernel.variables(ofRole: subject.role)
    return role.variables.indices.compactMap { number in
      guard !role.variables[number].isGhost,
        let values = places[number].codec.registers(of: state.variables[number])
      else { return nil }
      return ReportedVariable(variable: number, values: values)
    }
  }
}
