import LingerModel
import LingerSolve
import LingerTestSupport
import Testing

/// Control graphs whose steps the kernel takes against those whose steps the evaluator takes: the
/// same clocks, locations and edges, with the same bounds and tests.
@Suite("control graphs on the step kernel") struct KernelGraphTests {
  static let seeds = Seeds(for: "graphs on the kernel")
  static let batchCount = 4
  static let specsPerBatch = 40

  @Test("kernel and evaluator make the same graph", arguments: 0..<batchCount)
  func agreement(batch: Int) throws {
    var edges = 0
    var tests = 0
    var refused = 0
    for round in 0..<Self.specsPerBatch {
      let sample = try TimedSample(seed: Self.seeds.seed(round * Self.batchCount + batch))
      let abstraction: MessageAbstraction = round.isMultiple(of: 2) ? .exact : .bySender
      let expected = graph(sample.model, abstraction, usesKernel: false)
      let found = graph(sample.model, abstraction, usesKernel: true)
      switch (expected, found) {
      case (.success(let one), .success(let other)):
        edges += one.edges.count
        tests += one.edges.count { !$0.tests.isEmpty }
        #expect(text(one) == text(other), "\(sample)")
      case (.failure(let one), .failure(let other)):
        refused += 1
        #expect(one.reason == other.reason, "\(sample)")
      default: Issue.record("evaluator \(expected)\nkernel \(found)\n\(sample)")
      }
    }
    print("graphs: \(edges) edges compared, \(tests) with tests, \(refused) specs refused")
    #expect(edges > 1000 && tests > 10 && refused < Self.specsPerBatch / 2)
  }

  private func graph(
    _ model: Model,
    _ abstraction: MessageAbstraction,
    usesKernel: Bool
  ) -> Result<ControlGraph, ControlGraph.Unsupported> {
    Result { () throws(ControlGraph.Unsupported) in
      try ControlGraph(model, abstraction, limit: 300, usesKernel: usesKernel)
    }
  }

  private func text(_ graph: ControlGraph) -> String {
    "\(graph.clocks)\n\(graph.locations)\n\(graph.edges)\n\(graph.envelopes)"
  }
}
