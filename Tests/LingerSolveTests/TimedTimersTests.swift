import LingerModel
import LingerSolve
import LingerTestSupport
import Testing

/// Timers that run from the start, and several of one declaration, in the timed reading.
@Suite struct TimedTimersTests {
  private func verdict(_ property: String, _ spec: String) throws -> PropertyResult {
    let model = try Model(spec: spec)
    let number = try #require(model.properties.firstIndex { $0.name == property })
    let answer = checkTimed(model, property: number)
    #expect(answer.internalError == nil)
    return answer.result
  }

  private static let fromStart = """
    protocol FromStart
    parameter d: Duration = 3 s
    parameter e: Duration = 5 s
    assume d < e
    role A {
      var first: Bool
      var second: Bool
      timer early armed for d
      timer late armed for e
      transition one on timeout early { first = true }
      transition two on timeout late { second = true }
    }
    instances a: A
    timed invariant inOrder { a.second implies a.first }
    timed invariant together { a.first implies a.second }
    """

  @Test("a timer that is armed from the start expires when it is due")
  func armedFromTheStart() throws {
    let inOrder = try verdict("inOrder", Self.fromStart)
    #expect(inOrder.verdict == .holds)
    let note = try #require(inOrder.note)
    #expect(note.hasPrefix("holds for all values of d and e"), "\(note)")
    guard case .violated(let violation) = try verdict("together", Self.fromStart).verdict else {
      Issue.record("the early timer expires alone")
      return
    }
    #expect(violation.timing?.times == [Rational(3)])
  }

  private static let several = """
    protocol Several
    parameter d: Duration = 3 s
    parameter e: Duration = 5 s
    assume d < e
    enum Side { left, right }
    role A {
      var got: Set<Side>
      timer t[Side]
      transition begin on call begin() when got.isEmpty {
        start t[.right] for e
        start t[.left] for d
      }
      transition fire on timeout t[side] { got.insert(side) }
    }
    instances a: A
    timed invariant inOrder { .right in a.got implies .left in a.got }
    timed invariant stopped { .left in a.got implies !a.t[.right].isArmed }
    """

  @Test("each of several timers has a clock of its own")
  func severalTimers() throws {
    let inOrder = try verdict("inOrder", Self.several)
    #expect(inOrder.verdict == .holds)
    let note = try #require(inOrder.note)
    #expect(note.hasPrefix("holds for all values of d and e"), "\(note)")
    guard case .violated = try verdict("stopped", Self.several).verdict else {
      Issue.record("the right timer still runs")
      return
    }
  }

  @Test("several initial states are asked one by one")
  func severalBeginnings() throws {
    let spec = Self.fromStart.replacing("var first: Bool", with: "var first: Bool = any")
    guard case .violated(let violation) = try verdict("together", spec).verdict else {
      Issue.record("it is violated where 'first' begins true")
      return
    }
    #expect(violation.trace?.initial.instances[0].variables.first == .bool(true))
    #expect(violation.trace?.entries.isEmpty == true)
    #expect(try verdict("inOrder", spec).verdict == .holds)
    let one = spec + "\ninitially { !a.first }\n"
    #expect(try verdict("inOrder", one).verdict == .holds)
  }

  @Test("more initial states than are asked are unknown")
  func manyBeginnings() throws {
    let spec = Self.fromStart.replacing(
      "var first: Bool",
      with: "var many: 0...99 = any\nvar first: Bool"
    )
    guard case .unknown(let reason) = try verdict("inOrder", spec).verdict else {
      Issue.record("a verdict about some initial states")
      return
    }
    #expect(reason.text == "a question of time is asked from at most 64 initial states")
  }
}
