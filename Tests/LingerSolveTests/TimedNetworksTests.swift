import LingerEval
import LingerModel
import LingerSolve
import LingerTestSupport
import Testing

/// Copies with ages of their own, delays, urgent transitions and elapsed time, in specs small
/// enough to say what is so; every engine and the judge have to say it too.
@Suite struct TimedNetworksTests {
  struct Case: Sendable, CustomStringConvertible {
    var description: String
    var network: String
    var sender: String
    var receiver: String
    var claim: String
    /// Nil where the claim is true in all runs, else the steps to a state in which it is not.
    var depth: Int?
  }

  static let cases = [
    Case(
      description: "a message does not arrive too soon",
      network: "delay 2 s...3 s",
      sender: "transition go on call go() when !done { done = true; start t for 1 s; send M() }",
      receiver: "transition m on receive _: M { got = true }",
      claim: "a.t.isArmed implies !b.got",
      depth: nil
    ),
    Case(
      description: "a message arrives as soon as it may",
      network: "delay 1 s...3 s",
      sender: "transition go on call go() when !done { done = true; start t for 1 s; send M() }",
      receiver: "transition m on receive _: M { got = true }",
      claim: "a.t.isArmed implies !b.got",
      depth: 2
    ),
    Case(
      description: "a message that is not lost arrives in time",
      network: "delay 0 s...1 s",
      sender: """
        transition go on call go() when !t.isArmed && !done { start t for 2 s; send M() }
          transition over on timeout t { done = true }
        """,
      receiver: "transition m on receive _: M { got = true }",
      claim: "a.done implies b.got",
      depth: nil
    ),
    Case(
      description: "a message may be lost",
      network: "loss, delay 0 s...1 s",
      sender: """
        transition go on call go() when !t.isArmed && !done { start t for 2 s; send M() }
          transition over on timeout t { done = true }
        """,
      receiver: "transition m on receive _: M { got = true }",
      claim: "a.done implies b.got",
      depth: 3
    ),
    Case(
      description: "what loses nothing delivers within the lifetime",
      network: "lifetime 2 s",
      sender: """
        transition go on call go() when !t.isArmed && !done { start t for 2 s; send M() }
          transition over on timeout t { done = true }
        """,
      receiver: "transition m on receive _: M { got = true }",
      claim: "a.done implies b.got",
      depth: nil
    ),
    Case(
      description: "a longest delay may be met exactly",
      network: "delay 0 s...2 s",
      sender: """
        transition go on call go() when !t.isArmed && !done { start t for 2 s; send M() }
          transition over on timeout t { done = true }
        """,
      receiver: "transition m on receive _: M { got = true }",
      claim: "a.done implies b.got",
      depth: 2
    ),
    Case(
      description: "a copy sent later arrives later",
      network: "reordering, capacity 2, delay 2 s...3 s",
      sender: """
        transition go on call go() when !t.isArmed && !done { start t for 1 s; send M() }
          transition over on timeout t when !done { done = true; start t for 1 s; send M() }
        """,
      receiver: "transition m on receive _: M when !got { got = true }\n  "
        + "transition n on receive _: M when got { both = true }",
      claim: "a.done && a.t.isArmed implies !b.both",
      depth: nil
    ),
    Case(
      description: "a copy sent before is old enough",
      network: "reordering, capacity 2, delay 2 s...3 s",
      sender: """
        transition go on call go() when !t.isArmed && !done { start t for 1 s; send M() }
          transition over on timeout t when !done { done = true; start t for 1 s; send M() }
        """,
      receiver: "transition m on receive _: M when !got { got = true }",
      claim: "a.done && a.t.isArmed implies !b.got",
      depth: 3
    ),
    Case(
      description: "a duplicate is as old as its original",
      network: "duplication 1, delay 2 s...2 s",
      sender: "transition go on call go() when !done { done = true; send M() }",
      receiver: "transition m on receive _: M when !got { got = true; start u for 1 s }\n  "
        + "transition n on receive _: M when late { both = true }\n  "
        + "transition o on timeout u { late = true }",
      claim: "!b.both",
      depth: nil
    ),
    Case(
      description: "no time passes an urgent transition",
      network: "delay 1 s...1 s",
      sender: """
        transition go on call go() when !t.isArmed && !done { start t for 1 s; send M() }
          urgent transition now on internal when t.isArmed && !done { done = true }
          transition over on timeout t { }
        """,
      receiver: "transition m on receive _: M { got = true }",
      claim: "b.got implies a.done",
      depth: nil
    ),
    Case(
      description: "what is urgent at the start comes first",
      network: "delay 0 s...1 s",
      sender: """
        timer s armed for 1 s
          urgent transition first on call first() when !done { done = true }
          transition over on timeout s { send M() }
        """,
      receiver: "transition m on receive _: M { got = true }",
      claim: "!b.got",
      depth: 3
    ),
    Case(
      description: "a guard waits for elapsed time",
      network: "delay 0 s...1 s",
      sender: """
        transition go on call go() when !t.isArmed && !done { start t for 5 s; send M() }
          transition late on internal when t.elapsed > 1 s && !done { done = true }
          transition over on timeout t { }
        """,
      receiver: "transition m on receive _: M { got = true }",
      claim: "a.done implies b.got",
      depth: nil
    ),
    Case(
      description: "a guard waits for less elapsed time",
      network: "delay 0 s...1 s",
      sender: """
        transition go on call go() when !t.isArmed && !done { start t for 5 s; send M() }
          transition late on internal when t.elapsed >= 1 s && !done { done = true }
          transition over on timeout t { }
        """,
      receiver: "transition m on receive _: M { got = true }",
      claim: "a.done implies b.got",
      depth: 2
    ),
  ]

