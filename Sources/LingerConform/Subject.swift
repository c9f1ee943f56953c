package import LingerDiagnostics
package import LingerKernel
package import LingerModel

/// One instance of a spec, compiled to be followed from outside.
///
/// Whoever follows it sees its messages, and perhaps its signals, the calls of its application and
/// the values of its variables. What they do not see is *hidden*: internal steps, timers, the
/// moment at which a message is taken.
package struct Subject: Sendable {
  package let model: Model
  package let instance: Int
  package let kernel: StepKernel
  /// What its variables may begin with.
  let beginnings: [[Value]]
  /// Transitions that happen by themselves.
  let internals: [Int]
  /// Calls of the application, by transition.
  let calls: [Call]
  /// The transitions on each timer's expiry.
  let timeouts: [[Int]]
  /// By record: who sends such messages to the subject, the first other instance that may.
  let senders: [Int]
  /// How long timers run, in nanoseconds, rounded down and up; by the kernel's numbers.
  let durations: [ClosedRange<Int64>]
  /// What guards ask about the time since a timer's start, by the kernel's numbers; and by timer of
  /// the subject's the numbers of what they ask about it.
  let elapsedTimes: [ElapsedTime]
  let asked: [[Int]]

  /// By transition: whether no step of it is unseen.
  let alwaysSends: [Bool]
  /// Timers whose expiry sends something: what is due then would be seen.
  let timersThatSend: Set<Int>
  /// The register of the variable whose values tell people where the subject is: the first of an
  /// enum type.
  let watched: Int?
  private let tellsHistory: Bool
  /// The register whose values explanations remember; nil for none.
  var remembered: Int? { tellsHistory ? watched : nil }

  struct Call: Sendable {
    var transition: Int
    var name: String
    var parameters: [Parameter]
  }

  struct Parameter: Sendable {
    var name: String
    var type: ModelType
    var codec: ValueCodec
    /// Where it is read off what is sent; nil where its values are tried.
    var hint: HintSite?
  }

  package var role: Int { model.instances[instance].role }

  /// Compiles an instance to be followed; fails where its steps depend on what only the whole
  /// system knows, or a hidden value has too many possibilities and stands in no message.
  ///
  /// - Parameters:
  ///   - instance: which one.
  ///   - model: the spec.
  ///   - kernel: its steps, compiled to be followed, where they are there already.
  ///   - tellsHistory: whether explanations are told apart by how they came about.
  ///   - beginnings: what its variables may begin with, where that is open.
  /// - Throws: why it cannot be followed, with the place.
  package init(
    _ instance: Int,
    of model: Model,
    sharing kernel: StepKernel? = nil,
    tellsHistory: Bool = true,
    beginnings: [[Value]]? = nil
  ) throws(Unfollowable) {
    if let variable = model.instances[instance].open.first, beginnings == nil {
      let role = model.roles[model.instances[instance].role]
      throw Unfollowable(
        "'\(role.variables[variable].name)' begins with any of too many values to be tried",
        at: role.variables[variable].span
      )
    }
    let kernel = kernel ?? StepKernel(model, for: .following)
    self.tellsHistory = tellsHistory
    let role = model.instances[instance].role
    for number in model.roles[role].transitions {
      let transition = model.transitions[number]
      if let place = transition.placeBeyondItself {
        throw Unfollowable(
          "'\(transition.name)' asks for the state of another instance or of the network",
          at: place
        )
      }
      if let reason = kernel.reasons[number] {
        throw Unfollowable("'\(transition.name)' has \(reason)", at: transition.span)
      }
    }
    self.model = model
    self.instance = instance
    self.kernel = kernel
    self.beginnings = beginnings ?? [model.instances[instance].initial]
    var internals: [Int] = []
    var calls: [Call] = []
    var timeouts = [[Int]](repeating: [], count: model.roles[role].timers.count)
    for number in model.roles[role].transitions {
      let transition = model.transitions[number]
      switch transition.trigger {
      case .internal: internals.append(number)
      case .call: calls.append(try Self.call(number, transition, model))
      case .timeout(let timers, _): for timer in timers { timeouts[timer].append(number) }
      case .receive: continue
      }
    }
    senders = model.senders(to: instance)
    self.internals = internals
    self.calls = calls
    self.timeouts = timeouts
    alwaysSends = model.transitions.map { $0.body.alwaysSends }
    timersThatSend = Set(
      timeouts.indices.filter { timer in
        timeouts[timer].contains { model.transitions[$0].body.contains(where: \.sends) }
      }
    )
    durations = kernel.durations.map(\.nanoseconds)
    let ownRole = model.instances[instance].role
    elapsedTimes = kernel.elapsedQuestions.map { ElapsedTime($0, model) }
    var asked: [[Int]] = []
    for (number, question) in kernel.elapsedQuestions.enumerated() where question.role == ownRole {
      while asked.count <= question.timer { asked.append([]) }
      asked[question.timer].append(number)
    }
    self.asked = asked
    watched =
      kernel.variables(ofRole: role).first { variable in
        if case .enumeration = variable.codec { true } else { false }
      }?.register
  }

  private static func call(
    _ number: Int,
    _ transition: Transition,
    _ model: Model
  ) throws(Unfollowable) -> Call {
    guard case .call(let name, let parameters) = transition.trigger else {
      preconditionFailure("not a call")
    }
    let hidden = HiddenValues(of: transition, in: model)
    var result: [Parameter] = []
    for parameter in parameters {
      guard let codec = ValueCodec(followed: parameter.type, in: model) else {
        throw Unfollowable(
          "'\(parameter.name)' has values of a kind that is not followed",
          at: transition.span
        )
      }
      let isFew = (codec.valueCount ?? .max) <= HiddenValues.fewValues
      result.append(
        Parameter(
          name: parameter.name,
          type: parameter.type,
          codec: codec,
          hint: isFew ? nil : hidden.hint(for: parameter)
        )
      )
    }
    return Call(transition: number, name: name, parameters: result)
  }

  /// The watched variable's codec and register.
  package var watchedVariable: (register: Int, codec: ValueCodec)? {
    kernel.variables(ofRole: role).first { $0.register == watched }
  }

  /// Hands over the first message of each step that a transition takes: by itself, on a call, on a
  /// timer or on the message given. The state must have been put into the worker.
  package func forEachOutput(
    of transition: Int,
    in worker: inout KernelWorker,
    seeing seen: SeenMessage,
    taking message: SeenMessage?,
    _ visit: (SeenMessage) -> Void
  ) {
    func tell(_ worker: KernelWorker, _ step: KernelStep) {
      let followed = FollowedStep(worker, step, of: instance)
      guard step.error == nil, followed.transition == transition else { return }
      for case .message(let message) in followed.outputs.prefix(1) { visit(message) }
    }
    switch model.transitions[transition].trigger {
    case .internal: worker.forEachStep(of: transition, by: instance, seeing: seen, tell)
    case .call:
      for call in calls where call.transition == transition {
        for arguments in call.arguments(seeing: seen) {
          worker.forEachStep(
            of: transition,
            by: instance,
            arguments: arguments,
            seeing: seen,
            tell
          )
        }
      }
    case .timeout(let timers, _):
      for timer in timers { worker.forEachExpiry(of: timer, by: instance, seeing: seen, tell) }
    case .receive:
      guard let message else { return }
      worker.forEachReception(
        by: instance,
        of: message,
        from: senders[message.record],
        seeing: seen,
        tell
      )
    }
  }

  /// Why calls cannot be left unseen: a parameter with too many values that stands in no message.
  package var unseenCallProblem: Unfollowable? {
    for call in calls {
      for parameter in call.parameters
      where parameter.hint == nil && (parameter.codec.valueCount ?? .max) > HiddenValues.fewValues {
        return Unfollowable(
          "nobody sees the value of '\(parameter.name)', which has too many to be tried",
          at: model.transitions[call.transition].span
        )
      }
    }
    return nil
  }
}

