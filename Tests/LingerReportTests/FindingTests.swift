import LingerDiagnostics
import LingerModel
import Testing

@testable import LingerReport

/// What every command's result becomes for the formats that know findings only.
@Suite struct FindingTests {
  private let peers = ClosingPeers()

  private var spec: ReportedSpec {
    ReportedSpec(
      path: peers.context.path,
      diagnostics: [],
      sources: peers.sources,
      context: peers.context
    )
  }

  private func findings(_ content: RunReport.Content) -> [Finding] {
    RunReport(content, exitCode: 0).groups.flatMap(\.findings)
  }

  private func summary(_ content: RunReport.Content) -> String? {
    RunReport(content, exitCode: 0).groups.first?.summary
  }

  @Test("a synthesis that finds no condition is unknown, and one that meets an error is violated")
  func synthesis() {
    func content(
      _ outcome: SynthesisReport.Outcome,
      errors: [String] = []
    ) -> RunReport.Content {
      let report = SynthesisReport(
        property: 0,
        released: [],
        outcome: outcome,
        internalErrors: errors
      )
      return .synthesis(SynthesizedSpec(spec, report))
    }
    let condition = SynthesisReport.ParameterCondition(clauses: [["a >= b"]])
    let found = content(.weakest(condition: condition))
    #expect(findings(found).map(\.outcome) == [.holds])
    #expect(findings(found)[0].remarks == ["neverClosed holds exactly where a >= b"])
    #expect(summary(found) == "Closing: the condition is found and proved")
    let open = content(.unknown(bad: condition, reason: "interrupted", depth: 3))
    #expect(findings(open).map(\.outcome) == [.unknown])
    #expect(findings(open)[0].message == "interrupted")
    #expect(findings(open)[0].remarks == ["known necessary: a >= b"])
    let violation = Violation(explanation: "out of range", trace: peers.duplicateArrival)
    let error = content(.specError(violation))
    #expect(findings(error).map(\.outcome) == [.violated])
    #expect(findings(error)[0].evidence.count == 1)
    #expect(
      findings(content(.weakest(condition: condition), errors: ["no"])).map(\.outcome)
        == [.holds, .internalError]
    )
  }

  @Test("a replayed run is judged by its finding, and an unreadable one is an error")
  func replay() {
    func content(_ verdict: ReplayFinding.Verdict) -> RunReport.Content {
      let run = ReplayedTrace.Run(
        context: peers.context,
        property: "neverClosed",
        finding: ReplayFinding(verdict, "so it is"),
        trace: peers.duplicateArrival
      )
      return .replay(ReplayedTrace(.run(run)))
    }
    let verdicts: [ReplayFinding.Verdict] = [.notViolated, .violated, .unknown, .internalError]
    #expect(
      verdicts.flatMap { findings(content($0)).map(\.outcome) }
        == [.holds, .violated, .unknown, .internalError]
    )
    #expect(findings(content(.violated))[0].rule.id == "invariant")
    #expect(findings(content(.violated))[0].evidence.first?.run?.steps.isEmpty == false)
    #expect(summary(content(.notViolated)) == "Closing: nothing is violated")
    let failure = findings(.replay(ReplayedTrace(.failure(message: "error: no such\n  file\n"))))
    #expect(failure.map(\.message) == ["no such   file"])
    #expect(failure.map(\.isAboutProgram) == [true])
  }

  @Test("walks that were stopped are unknown, and one that is wrong is violated all the same")
  func simulation() {
    var walks = SimulatedSpec(spec, seed: 7)
    walks.walkCount = 2
    walks.walk = SimulatedSpec.Walk(
      trace: peers.duplicateArrival,
      end: "the walk went on",
      violated: nil,
      envelope: nil
    )
    #expect(findings(.simulation(walks)).map(\.outcome) == [.holds])
    #expect(summary(.simulation(walks)) == "Closing: nothing wrong was met")
    walks.interruption = "interrupted"
    #expect(findings(.simulation(walks)).map(\.outcome) == [.unknown])
    #expect(summary(.simulation(walks)) == "Closing: 1 unknown")
    walks.walk?.violated = .deadlock
    #expect(findings(.simulation(walks)).map(\.outcome) == [.violated])
    #expect(findings(.simulation(walks)).map(\.rule.id) == ["A0101"])
  }

  @Test("each obligation and each comparison of a proof has its outcome, and its line")
  func recheck() {
    let obligations = [RecheckedFile.Obligation.Answer.unsat, .sat, .unknown].map {
      RecheckedFile.Obligation(name: "start", line: 9, answer: $0, words: $0.rawValue)
    }
    let comparisons = [
      RecheckedFile.Comparison.Answer.same, .different, .unknown, .unanswerable,
    ].map { RecheckedFile.Comparison(property: "safe", answer: $0, words: $0.rawValue) }
    let content = RunReport.Content.recheck([
      RecheckedFile(path: "p.smt2", .checked(obligations, comparisons))
    ])
    #expect(
      findings(content).map(\.outcome)
        == [.holds, .violated, .unknown, .holds, .violated, .unknown, .invalid]
    )
    #expect(findings(content)[1].place?.text == "p.smt2:9")
    #expect(findings(content)[4].place?.text == "p.smt2")
    #expect(summary(content) == "p.smt2: 1 error, 2 violated, 2 unknown, 2 hold")
  }

  @Test("what only time may allow is unknown, and shows its run")
  func conditional() {
    var result = PropertyResult(question: .deadlock, verdict: .unknown(reason: "only if"))
    result.conditional = Violation(explanation: "stuck", trace: peers.duplicateArrival)
    let report = CheckReport(
      results: [result],
      statistics: ExplorationStatistics(),
      vacuity: [],
      firings: []
    )
    let found = findings(.check([CheckedSpec(spec, report)]))
    #expect(found.map(\.outcome) == [.unknown])
    #expect(found[0].evidence.map(\.message) == ["stuck"])
    // The last step of the run that has a place.
    #expect(found[0].evidence[0].place != nil)
  }

  @Test("an audit finding stands where it can be mended")
  func places() throws {
    let envelope = try #require(peers.duplicateArrival.entries.lazy.compactMap(arriving).first)
    let violation = Violation(
      explanation: "nothing takes it",
      trace: peers.duplicateArrival,
      envelope: envelope
    )
    let evidence = Finding.Evidence(violation, of: .unspecifiedReception, in: peers.context)
    #expect(evidence.place != nil)
    let nowhere = Violation(explanation: "stuck", trace: nil)
    #expect(Finding.Evidence(nowhere, of: .deadlock, in: peers.context).place == nil)
  }

  private func arriving(_ entry: Trace.Entry) -> Envelope? {
    guard case .transition(_, _, .receive(let envelope), _) = entry.step else { return nil }
    return envelope
  }
}
