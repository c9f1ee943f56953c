import LingerModel

/// Finds the weakest condition on the parameters under which a property holds.
///
/// Counterexample-guided (Cimatti, Griggio, Mover, Tonetta: parameter synthesis with IC3): each
/// violating run is projected on the parameters, and the whole region is cut off; when a few
/// depths bring nothing new, the complement of the cuts is proved. Every cut is a violation and
/// the complement is safe, so the condition is exact.
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
  }

  let encoder: Encoder
  let assumptions: [BoolTerm]
  let limits: SolverLimits
  let shouldStop: () -> String?

  /// Depths without a new cut before a proof is tried.
  private static let quietDepths = 2
  /// Depth from which a proof is tried although nothing was cut off yet.
  private static let firstProofDepth = 4
  private static let depthLimit = 60

  func run() throws(Z3Error) -> Answer {
    var search = try BoundedSearch(encoder)
    var cuts: [Cut] = []
    do throws(Z3Error) {
      return try run(&search, &cuts)
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

  private func run(
    _ search: inout BoundedSearch,
    _ cuts: inout [Cut]
  ) throws(Z3Error) -> Answer {
    try search.start(assuming: assumptions)
    let simplifier = RegionSimplifier(encoder, assuming: assumptions)
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
          return .unknown(
            cuts: cuts,
            depth: search.depth,
            reason: why ?? reason.description
          )
        case .run(let run):
          isQuiet = false
          guard let region = region(of: run) else {
            return .unknown(
              cuts: cuts,
              depth: search.depth,
              reason: "a run's region is too large to project"
            )
          }
          let reduced = try simplifier.reduced(region)
          if reduced.isEmpty {
            // Every value that the assumptions allow is cut off: the condition is false.
            return .weakest(
              cuts: [Cut(region: [], run: run)],
              Certificate(clocks: [], invariants: [])
            )
          }
          cuts.append(Cut(region: reduced, run: run))
          try search.exclude(reduced)
        }
      }
      quiet = isQuiet ? quiet + 1 : 0
      let canDeepen = search.depth < Self.depthLimit
      let isTime =
        quiet >= Self.quietDepths && (!cuts.isEmpty || search.depth >= Self.firstProofDepth)
      if isTime || !canDeepen {
        switch try prove(excluding: cuts) {
        case .proved(let certificate): return .weakest(cuts: cuts, certificate)
        case .refuted: lastReason = "there are longer violations"
        case .unknown(let reason): lastReason = reason
        }
        quiet = 0
      }
      let isDeeper = canDeepen ? try search.deepen() : false
      if !isDeeper {
        if case .proved(let certificate) = try prove(excluding: cuts) {
          return .weakest(cuts: cuts, certificate)
        }
        return .unknown(cuts: cuts, depth: search.depth, reason: lastReason)
      }
    }
  }

  private func region(of run: BoundedSearch.Run) -> [LinearConstraint]? {
    do throws(Projection.TooLarge) {
      return try Projection.region(
        encoder.problem,
        path: run.path,
        literals: run.literals
      )
    } catch {
      return nil
    }
  }

  private func prove(excluding cuts: [Cut]) throws(Z3Error) -> Prover.Answer {
    try Prover(encoder).prove(assuming: try excluding(cuts), limits: limits)
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
