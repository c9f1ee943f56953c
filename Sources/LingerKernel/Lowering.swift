import LingerDiagnostics
import LingerModel

/// A transition as the kernel runs it.
struct LoweredTransition: Sendable {
  /// Where the guard's code begins; nil without a guard.
  var guardStart: Int?
  var bodyStart = 0
  /// The place behind its code.
  var end = 0
  /// The registers that the trigger fills, each with its codec: parameters of a call in order; the
  /// message; the index of a timer.
  var inputs: [(register: Int, codec: ValueCodec)] = []
  /// Holds the sender of the message.
  var sender: Int?
  /// Whether the guard asks how long a timer has been running.
  var readsElapsed = false
}

/// Where everything lies in the registers.
///
/// Constants come first and never change. Then the instance's own state, the same for each
/// transition of its role: variables, a flag for each timer, the timers that this step served (a
/// bit for each) and the instance itself. Locals and scratch of the transition follow.
struct RegisterLayout: Sendable {
  /// Room for constants: enough for any spec that people write; one with more is not lowered.
  static let constants = 1024
  static let mostTimers = 62

  let variables: [Int]
  let codecs: [ValueCodec]
  let numberings: [ValueNumbering]
  let timers: Range<Int>
  let served: Int
  let current: Int
  /// The first register after the instance's own.
  let end: Int

  init(of role: Role, in model: Model) throws(ValueCodec.Unsupported) {
    var next = Self.constants
    var variables: [Int] = []
    var codecs: [ValueCodec] = []
    for variable in role.variables {
      let codec = try ValueCodec(variable.type, in: model)
      variables.append(next)
      codecs.append(codec)
      next += codec.width
    }
    guard role.timers.count <= Self.mostTimers else {
      throw ValueCodec.Unsupported(reason: "more than \(Self.mostTimers) timers")
    }
    self.variables = variables
    self.codecs = codecs
    numberings = codecs.map { ValueNumbering($0) }
    timers = next..<(next + role.timers.count)
    served = timers.upperBound
    current = served + 1
    end = current + 1
  }
}

/// The code that all transitions share, and what it refers to by number.
struct KernelProgram: Sendable {
  var code: [Instruction] = []
  var errors: [ErrorSite] = []
  var codecs: [ValueCodec] = []
  var kinds: [MessageKind] = []
  /// The codec of each kind's record, by its number in ``codecs``.
  var kindCodecs: [Int] = []
  var questions: [KernelElapsedQuestion] = []
  var constants: [Int] = []
  private var constantPlaces: [Int: Int] = [:]
  /// For each kind whether its messages have numbers.
  var kindIsNumbered: [Bool] = []
  var purpose = KernelPurpose.exploring
  var isFollowing: Bool { purpose == .following }
  /// The durations that timers are started for; where time is explored ``durationTerms`` are.
  var durations: [Rational] = []
  /// The same without places, as expressions of the parameters.
  var durationTerms: [Expression] = []
  /// Where a `choose` takes its value from the message that was seen.
  var hints: [HintSite] = []
  /// Registers in all.
  var registerCount = RegisterLayout.constants

  mutating func constant(_ value: Int) throws(ValueCodec.Unsupported) -> Int {
    if let place = constantPlaces[value] { return place }
    constantPlaces[value] = constants.count
    return try table([value])
  }

  mutating func number(of duration: Rational) -> Int {
    if let known = durations.firstIndex(of: duration) { return known }
    durations.append(duration)
    return durations.count - 1
  }

  mutating func number(ofTerm duration: Expression) -> Int {
    let term = duration.withoutSpans
    if let known = durationTerms.firstIndex(of: term) { return known }
    durationTerms.append(term)
    return durationTerms.count - 1
  }

  /// Constants one behind the other.
  mutating func table(_ values: [Int]) throws(ValueCodec.Unsupported) -> Int {
    guard constants.count + values.count <= RegisterLayout.constants else {
      throw ValueCodec.Unsupported(reason: "too many constants")
    }
    constants += values
    return constants.count - values.count
  }
}

