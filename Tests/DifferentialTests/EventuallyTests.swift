import LingerEval
import LingerExplore
import LingerModel
import LingerTestSupport
import Testing

/// `eventually` against the brute-force search for fair cycles, on random specs that ask for
/// little else.
///
/// As in ExplorerTests every run takes other specs, and `LINGER_SEED=n` those of an earlier one.
@Suite struct EventuallyTests {
  static let seeds = Seeds(for: "liveness specs")
  static let batchCount = 8
  static let specsPerBatch = 400
  static let stateCap = 120
  /// A run that is fair since it stays where a message that is sent again and again is not taken:
  /// few specs have one.
  static let tellingSeed: UInt64 = 105_925_621

  @Test("explorer and brute force agree on what happens in the end", arguments: 0..<batchCount)
  func agreement(batch: Int) throws {
    // The first batch takes the same specs every time.
    let seeds = batch == 0 ? Seeds(from: 1) : Self.seeds
    var compared = 0
    var (kept, broken, measured) = (0, 0, 0)
    var number = batch
    while compared < Self.specsPerBatch {
      defer { number += Self.batchCount }
      try #require(number < 40 * Self.batchCount * Self.specsPerBatch, "too few specs of use")
      let seed = number == 0 ? Self.tellingSeed : seeds.seed(number)
      let spec = RandomLivenessSpec(seed: seed)
      let model = try Model(spec: spec.text)
      let evaluator = Evaluator(model)
      guard let expected = BruteForce(evaluator, stateLimit: Self.stateCap), expected.states > 3
      else { continue }
      compared += 1
      let report = explore(model)
      let differences = expected.differences(from: report, on: evaluator)
      #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))\n\(spec.text)")
      for result in report.results where result.question.isEventually(in: model) {
        if case .holds = result.verdict { kept += 1 }
        guard case .violated(let violation) = result.verdict else { continue }
        broken += 1
        guard case .property(let property) = result.question, result.note == nil,
          let steps = expected.shortestBreach(of: model.properties[property])
        else { continue }
        measured += 1
        #expect(violation.trace?.entries.count == steps, "not the shortest\n\(spec.text)")
      }
    }
    print("liveness specs: \(compared) compared, \(kept) promises kept, \(broken) broken")
    print("liveness specs: \(measured) runs have the fewest steps")
    #expect(kept > Self.specsPerBatch / 4 && broken > Self.specsPerBatch / 2)
    #expect(measured > Self.specsPerBatch / 4)
  }
}
