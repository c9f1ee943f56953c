import LingerEval
import LingerModel
import LingerSolve
import LingerTestSupport
import Testing

/// Synthesized conditions against the independent zone explorer, at random points.
///
/// The points are small numbers, so that many of them lie exactly on a border of the condition,
/// where only strictness tells right from wrong.
@Suite struct TimedSynthesisTests {
  static let seeds = Seeds(for: "synthesis")
  static let batchCount = 4
  /// Conditions of a batch that are more than `true` or `false`.
  static let conditionsPerBatch = 10
  static let pointsPerCondition = 12

  private struct Tally {
    var asked = 0
    var proper = 0
    var trivial = 0
    var unknown = 0
    var errors = 0
    var good = 0
    var bad = 0
    var ties = 0
  }

  @Test("a condition is true exactly where the property holds", arguments: 0..<batchCount)
  func conditions(batch: Int) throws {
    var tally = Tally()
    var number = batch
    while tally.proper < Self.conditionsPerBatch {
      let sample = try TimedSample(seed: Self.seeds.seed(number))
      var numbers = RandomNumbers(seed: Self.seeds.seed(number))
      number += Self.batchCount
      guard sample.durations.count > 1, sample.hasGraph(upTo: 40) else { continue }
      // Where time does not decide for the values in force, it seldom does for others.
      let timely = sample.questions.first { property in
        sample.expected(property) != sample.expected(property, timeless: true)
      }
      guard let timely else { continue }
      let released = numbers.happens(60) ? sample.durations : [sample.durations[0]]
      try compare(sample, timely, released, &numbers, &tally)
    }
    print("synthesis: \(tally)")
    // Far below what is usual: a batch that compares nothing fails, an unusual one does not.
    #expect(tally.good >= 3 && tally.bad >= 3 && tally.ties >= 1)
    #expect(tally.unknown <= max(2, tally.asked / 2))
  }

  private func compare(
    _ sample: TimedSample,
    _ property: Int,
    _ released: [Int],
    _ numbers: inout RandomNumbers,
    _ tally: inout Tally
  ) throws {
    var options = TimedOptions()
    options.resourceUnits = 10_000_000
    // Some conditions have no end: p < q or p < 2 * q or p < 3 * q ...
    let end = ContinuousClock.now + .seconds(5)
    options.budget.interruption = { ContinuousClock.now > end ? "time limit" : nil }
    let report = synthesize(sample.model, property: property, for: released, options: options)
    let name = sample.model.properties[property].name
    #expect(report.internalErrors.isEmpty, "\(name): \(report.internalErrors)\n\(sample)")
    tally.asked += 1
    let condition: SynthesisReport.ParameterCondition
    switch report.outcome {
    case .weakest(let weakest): condition = weakest
    case .specError:
      // There is none, wherever one looks.
      tally.errors += 1
      condition = SynthesisReport.ParameterCondition(clauses: [[]])
    case .unknown:
      tally.unknown += 1
      return
    }
    let printed = try TimedPrintedCondition(condition.clauses)
    if printed.isProper { tally.proper += 1 } else { tally.trivial += 1 }
    // What is not released and has a symbolic default keeps it.
    let free = sample.durations.filter {
      released.contains($0) || sample.model.parameters[$0].definition == nil
    }
    for _ in 0..<(printed.isProper ? Self.pointsPerCondition : 2) {
      guard let point = try sample.point(free: free, &numbers) else { continue }
      let expected = point.expected(property)
      if case .undecided = expected { continue }
      if expected == .holds { tally.good += 1 } else { tally.bad += 1 }
      if try printed.hasTie(at: point.values) { tally.ties += 1 }
      let isAllowed = try printed.isTrue(at: point.values)
      #expect(
        isAllowed == (expected == .holds),
        "\(name): \(condition.text), at \(point.values) \(expected)\n\(sample)"
      )
    }
    if let line = report.profiles.first, let holds = line.holds {
      let expected = sample.expected(property)
      if case .undecided = expected { return }
      #expect(holds == (expected == .holds), "\(name): in force \(expected)\n\(sample)")
    }
  }

  @Test("the end of a close at random points", arguments: 0...4)
  func lastFin(resends: Int) throws {
    let sample =
      resends == 4
      ? try TimedSample(path: "tcp-timing/LastFinAnySchedule.linger")
      : try TimedSample(
        path: "tcp-timing/LastFin.linger",
        setting: [("resends", "\(resends)")]
      )
    var numbers = RandomNumbers(seed: Self.seeds.seed(resends))
    var verdicts: [ZoneExplorer.Answer: Int] = [:]
    for property in sample.questions {
      for count in 0..<8 {
        guard let point = try sample.point(free: sample.durations, &numbers, largest: 6) else {
          continue
        }
        let expected = point.expected(property)
        if case .undecided = expected { continue }
        verdicts[expected, default: 0] += 1
        let name = sample.model.properties[property].name
        for engine in count == 0 ? [TimedEngine.zones, .spacer] : [.zones] {
          let found = point.answer(property, by: engine).judged
          #expect(
            found == expected,
            "\(sample), \(name) by \(engine) at \(point.values), seed \(Self.seeds.first)"
          )
        }
      }
    }
    let points = verdicts.values.reduce(0, +)
    #expect(points >= 12, "\(verdicts)")
    print("\(sample): \(points) points")
  }
}
