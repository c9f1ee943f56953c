import LingerEval
import LingerModel

/// A run of the model: a problem of its own, with a clock for each message.
struct ExactRun {
  var problem: TimedProblem
  var run: BoundedSearch.Run
  /// In which order its steps may come.
  var order = RunOrder.asFound
}

/// Finds out whether a violation of a timed problem is one of the model, and where it is not, what
/// the problem has to tell apart for it to be gone.
///
/// Abstraction refined by counterexamples (Clarke, Grumberg, Jha, Lu, Veith, CAV 2000).
struct RunCheck {
  enum Concretization {
    case exact(ExactRun)
    /// There is no such run; the abstraction without it.
    case spurious(MessageAbstraction)
    case stopped(UndecidedReason)
    /// An exact problem has a run that the model does not have: a bug of Linger.
    case contradiction(String)
  }

  let problem: TimedProblem
  let goal: TimedGoal
  /// Whose context the assumptions belong to, and what the parameters are called there.
  let encoder: Encoder
  let names: [String]
  /// What the run's parameters have to satisfy.
  let assumptions: [BoolTerm]
  let limits: SolverLimits
  let budget: Budget

  private var abstraction: MessageAbstraction { problem.graph.abstraction }

  /// What a run stands for; throws ``Z3Error`` and ``ControlGraph/Unsupported``.
  func concretize(_ run: BoundedSearch.Run) throws -> Concretization {
    var search = RunSearch(
      problem,
      goal: goal,
      budget: budget
    )
    switch search.answer(run.path) {
    case .stopped(let reason): return .stopped(reason)
    case .missing(let messages, let sent):
      return refined { abstraction in
        messages.contains { tell($0, from: sent, in: &abstraction) }
      }
    case .chain(let chain):
      let exact = try chain.problem(.exact)
      switch try violation(exact) {
      case .run(let run): return .exact(ExactRun(problem: exact, run: run))
      case .unknown(let reason): return .stopped(budget.exhaustion ?? reason.undecided)
      case .none: break
      }
      if problem.graph.isExact { return .contradiction("the run that was found has no times") }
      return .spurious(try abstraction(without: chain))
    }
  }

  private func refined(_ refine: (inout MessageAbstraction) -> Bool) -> Concretization {
    if problem.graph.isExact { return .contradiction("the run that was found has no steps") }
    var result = abstraction
    return .spurious(refine(&result) ? result : .exact)
  }

  private func tell(
    _ unsent: Envelope,
    from sent: [Envelope],
    in abstraction: inout MessageAbstraction
  ) -> Bool {
    // Without a lifetime nobody asks a clock.
    let others = problem.graph.lifetimes[unsent.network] == nil ? [] : sent
    return abstraction.tell(unsent, from: others, among: problem.graph.envelopes)
  }

  /// A violation along a chain.
  private func violation(_ chain: TimedProblem) throws -> BoundedSearch.Answer {
    try PathFormula.answer(
      along: Array(chain.edges.indices),
      assuming: assumptions,
      in: Encoder(chain, names: names, context: encoder.context),
      limits: limits
    )
  }

  private func isInfeasible(_ chain: TimedProblem) throws -> Bool {
    if case .none = try violation(chain) { true } else { false }
  }
}

/// The choice of what to tell apart.
extension RunCheck {
  private enum Refinement {
    case separate(Envelope, from: Envelope)
    case makeExact(Envelope)

    func apply(to abstraction: inout MessageAbstraction, _ messages: [Envelope]) -> Bool {
      switch self {
      case .separate(let one, let other):
        abstraction.separate(one, from: other, among: messages)
      case .makeExact(let envelope): abstraction.makeExact(envelope)
      }
    }
  }

  /// An abstraction in which an infeasible chain is infeasible: the first single refinement that is
  /// enough, else as many as are needed.
  private func abstraction(without chain: RunChain) throws -> MessageAbstraction {
    let messages = problem.graph.envelopes
    if try isInfeasible(chain.problem(abstraction)) {
      // The clocks are not to blame: the property is false only for what was not sent.
      let sent = chain.edges.indices.flatMap(chain.sent)
      for envelope in unsent(chain) {
        var result = abstraction
        if tell(envelope, from: sent, in: &result) { return result }
      }
    }
    let candidates = try candidates(chain)
    for candidate in candidates {
      var result = abstraction
      if candidate.apply(to: &result, messages), try isInfeasible(chain.problem(result)) {
        return result
      }
      if budget.isExhausted { break }
    }
    var result = abstraction
    for candidate in candidates + chain.messages.map({ .makeExact($0) }) {
      if candidate.apply(to: &result, messages), try isInfeasible(chain.problem(result)) {
        return result
      }
      if budget.isExhausted { break }
    }
    return .exact
  }

  private func candidates(_ chain: RunChain) throws -> [Refinement] {
    let end = chain.edges.count
    let needed = try neededTests(chain)
    var result: [Refinement] = []
    for position in needed where position < end {
      guard let envelope = chain.received(position) else { continue }
      result += separations(of: envelope, before: position, chain)
    }
    if needed.contains(end) {
      for envelope in chain.messages { result += separations(of: envelope, before: end, chain) }
      result += chain.messages.map { .makeExact($0) }
    }
    return result
  }

  /// Messages that share a message's clock and were sent after it, the last one first.
  private func separations(
    of envelope: Envelope,
    before position: Int,
    _ chain: RunChain
  ) -> [Refinement] {
    guard problem.graph.isAbstracted[envelope.network] else { return [] }
    var result: [Refinement] = []
    for earlier in (0..<position).reversed() {
      let sent = chain.sent(earlier)
      if sent.contains(envelope) { break }
      for other in sent
      where problem.graph.isAbstracted[other.network]
        && abstraction.clock(of: other) == abstraction.clock(of: envelope)
      {
        result.append(.separate(envelope, from: other))
      }
    }
    return result
  }

  /// Messages that the property reads in the chain's last location and that were not sent on it.
  private func unsent(_ chain: RunChain) -> [Envelope] {
    guard let last = chain.edges.last else { return [] }
    let number = problem.graph.edges[last].target
    let location = problem.graph.locations[number]
    let read = Set(problem.classes[number].map { problem.locations[$0].bad.clocks } ?? [])
    let sent = Set(chain.end.networks.flatMap(\.messages).map(\.envelope))
    return location.state.networks.flatMap(\.messages).map(\.envelope).filter { envelope in
      !sent.contains(envelope) && problem.graph.clock(of: envelope).map(read.contains) ?? false
    }
  }

  /// Positions of deliveries that make the chain infeasible, all of which are needed for that; the
  /// chain's length stands for the property.
  private func neededTests(_ chain: RunChain) throws -> [Int] {
    var rest = try chain.problem(.exact)
    var needed: [Int] = []
    for position in [chain.edges.count] + chain.edges.indices {
      let isDelivery = position < chain.edges.count && rest.edges[position].receives != nil
      guard isDelivery || position == chain.edges.count else { continue }
      let less = rest.withoutTest(at: position)
      if try isInfeasible(less) { rest = less } else { needed.append(position) }
      if budget.isExhausted { break }
    }
    return needed
  }
}
