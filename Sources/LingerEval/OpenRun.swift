package import LingerModel

/// What a run without end says of a part of `final`; see ``Evaluator/judge(part:on:callsAct:)``.
package enum OpenRunEvidence: Hashable, Sendable {
  /// It stays open for ever, and the sentence says whose fault that is.
  case open(OpenEnd, explanation: String)
  case notOpen(reason: String)
  /// A limit came in between.
  case stopped(UndecidedReason)
}

extension Evaluator {
  /// Whether a run with a loop keeps a part of `final` false for ever and is fair; with `callsAct`
  /// every call counts as `fair`. Why it stays open is worked out from its states and steps.
  package func judge(part number: Int, on trace: Trace, callsAct: Bool) -> OpenRunEvidence {
    let parts = model.finalParts
    switch judge(parts[number].promise, on: trace, callsAct: callsAct) {
    case .notBroken(let reason): return .notOpen(reason: reason)
    case .stopped(let reason): return .stopped(reason)
    case .broken: break
    }
    let loop = OpenLoop(trace, part: number, of: parts, on: self)
    if let reason = stop?.reason { return .stopped(reason) }
    return .open(loop.openEnd(callsAct: callsAct), explanation: loop.explanation(callsAct))
  }
}

/// The loop of a run in which a part of `final` is never true.
private struct OpenLoop {
  private let evaluator: Evaluator
  private let number: Int
  private let parts: [FinalPart]
  private let steps: Int
  /// Each state of the loop, the first one not a second time.
  private let states: [State]
  /// The calls that are possible in every state of the loop and that no step of it is.
  private let idleCalls: [OpenEnd.IdleCall]

  private var model: Model { evaluator.model }
  private var part: FinalPart { parts[number] }

  init(_ trace: Trace, part number: Int, of parts: [FinalPart], on evaluator: Evaluator) {
    self.evaluator = evaluator
    self.number = number
    self.parts = parts
    let start = trace.loopStart ?? trace.entries.count
    let entries = trace.entries[start...]
    steps = entries.count
    states = (start..<max(start + 1, trace.entries.count)).compactMap(trace.state(after:))
    let possible = states.map { state in
      Set(evaluator.successors(of: state).compactMap { $0.step.call })
    }
    let always = possible.dropFirst().reduce(possible.first ?? []) { $0.intersection($1) }
    idleCalls = always.subtracting(entries.compactMap(\.step.call)).sorted {
      ($0.instance, $0.transition) < ($1.instance, $1.transition)
    }
  }

  func openEnd(callsAct: Bool) -> OpenEnd {
    var controls: [[Value]] = []
    if let instance = part.instance {
      for state in states {
        let control = model.control(of: instance, in: state)
        if !controls.contains(control) { controls.append(control) }
      }
    }
    return OpenEnd(
      part: number,
      instance: part.instance,
      controls: controls,
      idleCalls: callsAct ? [] : blamed
    )
  }

  /// Of the calls that nobody makes those of the instance itself, and of these the ones that would
  /// lead to another control state, as far as there are such.
  private var blamed: [OpenEnd.IdleCall] {
    let own = idleCalls.filter { $0.instance == part.instance }
    guard !own.isEmpty, let state = states.first, let instance = part.instance else {
      return idleCalls
    }
    let control = model.control(of: instance, in: state)
    let leading = evaluator.successors(of: state).compactMap { successor -> OpenEnd.IdleCall? in
      guard case .success(let next) = successor.outcome,
        model.control(of: instance, in: next) != control
      else { return nil }
      return successor.step.call
    }
    let leaving = own.filter(leading.contains)
    return leaving.isEmpty ? own : leaving
  }

  func explanation(_ callsAct: Bool) -> String {
    let cause = callsAct ? circumstances : idleness
    return what + (cause.isEmpty ? "" : ": \(cause)")
  }

  private var what: String {
    guard let instance = part.instance else {
      return "'\(describe(part.wanted.body, in: model))' stays false for ever"
    }
    let name = model.instances[instance].name
    let role = model.instances[instance].role
    let controls = openEnd(callsAct: true).controls.map { model.name(ofControl: $0, role: role) }
    guard controls.contains(where: { !$0.isEmpty }) else { return "\(name) stays open for ever" }
    if controls.count == 1 {
      let isNamed = model.isControlNamed(ofRole: role)
      return isNamed
        ? "\(name) stays in \(controls[0]) for ever"
        : "\(name) stays open for ever, with \(controls[0])"
    }
    return "\(name) goes round for ever, through \(controls.joined(separator: ", "))"
  }

  /// Whose application it is that does nothing, and what it would have to do.
  private var idleness: String {
    let instances = Set(blamed.map(\.instance)).sorted()
    return instances.map { instance in
      let calls = blamed.filter { $0.instance == instance }.compactMap { call -> String? in
        guard case .call(let name, _) = model.transitions[call.transition].trigger else {
          return nil
        }
        return name
      }
      let names = calls.enumerated().filter { !calls[..<$0.offset].contains($0.element) }
      let list = names.map(\.element).joined(separator: " or ")
      let whose =
        instance == part.instance
        ? "its application" : "the application of \(model.instances[instance].name)"
      return "\(whose) never calls \(list)"
    }.joined(separator: ", and ")
  }

  /// Why it stays open although every application acts.
  private var circumstances: String {
    guard let instance = part.instance, let state = states.first else { return "" }
    var reasons: [String] = []
    let others = parts.filter { $0.instance != nil && $0.instance != instance }
    let ended = others.filter { (try? evaluator.evaluate($0.wanted, in: state)) ?? false }
    if !others.isEmpty, ended.count == others.count {
      let names = ended.compactMap { $0.instance.map { model.instances[$0].name } }
      reasons.append(
        names.count == 1 ? "\(names[0]) has ended" : "\(names.joined(separator: ", ")) have ended"
      )
    }
    if steps == 0, isReachable(instance, in: state) { reasons.append("everything sent is lost") }
    if steps > 0 { reasons.append("nothing that happens again and again ends it") }
    return reasons.isEmpty ? "nothing has to happen any more" : reasons.joined(separator: ", and ")
  }

  /// Whether a message in flight would change it if it arrived.
  private func isReachable(_ instance: Int, in state: State) -> Bool {
    evaluator.successors(of: state).contains { successor in
      guard case .transition(instance, _, .receive, _) = successor.step else { return false }
      guard case .success(let next) = successor.outcome else { return true }
      return next.instances[instance] != state.instances[instance]
    }
  }
}

extension Step {
  /// The call that it is.
  fileprivate var call: OpenEnd.IdleCall? {
    guard case .transition(let instance, let transition, .call, _) = self else { return nil }
    return OpenEnd.IdleCall(instance: instance, transition: transition)
  }
}
