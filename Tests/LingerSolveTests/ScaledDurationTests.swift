import LingerModel
import LingerSolve
import LingerTestSupport
import Testing

/// A spec whose durations are all so many times longer, or shorter, is the same spec: its timed
/// reading must not notice, however far beyond machine words they are.
@Suite struct ScaledDurationTests {
  static let seeds = Seeds(for: "scaled specs")
  static let specCount = 36
  /// The numbers of a random spec go up to this.
  private static let largest = 6
  /// What each number of seconds is multiplied with, zeros after it, and units in the place of
  /// seconds. The first leaves the largest number just below 64 bits, so that sums and multiples
  /// lie beyond.
  static let scales: [(factor: Int, zeros: Int, unit: String)] = [
    (.max / largest, 0, "s"), (1, 12, "s"), (1, 18, "s"), (.max / largest, 0, "s"), (1, 30, "s"),
    (1, 0, "ns"), (1, 30, "ns"),
  ]

  @Test("verdicts do not depend on the unit of time")
  func verdicts() throws {
    var decided = 0
    var number = 0
    while decided < Self.specCount {
      let seed = Self.seeds.seed(number)
      let sample = try TimedSample(seed: seed)
      number += 1
      guard sample.hasGraph(upTo: 20) else { continue }
      let timely = sample.questions.first { property in
        sample.expected(property) != sample.expected(property, timeless: true)
      }
      guard let timely else { continue }
      let scale = Self.scales[decided % Self.scales.count]
      let scaled = try Model(spec: Self.scaled(sample.description, scale))
      var options = TimedOptions()
      options.wantsCertificate = false
      options.resourceUnits = 10_000_000
      let answer = checkTimed(scaled, property: timely, options: options)
      decided += 1
      if case .unknown = answer.result.verdict, answer.internalError == nil { continue }
      #expect(answer.judged == sample.expected(timely), "\(scale)\n\(sample)")
    }
  }

  /// The text with each `3 s` written as `3000 ns` or the like.
  private static func scaled(
    _ text: String,
    _ scale: (factor: Int, zeros: Int, unit: String)
  ) -> String {
    text.replacing(/(\d+) s\b/) { match in
      let number = (Int(match.1) ?? 0) * scale.factor
      return "\(number)" + String(repeating: "0", count: scale.zeros) + " \(scale.unit)"
    }
  }
}
