import LingerModel

/// Finds the weakest condition on the parameters under which a property holds.
///
/// Counterexample-guided (Cimatti, Griggio, Mover, Tonetta: parameter synthesis with IC3): each
/// violating run is projected on the parameters, and the whole region is cut off; when no more
/// are found, the complement of the cuts is proved. Every cut is a violation and the complement is
/// safe, so the condition is exact.
///
/// Runs are looked for at single values first, by zones; then a refuted proof gives one. Only
/// where the proof ends without an answer are all runs of growing length searched.
///
/// What is projected is the run of the model, with a clock for each message: a run of a coarse
/// graph may be there for more values than it. Where the model has it for no values that are not
/// cut off, the graph is refined; the cuts are about the model and stay.
struct ConditionSearch {
  enum Answer {
    /// The cuts, and the proof that everything else is safe.
    case weakest(cuts: [Cut], InductiveInvariant)
    /// What was cut off so far, and why it was not proved that nothing else has to be.
    case unknown(cuts: [Cut], depth: Int, reason: UndecidedReason)
    /// The solver contradicts the model: a bug of Linger.
    case failed(String)

    var cuts: [Cut] {
      switch self {
      case .weakest(let cuts, _), .unknown(let cuts, _, _): cuts
      case .failed: []
      }
    }
  }

  /// Parameter values for which a run violates the property, and the run.
  struct Cut {
    var region: [LinearConstraint]
    var run: ExactRun
    /// Runs of the same kind, one of which violates the property at each value of the region; nil
    /// where the run itself does at all of them.
    var rounds: RunWithRounds?

    /// Whether the run ends in an error of the spec.
    var isError: Bool { run.problem.endsInError(run.run.path) }
  }

  private(set) var prepared: TimedQuestion
  private(set) var encoder: Encoder
  let assumptions: [BoolTerm]
  /// Position of a released parameter.
  let subject: Int?
  let engine: TimedEngine
  let limits: SolverLimits
  let budget: Budget

  /// Depths without a new cut before a proof is tried again.
  private static let quietDepths = 2
  private static let depthLimit = 60

  init(
    _ prepared: TimedQuestion,
    _ encoder: Encoder,
    assumptions: [BoolTerm],
    subject: Int?,
    engine: TimedEngine,
    limits: SolverLimits,
    budget: Budget
  ) {
    self.prepared = prepared
    self.encoder = encoder
    self.assumptions = assumptions
    self.subject = subject
    self.engine = engine
    self.limits = limits
    self.budget = budget
  }

  /// Throws ``Z3Error``.
  mutating func run() throws -> Answer {
    var cuts: [Cut] = []
    var depth = 0
    do {
      if let answer = try runByValues(&cuts) { return answer }
      return try runByLength(&cuts, &depth)
    } catch Z3Error.interrupted {
      // What was cut off before an interrupt is still known to be bad.
      let reason = budget.exhaustion ?? UndecidedReason(Z3Error.interrupted.description)
      return .unknown(cuts: cuts, depth: depth, reason: reason)
    } catch let error as ControlGraph.Unsupported {
      return .unknown(cuts: cuts, depth: depth, reason: error.reason)
    }
  }

  /// Cuts off runs found at single values, or given by a refuted proof, until a proof succeeds;
  /// nil where there is neither proof nor refutation.
  private mutating func runByValues(_ cuts: inout [Cut]) throws -> Answer? {
    var triedCorners = false
    while true {
      var place = 0
      while let found = try violation(from: place, cuts) {
        place = found.place
        if let answer = try take(found.run, &cuts) { return answer }
      }
      if budget.isExhausted { return nil }
      switch try prove(excluding: cuts) {
      case .proved(let certificate): return .weakest(cuts: cuts, certificate)
      case .unknown:
        let count = cuts.count
        if !triedCorners, let answer = try runAtCorners(&cuts) { return answer }
        triedCorners = true
        if cuts.count == count { return try runSeparately(&cuts) }
      case .lemmaRefuted(let lemma, let run):
        if let answer = try refine(lemma, run, cuts) { return answer }
      case .refuted(let run):
        if let answer = try take(run, &cuts) { return answer }
      }
    }
  }

