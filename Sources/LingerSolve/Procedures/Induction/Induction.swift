import LingerModel

/// Proves by induction with bounds read off samples that no run makes a property false.
///
/// The second way beside Spacer (docs/decisions/005-induction.md): no unknown relation is solved
/// for. Values of the parameters are sampled; at a sample the strongest inductive bounds on clocks
/// are computed; those that the property rests on are inductive in a whole region of values.
/// Samples are taken until the regions cover all values that the assumptions allow. The bounds then
/// are an inductive invariant, and are checked as every other.
struct Induction {
  let prover: Prover
  let assumptions: [BoolTerm]
  let limits: SolverLimits
  let budget: Budget

  private var encoder: Encoder { prover.encoder }
  private var problem: TimedProblem { prover.encoder.problem }

  /// Parameter values and what is true of the clocks in each location for them.
  private struct Part {
    var region: [LinearConstraint]
    var invariants: [BoolTerm]
  }

  /// Regions that are tried before it is given up.
  private static let regionLimit = 64

  func prove() throws(Z3Error) -> Prover.Answer {
    guard problem.initial != nil else {
      return .proved(InductiveInvariant(clocks: prover.clocks, invariants: []))
    }
    let samples = try InductionSamples(encoder, assuming: assumptions, limits: limits)
    var parts: [Part] = []
    while true {
      if let reason = budget.exhaustion { return .unknown(reason) }
      switch try samples.next() {
      case .unknown(let reason): return .unknown(reason)
      case .none: return try conclude(parts)
      case .sample(let values):
        guard parts.count < Self.regionLimit else {
          return .unknown("no induction in \(Self.regionLimit) regions of parameter values")
        }
        switch try part(at: values, samples) {
        case .noProof(let answer): return answer
        case .part(let part):
          parts.append(part)
          if part.region.isEmpty { return try conclude(parts) }
          try samples.exclude(part.region)
        }
      }
    }
  }

  /// The region of one proof at given values; nil where there is none.
  func region(around values: [Rational]) throws(Z3Error) -> [LinearConstraint]? {
    guard problem.initial != nil else { return nil }
    let samples = try InductionSamples(encoder, assuming: assumptions, limits: limits)
    guard case .part(let part) = try part(at: values, samples) else { return nil }
    var conditions = assumptions
    for constraint in part.region { conditions.append(try encoder.constraint(constraint)) }
    let inside = Induction(
      prover: prover,
      assumptions: conditions,
      limits: limits,
      budget: budget
    )
    guard case .proved = try inside.conclude([part]) else { return nil }
    return part.region
  }

  private enum Attempt {
    case part(Part)
    case noProof(Prover.Answer)
  }

  private func part(
    at values: [Rational],
    _ samples: InductionSamples
  ) throws(Z3Error) -> Attempt {
    func unknown(_ reason: UndecidedReason) -> Attempt { .noProof(.unknown(reason)) }
    guard let sample = ProblemSample(problem, values: values) else {
      return unknown("a sample of the parameters has no common unit of time")
    }
    for depth in 1...Self.depthLimit {
      let limit = depth == 1 ? Self.locationLimit : Self.placeLimit
      guard let graph = HistoryGraph(sample, depth: depth, limit: limit) else { break }
      var search = InductiveBoundSearch(sample, graph)
      guard search.run(budget: budget) else { return unknown(budget.exhaustion ?? "stopped") }
      var support = BoundSupport(search) { try samples.implies($0) }
      do {
        try support.find()
        return .part(Part(region: support.region, invariants: try invariants(search, support)))
      } catch let error as Z3Error {
        throw error
      } catch {
        // The bounds are insufficient.
        if depth == 1, let run = refutation(at: values) { return .noProof(.refuted(run)) }
      }
    }
    return unknown("no inductive bounds were found that imply the property")
  }

  /// One more than the steps before a location that may be told apart.
  private static let depthLimit = 3
  /// Places of the largest graph that is taken on where they are locations, and where locations are
  /// told apart by the steps before them.
  private static let locationLimit = 30_000
  private static let placeLimit = 5_000

