import LingerEval
import LingerExplore
import LingerModel
import LingerSolve
import LingerTestSupport
import Testing

/// Errors of the spec count in every timed answer: time must not seem to stop at them.
@Suite struct TimedErrorsTests {
  struct Case: Sendable, CustomStringConvertible {
    var description: String
    var network = "duplication, reordering, loss"
    /// What the sender and the receiver do besides.
    var sender = ""
    var receiver = "otherwise receive { }"
    /// The run that ends in an error.
    var error: (steps: Int, end: Int)
  }

  static let cases = [
    Case(
      description: "a value leaves its range",
      sender: "transition x on timeout t { n += 1; start t for a }",
      error: (4, 9)
    ),
    Case(
      description: "a network is full",
      network: "reordering, capacity 1",
      sender: "transition x on timeout t { send M(); start t for a }",
      receiver: "",
      error: (3, 6)
    ),
    Case(
      description: "a timer is started for less than no time, by a variable",
      sender: """
        transition x on timeout t when n == 0 { n = 1; start t for (n > 1 ? a : a - b - b) }
        """,
      error: (2, 3)
    ),
    Case(
      description: "a message that is due is not taken",
      network: "delay 0 s...b",
      sender: "transition x on timeout t when n == 0 { n = 1; send M() }",
      receiver: "",
      error: (2, 5)
    ),
    Case(
      description: "an urgent transition stays enabled",
      sender: """
        transition x on timeout t { n = 1 }
          urgent transition y on internal when n == 1 { }
        """,
      error: (2, 3)
    ),
    Case(
      description: "somebody else fails",
      sender: "transition x on timeout t { start t for a }",
      receiver: """
        timer u armed for b
          var k: 0...1 = 0
          transition z on timeout u { k += 1; start u for b }
          otherwise receive { }
        """,
      error: (2, 4)
    ),
  ]

  private func model(_ sample: Case) throws -> Model {
    try Model(
      spec: """
        protocol Errors
        parameter a: Duration = 3 s
        parameter b: Duration = 2 s
        parameter long: Duration = 100 s
        assume a > 0 s && b > 0 s && long > 0 s
        message M
        network { A -> B: M; \(sample.network) }
        role A {
          var n: 0...2 = 0
          var isLate = false
          timer t
          timer over
          transition go on call go() when n == 0 && !over.isArmed && !isLate {
            start t for a; start over for long
          }
          transition late on timeout over { isLate = true }
          \(sample.sender)
        }
        role B {
          \(sample.receiver)
        }
        instances p: A
        instances q: B
        timed invariant inTime { !p.isLate }
        """
    )
  }

  @Test(arguments: cases)
  func errorIsTold(_ sample: Case) throws {
    let model = try model(sample)
    for engine in [TimedEngine.automatic, .zones] {
      var options = TimedOptions()
      options.engine = engine
      let answer = checkTimed(model, property: 0, options: options)
      #expect(answer.internalError == nil)
      let error = try #require(answer.specError, "\(answer.result.verdict)")
      #expect(error.trace?.entries.count == sample.error.steps, "\(error.explanation)")
      #expect(error.timing?.end == Rational(sample.error.end), "\(error.explanation)")
      if case .holds = answer.result.verdict { Issue.record("it holds") }
    }
  }

  @Test(arguments: cases)
  func noConditionIsProved(_ sample: Case) throws {
    let report = synthesize(try model(sample), property: 0, for: [0])
    #expect(report.internalErrors.isEmpty, "\(report.internalErrors)")
    switch report.outcome {
    case .specError(let error): #expect(error.timing != nil)
    case .weakest(let condition):
      // With values for which time ends before, by the property's own violation.
      #expect(report.hasErrors && condition.text != "true", "\(condition.text)")
    case .unknown(let bad, let reason, _): Issue.record("\(reason), \(bad.text)")
    }
  }

