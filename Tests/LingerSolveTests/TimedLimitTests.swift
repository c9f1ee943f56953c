import LingerEval
import LingerModel
import LingerSolve
import LingerTestSupport
import Testing

/// Limits hold inside one state of the timed reading too.
@Suite struct TimedLimitTests {
  private func reason(_ spec: String, _ options: TimedOptions) throws -> String? {
    let answer = checkTimed(try Model(spec: spec), property: 0, options: options)
    #expect(answer.internalError == nil)
    guard case .unknown(let reason) = answer.result.verdict else { return nil }
    return reason.text
  }

  private func spec(call: String, property: String) -> String {
    """
    protocol Large
    parameter p: Duration = 5 s
    role A {
      var n: 0...3000000000 = 0
      timer t
      transition go on call go(\(call)) when !t.isArmed { n = 3000000000; start t for p }
      transition stop on timeout t { n = 0 }
    }
    instances a: A
    timed invariant x { \(property) }
    """
  }

  @Test("a call with more values than there may be locations is too much")
  func steps() throws {
    let spec = spec(call: "k: 0...3000000000", property: "a.n < 5")
    #expect(
      try reason(spec, TimedOptions()) == "more than 150000 steps lead on from one state"
    )
    var options = TimedOptions()
    options.locationLimit = 1 << 40
    options.budget = Countdown(20).budget()
    #expect(try reason(spec, options) == "stopped by the test")
  }

  @Test("a property that goes through too many values is stopped")
  func values() throws {
    let spec = spec(call: "", property: "exists v in 0...3000000000: v == a.n && v > 0")
    var options = TimedOptions()
    options.budget = Countdown(200).budget()
    #expect(try reason(spec, options)?.contains("stopped by the test") == true)
  }
}
