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
struct Synthesis {
  enum Answer {
    /// The cuts, and the proof that everything else is safe.
    case weakest(cuts: [Cut], Certificate)
    /// What was cut off so far, and why it was not proved that nothing else has to be.
    case unknown(cuts: [Cut], depth: Int, reason: String)
  }

  /// Parameter values for which a run violates the property, and the run.
  struct Cut {
    var region: [LinearConstraint]
    var run: BoundedSearch.Run
    /// Runs of the same kind, one of which violates the property at each value of the region; nil
    /// where the run itself does at all of them.
    var rounds: RunWithRounds?
  }

  let encoder: Encoder
  let assumptions: [BoolTerm]
  let engine: TimedEngine
  let limits: SolverLimits
  let shouldStop: () -> String?

  /// Depths without a new cut before a proof is tried again.
  private static let quietDepths = 2
  private static let depthLimit = 60

  func run() throws(Z3Error) -> Answer {
    var search = try BoundedSearch(encoder)
    var cuts: [Cut] = []
    do throws(Z3Error) {
      if let answer = try runByValues(&cuts) { return answer }
      return try runByLength(&search, &cuts)
    } catch {
      // What was cut off before an interrupt is still known to be bad.
      guard error == .interrupted else { throw error }
      return .unknown(
        cuts: cuts,
        depth: search.depth,
        reason: shouldStop() ?? error.description
      )
    }
  }

  /// Cuts off runs found at single values, or given by a refuted proof, until a proof succeeds;
  /// nil where there is neither proof nor refutation.
  private func runByValues(_ cuts: inout [Cut]) throws(Z3Error) -> Answer? {
    let values = OtherValues(encoder: encoder, limits: limits, shouldStop: shouldStop)
    while true {
      var place = 0
      while let found = try values.violation(from: place, assuming: try excluding(cuts)) {
        place = found.place
        if let answer = try cut(found.run, &cuts) { return answer }
      }
      if shouldStop() != nil { return nil }
      switch try prove(excluding: cuts) {
      case .proved(let certificate): return .weakest(cuts: cuts, certificate)
      case .unknown: return nil
      case .refuted(let run):
        if let answer = try cut(run, &cuts) { return answer }
      }
    }
  }

  /// Cuts off the values for which a run violates the property; an answer where that ends it.
  private func cut(
    _ run: BoundedSearch.Run,
    _ cuts: inout [Cut]
  ) throws(Z3Error) -> Answer? {
    guard let region = region(of: run) else {
      return .unknown(
        cuts: cuts,
        depth: run.path.count,
        reason: shouldStop() ?? "a run's region is too large to project"
      )
    }
    let reduced = try RegionSimplifier(encoder, assuming: assumptions).reduced(region)
    if reduced.isEmpty {
      // Every value that the assumptions allow is cut off: the condition is false.
      return .weakest(
        cuts: [Cut(region: [], run: run)],
        Certificate(clocks: [], invariants: [])
      )
    }
    let widening = Widening(encoder, assumptions, shouldStop)
    if let wider = try widening.region(of: run, beyond: reduced) {
      if wider.region.isEmpty {
        return .weakest(
          cuts: [Cut(region: [], run: run, rounds: wider.rounds)],
          Certificate(clocks: [], invariants: [])
        )
      }
      cuts.append(Cut(region: wider.region, run: run, rounds: wider.rounds))
      return nil
    }
    cuts.append(Cut(region: reduced, run: run))
    let growing = cuts.count { $0.rounds == nil && widening.goesRound($0.run) }
    guard growing > Self.roundLimit else { return nil }
    return .unknown(
      cuts: cuts,
      depth: run.path.count,
      reason: "the more often a run goes round, the more values it violates it for"
    )
  }

  /// Runs that go round and are cut off one by one, before it is given up.
  private static let roundLimit = 8

  private func runByLength(
    _ search: inout BoundedSearch,
    _ cuts: inout [Cut]
  ) throws(Z3Error) -> Answer {
    try search.start(assuming: try excluding(cuts))
    var quiet = 0
    var lastReason = "no proof was tried"
    while true {
      if let reason = shouldStop() {
        return .unknown(cuts: cuts, depth: search.depth, reason: reason)
      }
      var isQuiet = true
      search: while true {
        switch try search.violation(limits: limits) {
        case .none: break search
        case .unknown(let reason):
          let why = reason == .interrupted ? shouldStop() : nil
          return .unknown(cuts: cuts, depth: search.depth, reason: why ?? reason.description)
        case .run(let run):
          isQuiet = false
          if let answer = try cut(run, &cuts) { return answer }
          if let last = cuts.last { try search.exclude(last.region) }
        }
      }
      quiet = isQuiet ? quiet + 1 : 0
      let canDeepen = search.depth < Self.depthLimit
      if !isQuiet || quiet == Self.quietDepths || !canDeepen {
        switch try prove(excluding: cuts) {
        case .proved(let certificate): return .weakest(cuts: cuts, certificate)
        case .refuted: lastReason = "there are longer violations"
        case .unknown(let reason): lastReason = reason
        }
      }
      guard canDeepen, try search.deepen() else {
        return .unknown(cuts: cuts, depth: search.depth, reason: lastReason)
      }
    }
  }

  private func region(of run: BoundedSearch.Run) -> [LinearConstraint]? {
    do throws(Projection.TooLarge) {
      return try Projection.region(
        encoder.problem,
        path: run.path,
        literals: run.literals,
        shouldStop: shouldStop
      )
    } catch {
      return nil
    }
  }

  private func prove(excluding cuts: [Cut]) throws(Z3Error) -> Prover.Answer {
    try Prover(encoder).prove(
      by: engine,
      assuming: try excluding(cuts),
      limits: limits,
      shouldStop: shouldStop
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