/// Translates guards and bodies of one role's transitions into instructions.
///
/// What it cannot translate it throws as unsupported; the reference evaluator runs that instead.
/// The order in which parts are worked out is the evaluator's, so that of several errors the same
/// one is met first.
struct Lowering {
  typealias Unsupported = ValueCodec.Unsupported

  let model: Model
  let layout: RegisterLayout
  /// Whose body is being translated.
  let role: Role
  let roleNumber: Int
  var program: KernelProgram
  /// The register of each local slot, once it has one, and its codec.
  var locals: [(register: Int, codec: ValueCodec)?] = []
  /// The next free register.
  var free = 0
  /// What the transition at hand takes from the messages that it sends.
  var hidden = HiddenValues()

  init(_ role: Int, of model: Model, layout: RegisterLayout, program: KernelProgram) {
    roleNumber = role
    self.role = model.roles[role]
    self.model = model
    self.layout = layout
    self.program = program
  }

  mutating func lower(_ transition: Transition) throws(Unsupported) -> LoweredTransition {
    var result = LoweredTransition()
    locals = Array(repeating: nil, count: transition.localCount)
    free = layout.end
    switch transition.trigger {
    case .internal: break
    case .call(_, let parameters):
      for parameter in parameters {
        result.inputs.append(try input(parameter.slot, parameter.type))
      }
    case .timeout(_, let index):
      if let index { result.inputs.append(try input(index.slot, index.type)) }
    case .receive(let record, let message, let sender):
      if let record { result.inputs.append(try input(message, .record(record))) }
      let register = try allocate(1)
      locals[sender] = (register, .anyInteger)
      result.sender = register
    }
    if program.isFollowing { hidden = HiddenValues(of: transition, in: model) }
    if let condition = transition.guardCondition {
      result.readsElapsed = condition.readsElapsed
      result.guardStart = program.code.count
      emit(.answer, try lower(condition).register)
    }
    result.bodyStart = program.code.count
    try lower(transition.body)
    emit(.end)
    result.end = program.code.count
    return result
  }

  private mutating func input(
    _ slot: Int,
    _ type: ModelType
  ) throws(Unsupported) -> (register: Int, codec: ValueCodec) {
    let codec = try ValueCodec(type, in: model)
    let input = (register: try allocate(codec.width), codec: codec)
    locals[slot] = input
    return input
  }

  mutating func allocate(_ count: Int) throws(Unsupported) -> Int {
    let register = free
    free += count
    program.registerCount = max(program.registerCount, free)
    guard free < 1 << 14 else { throw Unsupported(reason: "a large body") }
    return register
  }

  mutating func emit(
    _ operation: Instruction.Operation,
    _ a: Int = 0,
    _ b: Int = 0,
    _ c: Int = 0,
    _ d: Int = 0,
    _ e: Int = 0,
    _ f: Int = 0
  ) {
    program.code.append(Instruction(operation, a, b, c, d, e, f))
  }

  mutating func error(_ kind: SpecError.Kind, at span: Span) -> Int {
    program.errors.append(ErrorSite(kind: kind, span: span))
    return program.errors.count - 1
  }

  mutating func number(of codec: ValueCodec) -> Int {
    program.codecs.append(codec)
    return program.codecs.count - 1
  }

  mutating func kind(network: Int, record: Int) throws(Unsupported) -> Int {
    program.kinds.append(MessageKind(network: network, record: record))
    let codec = try ValueCodec(.record(record), in: model)
    program.kindCodecs.append(number(of: codec))
    program.kindIsNumbered.append(codec.valueCount != nil)
    return program.kinds.count - 1
  }

  /// A jump whose target is not known yet.
  struct OpenJump {
    var place: Int
  }

  mutating func openJump(
    _ operation: Instruction.Operation,
    on condition: Int = 0
  ) -> OpenJump {
    emit(operation, 0, condition)
    return OpenJump(place: program.code.count - 1)
  }

  /// Lets a jump lead here.
  mutating func close(_ jump: OpenJump) { program.code[jump.place].a = Int32(program.code.count) }

  var here: Int { program.code.count }
}