  /// Goes on with a clock for each message where fewer do not do: then what is received was sent,
  /// and bounds that are inductive need no run that shows what to tell apart. Nil where there is no
  /// proof either.
  private mutating func runSeparately(_ cuts: inout [Cut]) throws -> Answer? {
    var abstraction = prepared.graph.abstraction
    guard engine != .spacer, !prepared.graph.isExact, !budget.isExhausted,
      abstraction.separateAll()
    else { return nil }
    let coarse = (prepared, encoder)
    try refine(to: abstraction)
    if let answer = try runAtCorners(&cuts) { return answer }
    while !budget.isExhausted {
      switch try prove(by: .induction, excluding: cuts) {
      case .proved(let certificate): return .weakest(cuts: cuts, certificate)
      case .refuted(let run):
        if let answer = try take(run, &cuts) { return answer }
        continue
      case .lemmaRefuted, .unknown: break
      }
      break
    }
    (prepared, encoder) = coarse
    return nil
  }

  /// Cuts off runs found near the corners of what is left. Nothing is told apart for them: where
  /// one corner needs it, that is rarely of use at another.
  private mutating func runAtCorners(_ cuts: inout [Cut]) throws -> Answer? {
    guard let subject else { return nil }
    let graph = (prepared, encoder)
    for corner in 0..<OtherValues.cornerCount(encoder) {
      var count = -1
      while cuts.count > count, let run = try cornerViolation(of: subject, at: corner, cuts) {
        count = cuts.count
        if let answer = try take(run, &cuts) { return answer }
      }
      (prepared, encoder) = graph
    }
    return nil
  }

  private func cornerViolation(
    of subject: Int,
    at corner: Int,
    _ cuts: [Cut]
  ) throws(Z3Error) -> BoundedSearch.Run? {
    let values = OtherValues(encoder: encoder, limits: limits, budget: budget)
    return try values.violation(of: subject, atCorner: corner, assuming: excluding(cuts))
  }

  private func violation(
    from place: Int,
    _ cuts: [Cut]
  ) throws(Z3Error) -> (run: BoundedSearch.Run, place: Int)? {
    let values = OtherValues(encoder: encoder, limits: limits, budget: budget)
    return try values.violation(from: place, assuming: try excluding(cuts))
  }

  /// Cuts off the values for which the model has a run, or refines the problem where it has it for
  /// none that are left; an answer where that ends it.
  private mutating func take(
    _ run: BoundedSearch.Run,
    _ cuts: inout [Cut]
  ) throws -> Answer? {
    let check = prepared.check(encoder, assuming: try excluding(cuts), limits: limits)
    switch try check.concretize(run) {
    case .exact(let exact): return try cut(exact, &cuts)
    case .spurious(let abstraction):
      try refine(to: abstraction)
      return nil
    case .stopped(let reason):
      return .unknown(cuts: cuts, depth: run.path.count, reason: reason)
    case .contradiction(let reason): return .failed(reason)
    }
  }

  private mutating func refine(to abstraction: MessageAbstraction) throws {
    prepared = try prepared.refined(to: abstraction)
    encoder = try Encoder(prepared.problem, names: prepared.names, context: encoder.context)
  }

  /// Refines the problem where a lemma is false on a run that the model does not have.
  private mutating func refine(
    _ lemma: Int,
    _ run: BoundedSearch.Run,
    _ cuts: [Cut]
  ) throws -> Answer? {
    let check = prepared.check(
      encoder,
      lemma: lemma,
      assuming: try excluding(cuts),
      limits: limits
    )
    func unknown(_ reason: UndecidedReason) -> Answer {
      .unknown(cuts: cuts, depth: 0, reason: reason)
    }
    switch try check.concretize(run) {
    case .exact:
      let name = prepared.lemmas[lemma].name
      return unknown("the lemma '\(name)' fails for some parameter values")
    case .spurious(let abstraction):
      try refine(to: abstraction)
      return nil
    case .stopped(let reason): return unknown(reason)
    case .contradiction(let reason): return .failed(reason)
    }
  }

  /// Cuts off the values for which a run violates the property; an answer where that ends it.
  private func cut(_ run: ExactRun, _ cuts: inout [Cut]) throws(Z3Error) -> Answer? {
    guard let region = region(of: run) else {
      return .unknown(
        cuts: cuts,
        depth: run.run.path.count,
        reason: budget.exhaustion ?? "a run's region is too large to project"
      )
    }
    let simplifier = RegionSimplifier(encoder, assuming: assumptions)
    var cut = Cut(region: try simplifier.reduced(region), run: run)
    if !cut.region.isEmpty {
      let widening = Widening(run.problem, encoder, assumptions, budget)
      if let wider = try widening.region(of: run.run, beyond: cut.region) {
        cut = Cut(region: wider.region, run: run, rounds: wider.rounds)
      } else if let wider = try reordered(run) {
        cut = wider
      }
    }
    if cut.region.isEmpty {
      // Every value that the assumptions allow is cut off: the condition is false.
      return .weakest(cuts: [cut], InductiveInvariant(clocks: [], invariants: []))
    }
    cuts.append(cut)
    if cut.rounds != nil { return nil }
    let growing = cuts.filter { $0.rounds == nil && $0.run.goesRound }.map(\.run.run.path.count)
    guard Set(growing).count > Self.roundLimit else { return nil }
    return .unknown(
      cuts: cuts,
      depth: run.run.path.count,
      reason: "the more often a run goes round, the more values it violates it for"
    )
  }

