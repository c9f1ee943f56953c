import LingerDiagnostics
import LingerModel
import LingerReport
import Testing

@Suite struct ReportTests {
  private func report(_ peers: ClosingPeers) -> CheckReport {
    var statistics = ExplorationStatistics()
    statistics.states = 7_049_560
    statistics.transitions = 117_868_796
    statistics.depth = 42
    statistics.stateBits = 43
    statistics.storeBytes = 8
    return CheckReport(
      results: [
        PropertyResult(question: .deadlock, verdict: .holds),
        PropertyResult(
          question: .unspecifiedReception,
          verdict: .unknown(reason: "stopped by a limit")
        ),
        PropertyResult(
          question: .property(0),
          verdict: .violated(
            Violation(
              explanation: "'neverClosed' is false after 3 steps because b is closed",
              trace: peers.duplicateArrival
            )
          )
        ),
      ],
      statistics: statistics,
      vacuity: [
        VacuityFinding(kind: .transitionNeverFires(2), span: peers.model.transitions[2].span),
        VacuityFinding(
          kind: .caseNeverReached(enumeration: 0, enumCase: 1),
          span: peers.model.transitions[0].span
        ),
      ],
      firings: [1, 2, 0]
    )
  }

  @Test("the text report has verdicts, counts, warnings, charts and a closing line")
  func text() throws {
    let peers = ClosingPeers()
    let text = TextReport(report(peers), of: peers.context).render()
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    try checkSnapshot("report.txt", text)
  }

  @Test("the JSON report has the same content, numbers exact and keys in order")
  func json() throws {
    let peers = ClosingPeers()
    let spec = JSONReport.spec(report(peers), of: peers.context, diagnostics: [])
    let text = JSONReport.document([spec], exitCode: 1)
    try checkSnapshot("report.json", text)
    let parsed = try #require(JSONValue.parse(Array(text.utf8)))
    let statistics = parsed["specs"]?.array?.first?["statistics"]
    #expect(statistics?["transitions"] == .integer(117_868_796))
  }

  @Test("diagnostics have places from zero and byte offsets")
  func diagnostics() throws {
    var sources = SourceMap()
    _ = sources.add(SourceFile(name: "x.linger", bytes: Array("ä = 1\nlet é = 2\n".utf8)))
    let diagnostic = Diagnostic(
      DiagnosticCode("L9999", "", ""),
      "wrong",
      at: Span(file: 0, start: 11, end: 13),
      label: "here",
      notes: [Diagnostic.Note("no place")],
      help: "do it right",
      fixIts: [
        Diagnostic.FixIt(
          "replace it",
          [Diagnostic.FixIt.Edit(Span(file: 0, start: 11, end: 13), "e")]
        )
      ]
    )
    try checkSnapshot(
      "diagnostics.json",
      JSONDiagnostics.encode([diagnostic], in: sources).text
    )
  }

  @Test("numbers have commas between thousands")
  func grouping() {
    #expect(grouped(0) == "0")
    #expect(grouped(999) == "999")
    #expect(grouped(1000) == "1,000")
    #expect(grouped(-1_234_567) == "-1,234,567")
    #expect(count(1, "state") == "1 state")
    #expect(count(2, "state") == "2 states")
  }

  @Test("JSON strings are escaped and come back")
  func strings() {
    let text = "quote \" backslash \\ line\nbreak \u{1} é 🙂"
    let written = JSONValue.string(text).flatText
    #expect(JSONValue.parse(Array(written.utf8)) == .string(text))
  }
}
