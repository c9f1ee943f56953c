import LingerModel

/// Looks for the region of all runs that differ from a violating one in how often they go round.
struct Widening {
  private let encoder: Encoder
  private let assumptions: [BoolTerm]
  private let shouldStop: () -> String?

  init(
    _ encoder: Encoder,
    _ assumptions: [BoolTerm],
    _ shouldStop: @escaping () -> String?
  ) {
    self.encoder = encoder
    self.assumptions = assumptions
    self.shouldStop = shouldStop
  }

  private var problem: TimedProblem { encoder.problem }

  /// Rounds that are found one after the other in one run, and tried for each.
  private static let roundCount = 3
  private static let candidateCount = 40

  /// A region that has all of the run's own one in it, and more; nil where none was found.
  func region(
    of run: BoundedSearch.Run,
    beyond own: [LinearConstraint]
  ) throws(Z3Error) -> (region: [LinearConstraint], rounds: RunWithRounds)? {
    var best: (region: [LinearConstraint], rounds: RunWithRounds)?
    for _ in 0..<Self.roundCount {
      let known = best?.region ?? own
      let candidates = (best?.rounds ?? RunWithRounds(run.path)).candidates(problem, isSame: ==)
      guard let wider = try wider(than: known, candidates, run) else { break }
      best = wider
    }
    return best
  }

  private func wider(
    than region: [LinearConstraint],
    _ candidates: [RunWithRounds],
    _ run: BoundedSearch.Run
  ) throws(Z3Error) -> (region: [LinearConstraint], rounds: RunWithRounds)? {
    let simplifier = RegionSimplifier(encoder, assuming: assumptions)
    for candidate in candidates.prefix(Self.candidateCount) {
      if shouldStop() != nil { return nil }
      guard let found = projection(candidate, run) else { continue }
      let reduced = try simplifier.reduced(found)
      if try simplifier.contains(reduced, region), try !simplifier.contains(region, reduced) {
        return (reduced, candidate)
      }
    }
    return nil
  }

  private func projection(
    _ candidate: RunWithRounds,
    _ run: BoundedSearch.Run
  ) -> [LinearConstraint]? {
    do throws(Projection.TooLarge) {
      return try Projection.region(
        problem,
        candidate.parts,
        literals: run.literals,
        shouldStop: shouldStop
      )
    } catch {
      return nil
    }
  }

  /// Whether a run comes to one location more than once.
  func goesRound(_ run: BoundedSearch.Run) -> Bool {
    let visited = [problem.initial ?? 0] + run.path.map { problem.edges[$0].target }
    return Set(visited).count < visited.count
  }
}

extension Synthesis.Cut {
  /// Rounds of the longest run that is shown.
  private static let shownRounds = 12

  /// Runs to show: the one that was found, and where there are rounds, ones with some of them.
  var runs: [BoundedSearch.Run] {
    guard let rounds else { return [run] }
    return [run]
      + (1...Self.shownRounds).map { count in
        BoundedSearch.Run(path: rounds.path(rounds: count), literals: run.literals)
      }
  }
}

extension RegionSimplifier {
  /// Whether a region has all of another one in it.
  fileprivate func contains(
    _ region: [LinearConstraint],
    _ other: [LinearConstraint]
  ) throws(Z3Error) -> Bool {
    let facts = other.map { [$0] }
    for constraint in region where try !implies(facts, [constraint]) { return false }
    return true
  }
}