  /// What is cut off by all runs with the causes of one; nil where its order is all that there is.
  private func reordered(_ run: ExactRun) throws(Z3Error) -> Cut? {
    var run = run
    run.order = run.order(in: prepared.model)
    guard run.order == .causal, let region = region(of: run) else { return nil }
    return Cut(
      region: try RegionSimplifier(encoder, assuming: assumptions).reduced(region),
      run: run
    )
  }

  /// Lengths of runs that go round and are cut off one by one, before it is given up.
  private static let roundLimit = 8

  private mutating func runByLength(_ cuts: inout [Cut], _ depth: inout Int) throws -> Answer {
    var lastReason: UndecidedReason = "no proof was tried"
    // A finer problem is searched from the start.
    while true {
      var search = try BoundedSearch(encoder)
      let answer = try runByLength(&search, &cuts, &depth, &lastReason)
      if let answer { return answer }
    }
  }

  /// Nil where the problem was refined.
  private mutating func runByLength(
    _ search: inout BoundedSearch,
    _ cuts: inout [Cut],
    _ depth: inout Int,
    _ lastReason: inout UndecidedReason
  ) throws -> Answer? {
    try search.start(assuming: try excluding(cuts))
    var quiet = 0
    while true {
      if let reason = budget.exhaustion {
        return .unknown(cuts: cuts, depth: search.depth, reason: reason)
      }
      var isQuiet = true
      // What has no run of a length has none when it is told apart better.
      search: while search.depth >= depth {
        switch try search.violation(limits: limits) {
        case .none: break search
        case .unknown(let reason):
          let why = reason == .interrupted ? budget.exhaustion : nil
          return .unknown(cuts: cuts, depth: search.depth, reason: why ?? reason.undecided)
        case .run(let run):
          isQuiet = false
          let count = cuts.count
          if let answer = try take(run, &cuts) { return answer }
          guard cuts.count > count, let last = cuts.last else { return nil }
          try search.exclude(last.region)
        }
      }
      depth = max(depth, search.depth)
      quiet = isQuiet ? quiet + 1 : 0
      let canDeepen = search.depth < Self.depthLimit
      if !isQuiet || quiet == Self.quietDepths || !canDeepen {
        switch try prove(excluding: cuts) {
        case .proved(let certificate): return .weakest(cuts: cuts, certificate)
        case .lemmaRefuted(let lemma, let run): return try refine(lemma, run, cuts)
        case .refuted(let run):
          let count = cuts.count
          if let answer = try take(run, &cuts) { return answer }
          guard cuts.count > count, let last = cuts.last else { return nil }
          try search.exclude(last.region)
          lastReason = "there are longer violations"
        case .unknown(let reason): lastReason = reason
        }
      }
      guard canDeepen, try search.deepen() else {
        return .unknown(cuts: cuts, depth: search.depth, reason: lastReason)
      }
    }
  }

  private func region(of exact: ExactRun) -> [LinearConstraint]? {
    do throws(Projection.TooLarge) {
      return try Projection.region(
        exact.problem,
        path: exact.run.path,
        literals: exact.run.literals,
        order: exact.order,
        budget: budget
      )
    } catch {
      return nil
    }
  }

  private func prove(
    by engine: TimedEngine? = nil,
    excluding cuts: [Cut]
  ) throws(Z3Error) -> Prover.Answer {
    try Prover(encoder).prove(
      by: engine ?? self.engine,
      assuming: try excluding(cuts),
      limits: limits,
      budget: budget
    )
  }

  /// The assumptions, and that the parameters are in none of the regions.
  func excluding(_ cuts: [Cut]) throws(Z3Error) -> [BoolTerm] {
    var all = assumptions
    for cut in cuts {
      var negated: [BoolTerm] = []
      for constraint in cut.region { negated.append(try !encoder.constraint(constraint)) }
      all.append(try encoder.context.disjunction(negated))
    }
    return all
  }
}
