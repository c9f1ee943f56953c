import LingerModel
import LingerSolve
import LingerTestSupport
import Testing

/// Graphs whose messages are told apart in another way against those explored anew: the same
/// clocks, locations and edges.
@Suite("control graphs told in another way") struct RetellingTests {
  static let seeds = Seeds(for: "graphs told in another way")
  static let specCount = 120

  /// An abstraction that may tell more apart, by two messages of a graph.
  private func finer(_ graph: ControlGraph, _ round: Int) -> MessageAbstraction? {
    let messages = graph.envelopes
    guard let one = messages.first, let other = messages.last else { return nil }
    var result = graph.abstraction
    let isFiner =
      round.isMultiple(of: 3)
      ? result.separateAll() : result.separate(one, from: other, among: messages)
    return isFiner ? result : nil
  }

  @Test("no step is worked out again where locations say the same")
  func sameLocations() throws {
    var retold = 0
    var separated = 0
    for round in 0..<Self.specCount {
      let sample = try TimedSample(seed: Self.seeds.seed(round))
      guard let coarse = try? ControlGraph(sample.model, .bySender, limit: 300),
        let abstraction = finer(coarse, round)
      else { continue }
      let expected = try ControlGraph(sample.model, abstraction, limit: 300)
      let found = try #require(try coarse.retold(abstraction, .unlimited), "\(sample)")
      #expect(text(found) == text(expected), "\(sample)")
      let back = try #require(try found.retold(coarse.abstraction, .unlimited), "\(sample)")
      #expect(text(back) == text(coarse), "\(sample)")
      retold += 1
      if found.clocks != coarse.clocks { separated += 1 }
    }
    print("graphs: \(retold) told in another way, \(separated) with other clocks")
    #expect(retold > 20 && separated > 10)
  }

  @Test("what locations would have to say more about is explored anew")
  func otherLocations() throws {
    var asked = 0
    for round in 0..<Self.specCount {
      let sample = try TimedSample(seed: Self.seeds.seed(round))
      guard let coarse = try? ControlGraph(sample.model, .bySender, limit: 300), !coarse.isExact,
        let message = coarse.envelopes.first
      else { continue }
      var abstraction = coarse.abstraction
      guard abstraction.track(message) else { continue }
      asked += 1
      #expect(try coarse.retold(abstraction, .unlimited) == nil, "\(sample)")
      #expect(try coarse.retold(.exact, .unlimited) == nil, "\(sample)")
    }
    #expect(asked > 20)
  }

  @Test("there is an end to it where somebody wants one")
  func stopped() throws {
    let sample = try TimedSample(path: "tcp-close/TCPClose.linger")
    let graph = try ControlGraph(sample.model, .bySender, limit: 150_000)
    var abstraction = graph.abstraction
    let isFiner = abstraction.separateAll()
    #expect(isFiner)
    let interrupted = Budget(interruption: { .interrupted("enough") })
    let full = Budget(objection: { _ in .limit(.memory, nil, "too much") })
    for budget in [interrupted, full] {
      #expect(throws: ControlGraph.Unsupported.self) { try graph.retold(abstraction, budget) }
    }
  }

  private func text(_ graph: ControlGraph) -> String {
    "\(graph.clocks)\n\(graph.locations)\n\(graph.edges)\n\(graph.envelopes)"
  }
}