  @Test("every engine says what is so", arguments: cases)
  func verdicts(_ one: Case) throws {
    let model = try Model(spec: spec(one))
    let expected = one.depth.map { ZoneExplorer.Answer.violated(depth: $0) } ?? .holds
    var judge = ZoneExplorer(Evaluator(model), model.properties[0])
    #expect(judge.answer() == expected, "the judge")
    for engine in [TimedEngine.zones, .spacer] {
      var options = TimedOptions()
      options.engine = engine
      let answer = checkTimed(model, property: 0, options: options)
      #expect(answer.judged == expected, "\(engine)")
    }
  }

  private func spec(_ one: Case) -> String {
    """
    protocol Case
    message M
    network {
      A -> B: M
      \(one.network)
    }
    role A {
      var done = false
      timer t
      \(one.sender)
    }
    role B {
      var got = false
      var both = false
      var late = false
      timer u
      \(one.receiver)
      otherwise receive { }
    }
    instances a: A
    instances b: B
    timed invariant claim { \(one.claim) }
    """
  }

  /// A failure detector: a network that loses nothing and has a lifetime is bounded in its delay.
  @Test("patience has to cover a period and a delay")
  func heartbeat() throws {
    for (patience, expected) in [("15 s", "holds"), ("12 s", "holds"), ("11 s", "violated")] {
      let model = try Model(
        spec: """
          protocol Beats
          message Beat
          network { Process -> Monitor: Beat; lifetime 2 s }
          role Process {
            var isUp = true
            timer beatTimer
            transition begin on call begin() when isUp && !beatTimer.isArmed {
              send Beat()
              start beatTimer for 10 s
            }
            transition beat on timeout beatTimer when isUp { send Beat(); start beatTimer for 10 s }
            transition crash on call crash() when isUp { isUp = false; cancel beatTimer }
          }
          role Monitor {
            var suspects = false
            timer patienceTimer
            transition beat on receive _: Beat {
              suspects = false
              start patienceTimer for \(patience)
            }
            transition suspect on timeout patienceTimer { suspects = true }
          }
          instances process: Process
          instances monitor: Monitor
          timed invariant noFalseSuspicion { monitor.suspects implies !process.isUp }
          """
      )
      let options = TimedOptions()
      let answer = checkTimed(model, property: 0, options: options)
      #expect("\(answer.judged)".hasPrefix(expected), "\(patience): \(answer.judged)")
    }
  }
}