  /// A run that violates the property at a sample, which ends the search for a proof.
  private func refutation(at values: [Rational]) -> BoundedSearch.Run? {
    guard var zones = ZoneSearch(problem, values: values, limit: Self.zoneLimit),
      case .violated(let run) = zones.answer(budget: budget)
    else { return nil }
    return run
  }

  private static let zoneLimit = 10_000

  /// For each location of the problem what its places' bounds say together.
  private func invariants(
    _ search: InductiveBoundSearch,
    _ support: BoundSupport
  ) throws(Z3Error) -> [BoolTerm] {
    let context = encoder.context
    let zero = try context.real(0)
    var ways = [[BoolTerm]](repeating: [], count: problem.locations.count)
    for (number, place) in search.graph.places.enumerated() {
      guard let bounds = search.inductive[number] else { continue }
      let rows = [zero] + problem.locations[place.location].live.map { prover.clocks[$0] }
      var facts: [BoolTerm] = []
      for (index, bound) in bounds.enumerated() where support.isNeeded[number][index] {
        guard let bound else { continue }
        let (row, column) = (rows[index / rows.count], rows[index % rows.count])
        let limit = try column + encoder.term(bound.term)
        facts.append(bound.isStrict ? try row < limit : try row <= limit)
      }
      ways[place.location].append(try context.conjunction(facts))
    }
    var result: [BoolTerm] = []
    for way in ways { result.append(try context.disjunction(way)) }
    return result
  }

  /// In each location the invariant of the first region that the parameters are in.
  private func conclude(_ parts: [Part]) throws(Z3Error) -> Prover.Answer {
    let context = encoder.context
    var conditions: [BoolTerm] = []
    for part in parts {
      var constraints: [BoolTerm] = []
      for constraint in part.region { constraints.append(try encoder.constraint(constraint)) }
      conditions.append(try context.conjunction(constraints))
    }
    var invariants: [BoolTerm] = []
    for location in problem.locations.indices {
      var facts = try prover.clocksAreNotNegative(in: location)
      var rest: BoolTerm?
      for (part, condition) in zip(parts, conditions).reversed() {
        let own = part.invariants[location]
        rest =
          if let others = rest { try condition.choose(own, else: others) } else { own }
      }
      if let rest { facts.append(rest) }
      invariants.append(try context.conjunction(facts))
    }
    return try prover.checked(invariants, assuming: assumptions, limits: limits)
  }
}

extension Prover {
  /// Tries to prove the property for all parameter values that satisfy the assumptions: by
  /// induction, which takes milliseconds where it succeeds, and by Spacer where it does not.
  ///
  /// The problem's lemmas are proved first, each with those before it; they are true in every
  /// location then, and their proofs become part of the property's.
  func prove(
    by engine: TimedEngine,
    assuming assumptions: [BoolTerm],
    limits: SolverLimits,
    budget: Budget
  ) throws(Z3Error) -> Answer {
    var prover = self
    for number in encoder.problem.lemmas.indices {
      var own = try Prover(encoder.asking(lemma: number))
      own.lemmas = prover.lemmas
      let answer = try own.proveAlone(by: engine, assumptions, limits, budget)
      let name = encoder.problem.lemmas[number]
      switch answer {
      case .proved(let certificate): prover.lemmas.append(certificate)
      case .refuted(let run): return .lemmaRefuted(number, run)
      case .lemmaRefuted: return answer
      case .unknown(let reason):
        return .unknown("the lemma '\(name)' is not proved: \(reason)")
      }
    }
    return try prover.proveAlone(by: engine, assumptions, limits, budget)
  }

  /// Locations above which Spacer is left out: about what it decides in a minute. Its memory has
  /// been seen to grow to 21 GB on a thousand.
  private static let spacerLocations = 300

  private func proveAlone(
    by engine: TimedEngine,
    _ assumptions: [BoolTerm],
    _ limits: SolverLimits,
    _ budget: Budget
  ) throws(Z3Error) -> Answer {
    if engine != .spacer {
      let induction = Induction(
        prover: self,
        assumptions: assumptions,
        limits: limits,
        budget: budget
      )
      let answer = try induction.prove()
      guard engine == .automatic, case .unknown = answer,
        encoder.problem.locations.count <= Self.spacerLocations
      else { return answer }
    }
    return try prove(assuming: assumptions, limits: limits)
  }
}