  /// For some values of the parameters only.
  @Test func negativeDurationsBecomeConditions() throws {
    let model = try Model(
      spec: """
        protocol Negative
        parameter a: Duration = 3 s
        parameter b: Duration = 2 s
        role R {
          var n: 0...1 = 0
          timer t
          transition go on call go() when n == 0 { n = 1; start t for a - b }
        }
        instances r: R
        timed invariant p { r.n <= 1 || r.t.isArmed }
        timed invariant q { r.n == 1 implies r.t.isArmed }
        """
    )
    let report = synthesize(model, property: 0, for: [0])
    guard case .weakest(let condition) = report.outcome else {
      Issue.record("\(report.outcome)")
      return
    }
    #expect(condition.text == "a >= b")
    #expect(report.hasErrors)
    let answer = checkTimed(model, property: 0)
    #expect(answer.specError == nil)
    #expect(answer.result.verdict == .holds)
    #expect(answer.result.note?.contains("an error of the spec is reached with") == true)
  }

  /// What is armed from the start presumes what the language asks of the values in force.
  @Test func whatRunsFromTheStartIsPresumed() throws {
    let model = try Model(
      spec: """
        protocol Start
        parameter a: Duration = 3 s
        parameter b: Duration = 2 s
        role R { var x = false; timer t armed for a - b; transition f on timeout t { x = true } }
        instances r: R
        timed invariant p { !r.x }
        """
    )
    let report = synthesize(model, property: 0, for: [0])
    guard case .weakest(let condition) = report.outcome else {
      Issue.record("\(report.outcome)")
      return
    }
    #expect(condition.text == "false")
    #expect(report.assumptions == ["a - b >= 0 s"])
  }
}

/// What the untimed reading finds is asked of the timed one.
@Suite struct TimedAuditTests {
  /// A poll every `period`, answered within `work`; what the poller does when nothing is done yet
  /// is put in.
  private func findings(_ onSlow: String, work: String) throws -> [Question: String] {
    let model = try Model(
      spec: """
        protocol Audited
        parameter period: Duration = 10 s
        role R {
          var isDone = false
          var isBroken = false
          timer poll
          timer work
          transition go on call go() when !poll.isArmed && !isDone && !isBroken {
            start poll for period; start work for \(work)
          }
          transition done on timeout work { isDone = true }
          transition slow on timeout poll when !isDone { \(onSlow) }
        }
        instances r: R
        final { r.isDone && !r.poll.isArmed }
        possible canFinish { r.isDone }
        """
    )
    let audit = TimedAudit(model, options: TimedOptions())
    var result: [Question: String] = [:]
    for found in explore(model).results {
      guard case .violated(let violation) = found.verdict else { continue }
      switch audit.finding(found.question, violation) {
      case .allowed(let timed):
        result[found.question] = "at \(timed.timing.map { "\($0.end)" } ?? "")"
      case .excluded: result[found.question] = "excluded"
      case .undecided(let reason): result[found.question] = reason.text
      case .contradiction(let error): result[found.question] = error
      }
    }
    return result
  }

  @Test func errorsDependOnTime() throws {
    #expect(try findings("assert false", work: "9 s") == [.specErrors: "excluded"])
    #expect(try findings("assert false", work: "10 s") == [.specErrors: "at 10"])
  }

  @Test func deadlocksDependOnTime() throws {
    let stop = "isBroken = true; cancel work"
    let slow = try findings(stop, work: "11 s")
    let found: [Question] = [.deadlock, .finalReachable, .leftOpen, .property(1)]
    #expect(slow == Dictionary(uniqueKeysWithValues: found.map { ($0, "at 10") }))
    let quick = try findings(stop, work: "9 s")
    #expect(Set(quick.values) == ["excluded"])
    #expect(quick.count == found.count)
  }

  /// From whichever initial state the run begins.
  @Test func runsBeginInAnyInitialState() throws {
    let model = try Model(
      spec: """
        protocol Beginnings
        role R {
          var n: 0...2 = any
          timer t armed for 3 s
          transition x on timeout t { assert n != 2 }
        }
        instances r: R
        final { true }
        """
    )
    let report = explore(model)
    guard
      case .violated(let violation) = report.results.first(where: { $0.question == .specErrors })?
        .verdict
    else {
      Issue.record("no error")
      return
    }
    switch TimedAudit(model, options: TimedOptions()).finding(.specErrors, violation) {
    case .allowed(let timed): #expect(timed.timing?.end == Rational(3))
    case let other: Issue.record("\(other)")
    }
  }
}
