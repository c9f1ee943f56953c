import LingerModel
import LingerSolve
import LingerTestSupport
import Testing

/// Runs that go round: one clause for all numbers of rounds.
@Suite struct RoundTests {
  /// Each copy of the packet keeps the session open for `idle` more.
  private static let session = """
    protocol Session
    parameter life: Duration = 30 s
    parameter idle: Duration = 10 s
    parameter limit: Duration = 50 s
    assume life > 0 s && idle > 0 s
    message Packet
    network { Source -> Sink: Packet; loss, duplication, reordering; lifetime life }
    role Source {
      var isSent = false
      transition go on internal when !isSent { isSent = true; send Packet() }
    }
    enum Phase { fresh, open, closed }
    role Sink {
      var phase: Phase = .fresh
      ghost var isLate = false
      timer quiet
      timer observer
      transition first on receive _: Packet when phase == .fresh {
        phase = .open; start quiet for idle; start observer for limit
      }
      transition copy on receive _: Packet when phase == .open { start quiet for idle }
      transition over on timeout quiet { phase = .closed; cancel observer }
      transition late on timeout observer { isLate = true }
      otherwise receive { }
    }
    instances source: Source
    instances sink: Sink
    timed invariant closesInTime { !sink.isLate }
    """

  /// Beats may be lost, so that however patient the monitor is, some number of beats is sent before
  /// it suspects.
  private static let heartbeat = """
    protocol Beats
    parameter period: Duration = 10 s
    parameter patience: Duration = 15 s
    assume period > 0 s && patience > 0 s
    message Beat
    network { Process -> Monitor: Beat; loss, duplication, reordering }
    role Process {
      timer beat
      transition begin on call begin() when !beat.isArmed { send Beat(); start beat for period }
      transition again on timeout beat { send Beat(); start beat for period }
    }
    role Monitor {
      var suspects = false
      timer wait
      transition heard on receive _: Beat { suspects = false; start wait for patience }
      transition suspect on timeout wait { suspects = true }
    }
    instances process: Process
    instances monitor: Monitor
    timed invariant trusts { !monitor.suspects }
    """

  /// True unless one duration is a multiple of the other: no finite condition says that.
  private static let multiples = """
    protocol Multiples
    parameter short: Duration = 2 s
    parameter long: Duration = 3 s
    assume short > 0 s && long > 0 s
    role R {
      var isOn = false
      var isBad = false
      timer one
      timer other
      timer moment
      transition go on internal when !isOn {
        isOn = true; start one for short; start other for long
      }
      transition again on timeout one { start moment for 0 s; start one for short }
      transition once on timeout other { if moment.isArmed { isBad = true } }
    }
    instances r: R
    timed invariant never { !r.isBad }
    """

  @Test(
    "conditions",
    arguments: [
      (session, "limit", "limit >= life + idle"), (heartbeat, "patience", "false"),
    ]
  )
  func conditions(text: String, parameter: String, expected: String) throws {
    let model = try Model(spec: text)
    let number = try #require(model.parameters.firstIndex { $0.name == parameter })
    let report = synthesize(model, property: 0, for: [number])
    guard case .weakest(let condition) = report.outcome else {
      Issue.record("\(report.outcome)")
      return
    }
    #expect(condition.text == expected)
    #expect(report.internalErrors.isEmpty && report.violations.count == 1)
  }

  @Test("the violation shown is the nearest one, with as many rounds as it needs")
  func nearest() throws {
    let model = try Model(spec: Self.session)
    let report = synthesize(model, property: 0, for: [2])
    let timing = try #require(report.violations.first?.timing)
    // A packet may come up to 30 s late, not at 30 s.
    #expect(timing.settings.map(\.value) == [Rational(30), Rational(10), Rational(39)])
  }

  @Test("what has no end is given up, with what is known")
  func multiples() throws {
    let model = try Model(spec: Self.multiples)
    let report = synthesize(model, property: 0, for: [1])
    guard case .unknown(let bad, let reason, _) = report.outcome else {
      Issue.record("\(report.outcome)")
      return
    }
    #expect(bad.clauses.count > 5 && reason.text.contains("goes round"))
  }
}