extension Model {
  /// By record: the first other instance that may send such a message; itself where none may.
  fileprivate func senders(to instance: Int) -> [Int] {
    var result = Array(repeating: instance, count: records.count)
    for network in networks {
      for route in network.routes where route.receiver == instances[instance].role {
        guard let other = instances(of: route.sender).first(where: { $0 != instance }) else {
          continue
        }
        for record in route.messages where result[record] == instance { result[record] = other }
      }
    }
    return result
  }
}

extension Subject {
  /// How a duration compares with what a guard asks for: 0 for less, 1 for equal, 2 for more.
  func relation(of duration: Int, to question: Int) -> Int {
    relation(kernel.durations[duration], to: question)
  }

  /// The same for the time since the timer's start that it asks about.
  ///
  /// - Parameters:
  ///   - question: its number among the kernel's.
  ///   - elapsed: by timer, in nanoseconds.
  /// - Returns: nil where the timer was not started.
  package func relation(to question: Int, elapsed: (Int) -> Int64?) -> Int? {
    guard let time = elapsed(elapsedTimes[question].timer),
      let seconds = Rational(Int(time), over: 1_000_000_000)
    else { return nil }
    return relation(seconds, to: question)
  }

  private func relation(_ time: Rational, to question: Int) -> Int {
    let asked = elapsedTimes[question].exact
    return time < asked ? 0 : time == asked ? 1 : 2
  }
}

