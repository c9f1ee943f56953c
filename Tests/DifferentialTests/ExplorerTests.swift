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
  static let specsPerBatch = 64
  static let fewStates = 3
  static let stateCap = 250

  /// The same specs every time, besides those of the clock.
  static let fixedSeeds = Seeds(from: 1)
  static let fixedBatchCount = 2

  @Test("explorer and brute force agree", arguments: 0..<batchCount)
  func agreement(batch: Int) throws {
    let isFixed = batch < Self.fixedBatchCount
    let seeds = isFixed ? Self.fixedSeeds : Self.seeds
    var compared = 0
    var small = 0
    var skipped = 0
    while compared < Self.specsPerBatch {
      let number = (compared + small + skipped) * Self.batchCount + batch
      let spec = RandomSpec(seed: seeds.seed(number))
      let model = try Model(spec: spec.text)
      let evaluator = Evaluator(model)
      guard let expected = BruteForce(evaluator, stateLimit: Self.stateCap) else {
        skipped += 1
        try #require(skipped < 4 * Self.specsPerBatch, "too many large specs")
        continue
      }
      if expected.states > Self.fewStates { compared += 1 } else { small += 1 }
      var options = ExploreOptions()
      options.remembersSteps = number % 3 != 0
      options.compressesStates = number % 2 == 0
      // Layers of a few states are shared, too.
      options.threads = 1 + number % 3
      options.statesAtOnce = [1, 2, 256][number / 3 % 3]
      let report = explore(model, options: options)
      let differences = expected.differences(from: report, on: evaluator)
      #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))\n\(spec.text)")
      let asked = model.questions[number % model.questions.count]
      let alone = expected.differences(asking: asked, on: evaluator)
      #expect(alone.isEmpty, "\(alone.joined(separator: "\n"))\n\(spec.text)")
    }
    print("random specs: \(compared) compared, \(small) with few states, \(skipped) too large")
  }

  /// A role that counts far beside a small spec: thousands of layers.
  private static func deepened(_ text: String) -> String {
    """
    \(text)
    role Distance {
      var far: 0...1500
      transition further on internal when far < 1500 { far += 1 }
      transition home on internal when far > 1490 { far = 0 }
    }
    instances distance: Distance
    possible halfway { distance.far == 750 }
    possible never { distance.far == 750 && distance.far == 0 }
    """
  }

  @Test("they agree in thousands of layers", arguments: 0..<4)
  func deep(batch: Int) throws {
    var compared = 0
    var number = batch
    while compared < 2 {
      defer { number += 4 }
      let text = RandomSpec(seed: (batch == 0 ? Self.fixedSeeds : Self.seeds).seed(number)).text
      let small = Evaluator(try Model(spec: text))
      guard let states = BruteForce(small, stateLimit: 6)?.states, states > 1 else { continue }
      let model = try Model(spec: Self.deepened(text))
      let evaluator = Evaluator(model)
      guard let expected = BruteForce(evaluator, stateLimit: 20_000) else { continue }
      compared += 1
      let differences = expected.differences(from: explore(model), on: evaluator)
      #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))\n\(text)")
    }
  }

  @Test("a budget of no losses leaves only what a full network drops")
  func noLosses() throws {
    var compared = 0
    for number in 0..<4000 where compared < 12 {
      let text = RandomSpec(seed: Self.fixedSeeds.seed(number)).text
      guard text.contains("\n  loss 0, reordering, capacity") else { continue }
      let options = ExploreOptions(budget: Budget(states: 2000))
      let lossless = explore(try Model(spec: text), options: options)
      let lossy = explore(
        try Model(
          spec: text.replacing("\n  loss 0, reordering", with: "\n  loss, reordering")
        ),
        options: options
      )
      // A multiset needs no acts of loss; without them the two differ in what counts as stuck.
      #expect(lossless.statistics.states == lossy.statistics.states, "\(text)")
      #expect(lossless.statistics.transitions == lossy.statistics.transitions, "\(text)")
      compared += 1
    }
    #expect(compared == 12)
  }
}
