import LingerDiagnostics
import LingerModel
import LingerReport
import Testing

@Suite struct TimedReportTests {
  /// The closing peers with durations, and a property of the timed reading.
  private static var peers: ClosingPeers {
    var peers = ClosingPeers()
    for (name, value) in [("msl", Rational(120)), ("wait", Rational(60))] {
      peers.model.parameters.append(
        Parameter(
          name: name,
          documentation: nil,
          type: .duration,
          value: .duration(value),
          definition: nil,
          span: .none
        )
      )
    }
    peers.model.properties[0].kind = .timedInvariant
    return peers
  }

  /// Thirds of seconds, half seconds and whole ones.
  private static var timing: TimedRun {
    TimedRun(
      settings: [
        TimedRun.Setting(parameter: 0, value: Rational(120)),
        TimedRun.Setting(parameter: 1, value: Rational(119, over: 2) ?? .zero),
      ],
      times: [.zero, Rational(1, over: 3) ?? .zero, Rational(119, over: 2) ?? .zero],
      end: Rational(60),
      bounds: [nil, "age 1/3 s < 120 s", "due at 59.5 s"],
      alive: [
        TimedRun.Alive(
          envelope: ClosingPeers.segment(1, fin: true),
          age: Rational(60),
          lifetime: Rational(120)
        ),
        TimedRun.Alive(
          envelope: ClosingPeers.segment(0, from: 1, to: 0),
          age: Rational(179, over: 3) ?? .zero,
          lifetime: nil
        ),
      ]
    )
  }

  private static func violation(_ peers: ClosingPeers) -> Violation {
    Violation(
      explanation: "b.state is .CLOSED at 60 s",
      trace: peers.duplicateArrival,
      timing: timing
    )
  }

  private static func report(_ peers: ClosingPeers) -> CheckReport {
    CheckReport(
      results: [
        PropertyResult(question: .deadlock, verdict: .holds, note: "a note to what holds"),
        PropertyResult(question: .property(0), verdict: .violated(violation(peers))),
      ],
      statistics: ExplorationStatistics(),
      vacuity: [],
      firings: []
    )
  }

  @Test("a timed violation shows when, why then, the values and what is alive")
  func text() throws {
    let peers = Self.peers
    let text = TextReport(Self.report(peers), of: peers.context).render()
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    try checkSnapshot("timed.txt", text)
  }

  @Test("JSON has every time as a fraction and as a decimal number")
  func json() throws {
    let peers = Self.peers
    let spec = JSONReport.spec(Self.report(peers), of: peers.context, diagnostics: [])
    try checkSnapshot("timed.json", JSONReport.document([spec], exitCode: 1))
  }

  @Test("a narrow chart stays within its width")
  func narrow() {
    let peers = Self.peers
    var style = TextStyle()
    style.width = 60
    let chart = SequenceChart(
      peers.duplicateArrival,
      in: peers.text,
      timing: Self.timing,
      style: style
    ).render()
    #expect(chart.split(separator: "\n").allSatisfy { $0.count <= 60 })
  }

  private static func synthesis(_ peers: ClosingPeers) -> SynthesisReport {
    let settings = timing.settings
    var report = SynthesisReport(
      property: 0,
      released: [1],
      outcome: .weakest(
        condition: .init(
          clauses: [["wait >= 2 * msl"], ["wait > 3 s", "msl <= 1 s"]],
          words: ["wait is at least 2 times msl", "wait is more than 3 s, or msl is at most 1 s"]
        )
      ),
      assumptions: ["msl > 0 s"],
      violations: [violation(peers)],
      profiles: [
        .init(name: nil, settings: settings, holds: true, margin: Rational(1, over: 2)),
        .init(name: "tight", settings: settings, holds: true, margin: .zero),
        .init(name: "strict", settings: settings, holds: false, margin: .zero),
        .init(name: "short", settings: settings, holds: false, margin: Rational(-62)),
        .init(name: "bare", settings: settings, holds: false),
        .init(name: "other", settings: [], holds: nil, remark: "resends is 8 there"),
      ],
      cutCount: 3
    )
    report.violatedClauses = [1]
    return report
  }

  @Test("a synthesis has the condition, its meaning, the profiles and a violation outside")
  func synthesis() throws {
    let peers = Self.peers
    let text = SynthesisText(Self.synthesis(peers), of: peers.context).render()
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    try checkSnapshot("synthesis.txt", text)
    try checkSnapshot(
      "synthesis.json",
      SynthesisJSON.document(
        Self.synthesis(peers),
        of: peers.context,
        diagnostics: [],
        exitCode: 0
      )
    )
  }

  @Test("a synthesis that did not end says what is known")
  func unfinished() throws {
    let peers = Self.peers
    let report = SynthesisReport(
      property: 0,
      released: [0, 1],
      outcome: .unknown(
        bad: .init(clauses: [["wait >= msl"]]),
        reason: "time limit of 1s reached",
        depth: 7
      ),
      cutCount: 1
    )
    try checkSnapshot(
      "synthesis-unknown.txt",
      SynthesisText(report, of: peers.context).render()
    )
  }

  @Test(
    "times are decimal numbers where their digits end",
    arguments: [
      (119, 1, "119 s"), (1199, 10, "119.9 s"), (1, 3, "1/3 s"), (1, 40, "0.025 s"),
      (-3, 2, "-1.5 s"), (0, 1, "0 s"),
    ]
  )
  func decimals(numerator: Int, denominator: Int, text: String) throws {
    let time = try #require(Rational(numerator, over: denominator))
    #expect(seconds(time) == text)
  }

  @Test("a saved run of the timed reading keeps its times exactly")
  func savedTimes() throws {
    let peers = Self.peers
    let file = TraceFile(
      peers.duplicateArrival,
      of: peers.context,
      property: "neverClosed",
      timing: Self.timing
    )
    let timing = try #require(TraceFile.read(Array(file.text.utf8)).timing)
    #expect(timing.times == Self.timing.times)
    #expect(timing.end == Self.timing.end)
    for wrong in ["\"1/0\"", "\"x\"", "\"1/2/3\"", "60"] {
      let text = file.text.replacing("\"119/2\"", with: wrong)
      #expect(throws: TraceFileError.self) { try TraceFile.read(Array(text.utf8)) }
    }
  }
}