/// How much time a guard asks for, since a timer was started.
struct ElapsedTime {
  var timer: Int
  /// In seconds.
  var exact: Rational
  private let nanoseconds: ClosedRange<Int64>

  init(_ question: KernelElapsedQuestion, _ model: Model) {
    timer = question.timer
    guard let time = model.duration(question.duration) else {
      preconditionFailure("a guard asks for no time of the spec's")
    }
    exact = time
    nanoseconds = time.nanoseconds
  }

  /// The least whole number of nanoseconds that is at least so much, or more; nil for none.
  func least(isStrict: Bool) -> Int64? {
    let bound = isStrict ? nanoseconds.lowerBound : nanoseconds.upperBound
    guard bound < .max else { return nil }
    return isStrict ? bound + 1 : bound
  }
}

/// Why a spec cannot be followed, with the place.
package struct Unfollowable: Error {
  package var reason: String
  package var span: Span

  init(_ reason: String, at span: Span) {
    self.reason = reason
    self.span = span
  }
}

extension Rational {
  /// In nanoseconds; the ends of a range where it is not a whole number of them.
  fileprivate var nanoseconds: ClosedRange<Int64> {
    let exact = self * Rational(1_000_000_000)
    // Longer than any capture where it does not fit.
    let low = Int64(clamping: exact.roundedDown.integer ?? .max)
    return low...(exact.isWhole || low == .max ? low : low + 1)
  }
}

extension Transition {
  /// Where it looks beyond its own instance.
  fileprivate var placeBeyondItself: Span? {
    guardCondition?.placeBeyondItself ?? body.lazy.compactMap(\.placeBeyondItself).first
  }
}

extension Expression {
  fileprivate var placeBeyondItself: Span? {
    switch kind {
    case .copiesInFlight, .messagesInFlight: return span
    case .variable(let owner?, _), .timerIsArmed(let owner?, _):
      if owner.kind != .currentInstance { return span }
    default: break
    }
    return children.lazy.compactMap(\.placeBeyondItself).first
  }
}

extension [Statement] {
  /// Whether every way through it sends a message.
  fileprivate var alwaysSends: Bool {
    contains { statement in
      switch statement.kind {
      case .send: true
      case .conditional(_, let then, let otherwise),
        .conditionalBinding(_, _, let then, let otherwise):
        then.alwaysSends && otherwise.alwaysSends
      default: false
      }
    }
  }
}

extension Statement {
  /// Whether it may send a message.
  fileprivate var sends: Bool {
    if case .send = kind { return true }
    return inner.contains(where: \.sends)
  }

  fileprivate var placeBeyondItself: Span? {
    expressions.lazy.compactMap(\.placeBeyondItself).first
      ?? inner.lazy.compactMap(\.placeBeyondItself).first
  }
}
