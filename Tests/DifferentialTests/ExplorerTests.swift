import LingerEval
import LingerExplore
import LingerModel
import LingerTestSupport
import Testing

/// The explorer against the brute-force search, on random specs.
///
/// Every run takes other specs; `LINGER_SEED=n` takes those of an earlier one, and the seed of a
/// failing spec, which its first line names, takes that one first. Specs with more states than the
/// cap are counted and left out; those with very few are compared, but do not count.
@Suite struct ExplorerTests {
  static let seeds = Seeds(for: "random specs")
  static let batchCount = 16
  static let specsPerBatch = 130
  static let fewStates = 3
  static let stateCap = 250

  @Test("explorer and brute force agree", arguments: 0..<batchCount)
  func agreement(batch: Int) throws {
    var compared = 0
    var small = 0
    var skipped = 0
    while compared < Self.specsPerBatch {
      let number = (compared + small + skipped) * Self.batchCount + batch
      let spec = RandomSpec(seed: Self.seeds.seed(number))
      let model = try Model(spec: spec.text)
      let evaluator = Evaluator(model)
      guard let expected = BruteForce(evaluator, stateLimit: Self.stateCap) else {
        skipped += 1
        try #require(skipped < 4 * Self.specsPerBatch, "too many large specs")
        continue
      }
      if expected.states > Self.fewStates { compared += 1 } else { small += 1 }
      let report = explore(model, options: ExploreOptions())
      let differences = expected.differences(from: report, on: evaluator)
      #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))\n\(spec.text)")
    }
    print("random specs: \(compared) compared, \(small) with few states, \(skipped) too large")
  }
}
