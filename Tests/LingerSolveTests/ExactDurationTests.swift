import LingerModel
import LingerSolve
import LingerTestSupport
import Testing

/// Two timers race, and how large their durations are has no influence on how well it is known
/// which one wins.
@Suite struct ExactDurationTests {
  private struct Race: Sendable, CustomTestStringConvertible {
    var a: String
    var b: String
    var first: String
    var second: String
    /// What is needed for the first to be at the goal before the second.
    var condition: String
    var holds: Bool

    var testDescription: String { "\(first) against \(second), a = \(a), b = \(b)" }

    func model() throws -> Model {
      try Model(
        spec: """
          protocol Race
          parameter a: Duration = \(a)
          parameter b: Duration = \(b)
          role R {
            var isOn = false
            ghost var isLate = false
            timer one
            timer other
            transition go on internal when !isOn {
              isOn = true; start one for \(first); start other for \(second)
            }
            transition goal on timeout one { cancel other }
            transition tooLate on timeout other { isLate = true }
          }
          instances r: R
          timed invariant inTime { !r.isLate }
          """
      )
    }
  }

  private static let races = [
    Race(
      a: "1 ns",
      b: "3 s",
      first: "a + 1000000000000 s",
      second: "b",
      condition: "b > a + 1000000000000 s",
      holds: false
    ),
    Race(
      a: "10000000000 s",
      b: "1 ns",
      first: "a + b",
      second: "b",
      condition: "false",
      holds: false
    ),
    Race(
      a: "10000000000 s",
      b: "1 ns",
      first: "b",
      second: "a + b",
      condition: "a > 0 s",
      holds: true
    ),
    Race(
      a: "1 s",
      b: "3.000000001 s",
      first: "a",
      second: "b + 0.1 ns",
      condition: "b > a - 0.0000000001 s",
      holds: true
    ),
    Race(
      a: "1000000000000000 s",
      b: "1 s",
      first: "a * 100000",
      second: "b",
      condition: "b > 100000 * a",
      holds: false
    ),
    // Neither alone: `b > -a` would be no way to say it.
    Race(a: "1 s", b: "0 s", first: "0 s", second: "a + b", condition: "a + b > 0 s", holds: true),
    Race(
      a: "1 s",
      b: "1 s",
      first: "7 * a / 3",
      second: "5 * b / 11 + 0.333333 ms",
      condition: "b > 77/15 * a - 0.0007333326 s",
      holds: false
    ),
    Race(
      a: "1 s",
      b: "1 s",
      first: "1000003 * a",
      second: "1000033 * b + 1 ns",
      condition: "b > 1000003/1000033 * a - 1/1000033000000000 s",
      holds: true
    ),
    Race(
      a: "1 s",
      b: "2 s",
      first: "1000000007 * a / 998244353 + a / 999999893",
      second: "1000000009 * b / 999999937 + b / 1000000021",
      condition: "",
      holds: true
    ),
  ]

  @Test("a verdict is exact, and whose it is does not depend on sizes", arguments: races)
  private func verdicts(race: Race) throws {
    let answer = checkTimed(try race.model(), property: 0)
    #expect(answer.internalError == nil)
    switch answer.result.verdict {
    case .holds: #expect(race.holds)
    case .violated: #expect(!race.holds)
    case .unknown(let reason): Issue.record("\(reason)")
    }
  }

  @Test("so is a condition, whichever parameter it is for", arguments: races)
  private func conditions(race: Race) throws {
    let model = try race.model()
    var texts: [String] = []
    // The default of what is given up has no influence either.
    for (number, name) in [(0, "a"), (1, "b")] {
      for value in [nil, "0 s", "1 ns", "123456789012345678901234567890 s"] {
        var changed = model
        if let value {
          let number = number
          guard let seconds = Rational(decimal: String(value.split(separator: " ")[0])) else {
            preconditionFailure("a value is not a number")
          }
          changed.parameters[number].value = .duration(seconds)
        }
        let report = synthesize(changed, property: 0, for: [number])
        guard case .weakest(let condition) = report.outcome else {
          Issue.record("\(name): \(report.outcome)")
          continue
        }
        #expect(report.internalErrors.isEmpty)
        if name == "b" { texts.append(condition.text) }
      }
    }
    #expect(Set(texts).count == 1, "\(texts)")
    if !race.condition.isEmpty { #expect(texts.first == race.condition) }
  }
}
