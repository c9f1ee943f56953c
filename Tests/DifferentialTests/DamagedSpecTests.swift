import LingerEval
import LingerExplore
import LingerModel
import LingerTestSupport
import Testing

/// Damaged specs that compile are explored: whatever they say, the search ends and agrees with the
/// brute force.
@Suite("exploring damaged specs")
struct DamagedSpecTests {
  /// Damaged texts of one run; nearly every second one compiles.
  static let count = 700
  static let stateCap = 60

  @Test("exploring damaged specs ends and is right", arguments: [true, false])
  func damaged(isFixed: Bool) throws {
    let seeds = isFixed ? Seeds(from: 1) : Seeds(for: "explored damaged specs")
    let library = try SpecFiles.paths.map { try SpecFiles.text($0) }
    var compared = 0
    for number in 0..<Self.count {
      let seed = seeds.seed(number)
      let isFromLibrary = number.isMultiple(of: 5)
      let text =
        isFromLibrary ? library[number / 5 % library.count] : RandomSpec(seed: seed).text
      var mutator = Mutator(seed: seed)
      let damaged = String(decoding: mutator.mutateMeaning(Array(text.utf8)), as: UTF8.self)
      guard let model = try? Model(spec: damaged) else { continue }
      let options = ExploreOptions(budget: Countdown(200).budget(states: 300))
      let report = explore(model, options: options)
      #expect(report.internalErrors == [], "seed \(seed)\n\(damaged)")
      let stop = StopCheck(Countdown(50).budget())
      let evaluator = Evaluator(model, stop: stop)
      // What has no initial state is refused before it is explored.
      guard report.statistics.states > 0, report.statistics.isComplete,
        report.statistics.states <= Self.stateCap,
        let expected = BruteForce(evaluator, stateLimit: Self.stateCap), stop.reason == nil
      else { continue }
      compared += 1
      let differences = expected.differences(from: report, on: evaluator)
      #expect(
        differences.isEmpty || stop.reason != nil,
        "seed \(seed)\n\(differences.joined(separator: "\n"))\n\(damaged)"
      )
    }
    #expect(compared > 50)
  }
}
