import LingerEval
import LingerModel
import LingerSolve
import LingerTestSupport
import Testing

/// Random specs in which durations are compared, mostly inside other values: what is said of all
/// parameter values must be true at other ones too, or nothing is said.
///
/// A control graph made for the values in force is wrong for others where they compare otherwise;
/// so the verdict in force is no test of it.
@Suite struct HiddenComparisonTests {
  static let seeds = Seeds(for: "hidden comparisons")
  static let batchCount = 4
  static let specsPerBatch = 120
  static let pointsPerClaim = 8

  @Test("what is said of compared durations holds at other values", arguments: 0..<batchCount)
  func claims(batch: Int) throws {
    var (refused, judged) = (0, 0)
    for number in 0..<Self.specsPerBatch {
      let seed = Self.seeds.seed(number * Self.batchCount + batch)
      var numbers = RandomNumbers(seed: seed)
      let sample = try TimedSample(seed: seed, comparisons: true)
      guard sample.durations.count > 1 else { continue }
      for property in sample.questions.prefix(4) {
        var options = TimedOptions()
        options.resourceUnits = 4_000_000
        options.wantsCertificate = false
        let end = ContinuousClock.now + .seconds(2)
        options.budget.interruption = { ContinuousClock.now > end ? "time limit" : nil }
        let report = synthesize(
          sample.model,
          property: property,
          for: sample.durations,
          options: options
        )
        let name = sample.model.properties[property].name
        #expect(report.internalErrors.isEmpty, "\(name): \(report.internalErrors)\n\(sample)")
        guard case .weakest(let condition) = report.outcome else {
          refused += 1
          continue
        }
        let printed = try TimedPrintedCondition(condition.clauses)
        for _ in 0..<Self.pointsPerClaim {
          guard let chosen = try sample.point(free: sample.durations, &numbers) else { continue }
          // A duration below zero at this point is an error of the spec there.
          guard let point = try? sample.compiled(at: chosen) else { continue }
          let expected = point.expected(property)
          if case .undecided = expected { continue }
          judged += 1
          let isAllowed = try printed.isTrue(at: point.values)
          #expect(
            isAllowed == (expected == .holds),
            "\(name): \(condition.text), at \(point.values) \(expected)\n\(sample)"
          )
        }
      }
    }
    print("hidden comparisons: \(refused) refused, \(judged) points")
    #expect(refused >= Self.specsPerBatch / 2)
  }
}
