import LingerModel
import Testing

/// What a budget says, with clocks and machines made up.
@Suite struct BudgetTests {
  private func time(_ elapsed: Duration) -> Budget.Time {
    Budget.Time(.seconds(30), words: "30s") { elapsed }
  }

  @Test("time is over when the clock that was handed in says so")
  func time() {
    #expect(Budget(time: time(.milliseconds(29_999))).exhaustion == nil)
    let over = Budget(time: time(.seconds(30)))
    #expect(over.isExhausted)
    #expect(over.exhaustion == .limit(.time, nil, "time limit of 30s reached"))
  }

  @Test("who wants an end comes before the time, and the time before the memory")
  func order() {
    var budget = Budget(
      time: time(.seconds(31)),
      interruption: { .interrupted("interrupted") },
      shortage: { .limit(.memory, 7, "out of memory") }
    )
    #expect(budget.exhaustion?.text == "interrupted")
    budget.interruption = { nil }
    #expect(budget.exhaustion?.limit == .time)
    budget.time = nil
    #expect(budget.exhaustion?.limit == .memory)
    #expect(budget.exhaustion?.value == 7)
  }

  @Test("bytes may be as many as the limit, and no more")
  func bytes() {
    #expect(Budget.unlimited.exhaustion(bytes: .max) == nil)
    let budget = Budget(bytes: 64)
    #expect(budget.exhaustion(bytes: 64) == nil)
    #expect(
      budget.exhaustion(bytes: 65) == .limit(.memory, 64, "memory limit of 64 bytes reached")
    )
  }

  @Test("a search within the work has states of its own and ends with the work")
  func nested() {
    let budget = Budget(states: 10, bytes: 64, time: time(.seconds(30))).nested(states: 99)
    #expect(budget.states == 99)
    #expect(budget.bytes == nil)
    #expect(budget.exhaustion?.limit == .time)
  }

  @Test("between two questions so much work is done as was said")
  func interval() {
    let stop = StopCheck(Budget(interruption: { "enough" }), every: 8)
    #expect(!stop.spend(7))
    #expect(stop.spend(1))
    #expect(stop.reason == "enough")
  }
}
