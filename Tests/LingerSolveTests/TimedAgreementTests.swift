import LingerEval
import LingerModel
import LingerSolve
import LingerTestSupport
import Testing

/// What the solver says of timed invariants against the independent zone explorer, on random
/// specs.
///
/// Every run takes other specs; `LINGER_SEED=n` takes those of an earlier one, and the seed of a
/// failing spec, which its first line names, takes that one first. A violation must also have as
/// many steps as the shortest. Most questions have the same answer whatever the durations are;
/// those that have not are looked for, and counted. Specs with large control graphs are left out.
@Suite struct TimedAgreementTests {
  static let seeds = Seeds(for: "random timed specs")
  static let batchCount = 20
  static let specsPerBatch = 50
  /// Questions of a spec that are asked because time decides them.
  static let timelyPerSpec = 3
  /// Every so many specs are asked of Z3 as well.
  static let solverShare = 4

  private struct Tally {
    var specs = 0
    var tooLarge = 0
    /// Questions that time decides, and the others.
    var holds = 0
    var violated = 0
    var cutOff = 0
    var others = 0
    var undecided = 0
    /// Questions to Z3, and those that it left open.
    var solved = 0
    var unsolved = 0
    /// Points at which a note about other values was checked.
    var claims = 0
  }

  @Test("solver and zone explorer agree", arguments: 0..<batchCount)
  func agreement(batch: Int) throws {
    var tally = Tally()
    while tally.specs < Self.specsPerBatch {
      let number = (tally.specs + tally.tooLarge) * Self.batchCount + batch
      let sample = try TimedSample(seed: Self.seeds.seed(number), beginnings: true)
      guard sample.hasGraph(upTo: 60) else {
        tally.tooLarge += 1
        try #require(tally.tooLarge < 2 * Self.specsPerBatch, "too many large specs")
        continue
      }
      tally.specs += 1
      try compare(sample, &tally)
    }
    print("random timed specs: \(tally)")
    // Far from what is usual: a batch that compares little fails, an unusual one does not.
    #expect(tally.holds >= 1 && tally.violated >= 1)
    #expect(tally.others >= Self.specsPerBatch / 4)
    #expect(tally.undecided <= Self.specsPerBatch / 5)
    #expect(tally.solved >= Self.specsPerBatch / Self.solverShare / 2)
    #expect(tally.unsolved <= Self.specsPerBatch / 5)
  }

  private func compare(_ sample: TimedSample, _ tally: inout Tally) throws {
    var timely = 0
    for property in sample.questions where timely < Self.timelyPerSpec {
      let expected = sample.expected(property)
      if case .undecided = expected {
        tally.undecided += 1
        return
      }
      let timeless = sample.expected(property, timeless: true)
      if expected != timeless {
        timely += 1
        switch expected {
        case .holds: tally.holds += 1
        // Time does not stand still where there is none.
        case .cutOff: tally.cutOff += 1
        case .violated, .undecided: tally.violated += 1
        }
        // More runs, more violations, sooner.
        let isMore = if case .cutOff = expected { true } else { timeless != .holds }
        #expect(isMore, "the timeless judge, \(property)\n\(sample)")
      } else if property == sample.questions.first {
        tally.others += 1
      } else {
        continue
      }
      try compare(sample, property, expected, &tally)
    }
  }

  private func compare(
    _ sample: TimedSample,
    _ property: Int,
    _ expected: ZoneExplorer.Answer,
    _ tally: inout Tally
  ) throws {
    let name = sample.model.properties[property].name
    let zones = sample.answer(property, by: .zones)
    #expect(zones.judged == expected, "zones, \(name)\n\(sample)")
    guard tally.specs.isMultiple(of: Self.solverShare) else { return }
    let solver = sample.answer(property, by: .spacer)
    if case .undecided = solver.judged, solver.internalError == nil {
      tally.unsolved += 1
      return
    }
    tally.solved += 1
    #expect(solver.judged == expected, "solver, \(name)\n\(sample)")
    guard let note = solver.result.note, !note.contains("from other initial states") else {
      return
    }
    var numbers = RandomNumbers(seed: Self.seeds.first)
    let claim = try TimedClaim(note: note)
    for point in try claim.points(of: sample, count: 4, &numbers) {
      let expected = point.expected(property)
      if case .undecided = expected { continue }
      tally.claims += 1
      let isSo = (expected == .holds) == (claim.failing == nil)
      #expect(isSo, "\(name): \(note), at \(point.values)\n\(sample)")
    }
  }
}
