import LingerExplore
import LingerModel
import LingerTestSupport
import Testing

/// What is left open, and what a spec may wish of the audit.
@Suite struct AuditWishTests {
  /// A door that its porter may shut, and whose spring may be broken.
  private func door(
    _ audit: String = "",
    call: String = "transition",
    spring: String = ""
  ) -> String {
    """
    protocol Doors
    enum Door { OPEN, SHUT }
    role Porter {
      var door: Door = .OPEN
      var count: 0...2 = 0
      timer spring armed for 1 s
      \(call) shut on call shut() when door == .OPEN {
        door = .SHUT
        count = 1
        cancel spring
      }
      transition release on timeout spring { \(spring) }
    }
    instances a, b: Porter
    final { for all p in Porter: p.door == .SHUT }
    \(audit)
    """
  }

  private func check(_ text: String, strict: Bool = false, limit: Int? = nil) throws -> CheckReport
  {
    let model = try Model(spec: text)
    var report = explore(model, options: ExploreOptions(budget: Budget(states: limit)))
    #expect(report.internalErrors.isEmpty)
    report.settle(model, isStrict: strict)
    return report
  }

  private func result(_ question: Question, _ report: CheckReport) throws -> PropertyResult {
    try #require(report.results.first { $0.question == question })
  }

  private func explanation(_ result: PropertyResult) -> String? {
    if case .violated(let violation) = result.verdict { violation.explanation } else { nil }
  }

  @Test("an idle application is a note, and a violation where the user is strict")
  func notes() throws {
    let idle = try result(.leftOpen, check(door()))
    #expect(idle.verdict == .holds)
    #expect(idle.asides.map(\.kind) == [.note])
    let note = try #require(idle.asides.first?.finding)
    #expect(note.explanation == "b stays in OPEN for ever: its application never calls shut")
    #expect(note.openEnd?.instance == 1 && note.openEnd?.likewise == [0])
    #expect(note.trace?.loopStart == note.trace?.entries.count)
    let strict = try result(.leftOpen, check(door(), strict: true))
    #expect(explanation(strict) == note.explanation && strict.asides.isEmpty)
    let fair = try result(.leftOpen, check(door(call: "fair transition")))
    #expect(fair.verdict == .holds && fair.asides.isEmpty)
    let sprung = try result(.leftOpen, check(door(spring: "door = .SHUT")))
    #expect(sprung.verdict == .holds && sprung.asides.isEmpty)
  }

  @Test("what stays open although the application acts is a violation")
  func violations() throws {
    let text = door(call: "fair transition").replacing(
      "when door == .OPEN {",
      with: "when door == .OPEN && spring.isArmed {"
    )
    let found = try result(.leftOpen, check(text))
    #expect(explanation(found) == "b stays in OPEN for ever: a has ended")
  }

  @Test("what is expected does not count, and what does not happen does")
  func expectations() throws {
    let text = door("audit { expect left-open for Porter.OPEN }")
    let met = try result(.leftOpen, check(text))
    #expect(met.verdict == .holds && met.asides.map(\.kind) == [.expected])
    #expect(try result(.leftOpen, check(text, strict: true)).verdict == .holds)
    let missed = try result(
      .leftOpen,
      check(door("audit { expect left-open for Porter.SHUT }"))
    )
    #expect(
      explanation(missed)
        == "the spec expects 'left-open for Porter.SHUT', and it does not happen"
    )
    #expect(missed.asides.map(\.kind) == [.note])
    let open = try result(.leftOpen, check(text, limit: 1))
    #expect(open.verdict == .unknown(reason: .limit(.states, 1, "state limit of 1 states reached")))
    let deadlock = try result(.deadlock, check(door("audit { expect deadlock }")))
    #expect(explanation(deadlock) == "the spec expects 'deadlock', and it does not happen")
  }

  @Test("a control state may be left out, or the check as a whole")
  func leftOut() throws {
    let one = try result(
      .leftOpen,
      check(door("audit { without left-open for Porter.OPEN }"), strict: true)
    )
    #expect(one.verdict == .holds && one.asides.isEmpty)
    let none = try check(door("audit { without left-open }"))
    #expect(!none.results.contains { $0.question == .leftOpen })
    #expect(try check(door("audit { without A0104 }")).results.count == none.results.count)
  }

  @Test("a variable that is named has to be as it began")
  func restored() throws {
    let text = door("audit { with not-restored for Porter.count }")
    let found = try result(.notRestored, check(text))
    #expect(
      explanation(found)
        == "in a final state 'a.count' is 1, not 0, 'b.count' is 1, not 0"
    )
    let kept = try result(.notRestored, check(text.replacing("count = 1", with: "count = 0")))
    #expect(kept.verdict == .holds)
    #expect(try !check(door()).results.contains { $0.question == .notRestored })
  }
}
