import LingerModel
import LingerSolve
import LingerTestSupport
import Testing

/// Runs read off what Spacer found.
@Suite struct SpacerTraceTests {
  /// Z3 leaves the first steps out of its trace of this spec: they ask for nothing of the clocks.
  private let text = """
    protocol LateRound
    parameter p: Duration = 6 s
    parameter q: Duration = 2 * p
    enum Phase { P0, P1, P2, P3 }
    message M { }
    network { Right -> Left: M; duplication, reordering }
    role Left {
      var phase: Phase = .P0
      timer t
      timer u
      transition s0 on internal when phase == .P0 { phase = .P1; start u for p; cancel u }
      transition s1 on receive _: M when phase == .P1 { phase = .P2; start t for q + q; cancel u }
      transition s2 on timeout t when phase == .P2 { phase = .P3 }
      transition s4 on timeout u { phase = .P0 }
      transition s5 on receive _: M when phase == .P0 { phase = .P1; start u for 2 * q }
      otherwise receive { }
    }
    role Right {
      var phase: Phase = .P0
      var n: 0...2 = 0
      timer t
      timer u
      transition s0 on call go() when phase == .P0 && n < 2 {
        n += 1
        phase = .P1
        start u for p
        start t for q
      }
      transition s1 on timeout t when phase == .P1 && n < 2 && !(t.elapsed >= 2 * p) {
        n += 1
        phase = .P2
        cancel u
        start t for p
      }
      transition s2 on timeout t when phase == .P2 {
        phase = .P3
        cancel t
        start u for (phase == .P0 ? q : q - q)
        send M()
      }
      transition s4 on timeout u when phase == .P3 && network.count(M()) == 0 {
        phase = .P2
        send M()
      }
      transition s5 on timeout u when phase == .P1 && n < 2 { n += 1; phase = .P2 }
      transition round on timeout u when phase == .P3 { start u for 3 s }
    }
    instances a: Left
    instances b: Right
    timed invariant ask { a.phase == .P3 implies a.u.isArmed }
    """

  @Test("a trace that begins late is a run all the same")
  func late() throws {
    var options = TimedOptions()
    options.engine = .spacer
    let answer = checkTimed(try Model(spec: text), property: 0, options: options)
    #expect(answer.internalError == nil)
    guard case .violated(let violation) = answer.result.verdict else {
      Issue.record("\(answer)")
      return
    }
    #expect(violation.trace?.entries.count == 14)
  }
}
