import LingerEval
import LingerModel
import LingerTestSupport
import Testing

/// The judge itself: the zone explorer against one that counts ticks.
@Suite struct TimedJudgeTests {
  static let seeds = Seeds(for: "judges")
  static let batchCount = 4
  static let questionsPerBatch = 50
  /// Violations up to this depth must be found by ticks too.
  static let depth = 6
  static let positionLimit = 1_000

  @Test("zones and ticks agree", arguments: 0..<batchCount)
  func agreement(batch: Int) throws {
    var violated = 0
    var clean = 0
    var number = batch
    while violated + clean < Self.questionsPerBatch || violated < 10 || clean < 10 {
      try #require(number < 100 * Self.questionsPerBatch, "too few questions that time decides")
      let sample = try TimedSample(seed: Self.seeds.seed(number))
      number += Self.batchCount
      guard sample.hasGraph(upTo: 40) else { continue }
      for property in sample.questions {
        let expected = sample.expected(property)
        if expected == sample.expected(property, timeless: true) { continue }
        switch compare(sample, property, expected) {
        case .violated: violated += 1
        case .notFound: clean += 1
        case .tooLarge: break
        }
      }
    }
    print("judges: \(violated) violated, \(clean) not")
  }

  /// Asks by ticks, and says what came of it.
  private func compare(
    _ sample: TimedSample,
    _ property: Int,
    _ expected: ZoneExplorer.Answer
  ) -> TickExplorer.Answer {
    let name = sample.model.properties[property].name
    func ticks(_ ticksPerSecond: Int, upTo depth: Int) -> TickExplorer.Answer {
      TickExplorer(
        Evaluator(sample.model),
        sample.model.properties[property],
        ticksPerSecond: ticksPerSecond,
        limit: Self.positionLimit
      ).answer(upTo: depth)
    }
    switch expected {
    case .violated(let depth) where depth <= Self.depth:
      // Durations of half seconds: twice as many ticks as whole seconds need.
      let found = ticks(2 * (depth + 2), upTo: depth)
      if found != .tooLarge {
        #expect(found == .violated(depth: depth), "\(name)\n\(sample)")
      }
      return found
    case .violated(let depth):
      let found = ticks(4, upTo: depth - 1)
      if found != .tooLarge { #expect(found == .notFound, "\(name)\n\(sample)") }
      return .tooLarge
    case .holds, .cutOff:
      let found = ticks(4, upTo: .max)
      if found != .tooLarge { #expect(found == .notFound, "\(name)\n\(sample)") }
      return found
    case .undecided:
      return .tooLarge
    }
  }
}
