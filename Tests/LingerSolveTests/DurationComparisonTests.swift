import LingerModel
import LingerSolve
import LingerTestSupport
import Testing

/// Where durations decide what happens the control graph is not one for all values: whatever way
/// they are compared, the timed reading must see it and say so.
@Suite struct DurationComparisonTests {
  private static func spec(
    guarded condition: String = "n == 1",
    _ body: String = "n = 2",
    declarations: String = "",
    initial: String = "0"
  ) -> String {
    """
    protocol Routes
    parameter rto: Duration = 1 s
    parameter msl: Duration = 2 s
    \(declarations)
    role P {
      var n: 0...3 = \(initial)
      timer t
      transition go on internal when n == 0 { n = 1; start t for msl }
      transition tick on timeout t when \(condition) { \(body) }
    }
    instances p: P
    final { true }
    timed invariant ok { p.n != 2 }
    """
  }

  private static let conditions = [
    "rto < msl", "rto == msl", "rto != 1 s",
    "[rto] == [msl]", "[rto, msl] != [msl, rto]", "[[rto], [msl]] == [[msl], [rto]]",
    "rto in [msl, 5 s]", "[msl].contains(rto)", "[rto] in [[msl]]",
    "exists d in [rto, msl]: d > 1 s", "(count d in [rto, msl]: d == rto) == 1",
    "[n == 1 ? rto : msl] == [rto]", "same([rto][0], msl)", "isShort", "n == later",
  ]

  private static let helpers = """
    let same(a: Duration, b: Duration) -> Bool = a == b
    let isShort = [rto] == [msl]
    let later = rto < msl ? 1 : 2
    """

  @Test("a guard that compares is not decided", arguments: conditions)
  func guards(condition: String) throws {
    try expectRefusal(Self.spec(guarded: condition, declarations: Self.helpers))
  }

  @Test("nor a property that does", arguments: conditions.filter { !$0.contains("n ==") })
  func properties(condition: String) throws {
    let text = Self.spec(declarations: Self.helpers)
    try expectRefusal(text.replacing("p.n != 2", with: "p.n != 2 || \(condition)"))
  }

  @Test(
    "nor a body",
    arguments: [
      "if [rto] == [msl] { n = 2 }", "n = [rto] == [msl] ? 2 : 3",
      "start t for [rto] == [msl] ? 0 s : msl", "assert([rto] == [msl])",
      "for d in [rto, msl] where d == rto { n = n == 1 ? 2 : 3 }",
      "choose d in [rto, msl]; start t for d",
      "let isShort = [rto] == [msl]; if isShort { n = 2 }",
    ]
  )
  func bodies(body: String) throws { try expectRefusal(Self.spec(body)) }

  @Test(
    "nor what was fixed before the run",
    arguments: [
      spec(initial: "[rto] == [msl] ? 1 : 0"),
      spec(declarations: "parameter k: 0...3 = rto < msl ? 1 : 2", initial: "k"),
      spec(declarations: "type T = 0...(rto < msl ? 1 : 2)\nstruct S { t: T }"),
      spec(guarded: "S().isShort", declarations: "struct S { isShort: Bool = rto < msl }"),
    ]
  )
  func constants(text: String) throws { try expectRefusal(text) }

  @Test(
    "what does not look at their values is not a comparison",
    arguments: [
      "[rto, msl].count == 2", "exists d in [rto, msl]: n == 1",
      "(count d in [rto, msl]: n == 1) == 2", "[1, 2] == [2, 1]",
    ]
  )
  func harmless(condition: String) throws {
    let model = try Model(spec: Self.spec(guarded: condition))
    #expect(throws: Never.self) { try ControlGraph(model, limit: 100) }
  }

  @Test("a value that was chosen rests on nothing")
  func chosen() throws {
    let text = Self.spec(declarations: "parameter k: 0...3 = rto < msl ? 1 : 2", initial: "k - 1")
    let model = try Model(spec: text, setting: [("k", "1")])
    #expect(throws: Never.self) { try ControlGraph(model, limit: 100) }
  }

  private func expectRefusal(_ text: String) throws {
    let model = try Model(spec: text)
    let property = try #require(model.properties.firstIndex { $0.kind == .timedInvariant })
    let answer = checkTimed(model, property: property)
    guard case .unknown(let reason) = answer.result.verdict else {
      Issue.record("\(answer.result.verdict)\n\(text)")
      return
    }
    #expect(reason.text.contains("durations"), "\(text)")
    let report = synthesize(model, property: property, for: [0])
    guard case .unknown(_, let why, _) = report.outcome else {
      Issue.record("\(report.outcome)\n\(text)")
      return
    }
    #expect(why.text.contains("durations"), "\(text)")
  }
}
