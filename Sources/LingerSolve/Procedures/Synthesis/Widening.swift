import LingerModel

/// Looks for the region of all runs that differ from a violating one in how often they go round.
struct Widening {
  /// The run as a problem of its own.
  private let problem: TimedProblem
  private let encoder: Encoder
  private let assumptions: [BoolTerm]
  private let budget: Budget

  init(
    _ problem: TimedProblem,
    _ encoder: Encoder,
    _ assumptions: [BoolTerm],
    _ budget: Budget
  ) {
    self.problem = problem
    self.encoder = encoder
    self.assumptions = assumptions
    self.budget = budget
  }

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
      let candidates = (best?.rounds ?? RunWithRounds(run.path)).candidates(problem, isSame: isSame)
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
      if budget.isExhausted { return nil }
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
        budget: budget
      )
    } catch {
      return nil
    }
  }

  /// Whether two locations of the run are one location of the graph. What was sent by then may
  /// differ: what leads from the first to the second is possible there again, since nothing that
  /// was sent is ever taken back.
  private func isSame(_ one: Int, _ other: Int) -> Bool {
    problem.isSameLocation(one, other)
  }
}

extension ExactRun {
  /// Whether it comes to one location of the graph more than once.
  var goesRound: Bool {
    let locations = problem.locations.indices
    return locations.contains { one in
      locations.contains { other in one < other && problem.isSameLocation(one, other) }
    }
  }
}

extension TimedProblem {
  /// Whether two locations of a chain are one location of the graph that it was found in.
  fileprivate func isSameLocation(_ one: Int, _ other: Int) -> Bool {
    let (left, right) = (graph.locations[one], graph.locations[other])
    return left.state == right.state && left.deadlines == right.deadlines
  }
}

extension ConditionSearch.Cut {
  /// Rounds of the longest run that is shown.
  private static let shownRounds = 12

  /// Runs to show: the one that was found, where its steps have other orders one of these, and
  /// where there are rounds, ones with some of them.
  var runs: [ExactRun] {
    var found = run
    found.order = .asFound
    guard let rounds else { return run.order == .asFound ? [run] : [found, run] }
    return [run]
      + (1...Self.shownRounds).map { count in
        let path = rounds.path(rounds: count)
        let longer = BoundedSearch.Run(path: path, literals: run.run.literals)
        return ExactRun(problem: run.problem, run: longer)
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
