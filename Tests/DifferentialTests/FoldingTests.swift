import LingerEval
import LingerModel
import LingerTestSupport
import Testing

/// Random specs with constants folded and without: the protocol is the same.
@Suite struct FoldingTests {
  static let seeds = Seeds(for: "folded constants")
  static let batchCount = 8
  static let specsPerBatch = 36
  static let stateCap = 150

  @Test("folding constants changes nothing that a run can see", arguments: 0..<batchCount)
  func folding(batch: Int) throws {
    for number in 0..<Self.specsPerBatch {
      let spec = RandomSpec(seed: Self.seeds.seed(number * Self.batchCount + batch))
      let folded = try Model(spec: spec.text)
      let plain = try Model(spec: spec.text, foldsConstants: false)
      let (first, second) = (
        BruteForce(Evaluator(folded), stateLimit: Self.stateCap),
        BruteForce(Evaluator(plain), stateLimit: Self.stateCap)
      )
      guard let first, let second else {
        #expect((first == nil) == (second == nil), "\(spec.text)")
        continue
      }
      #expect(first.states == second.states, "\(spec.text)")
      #expect(first.transitions == second.transitions, "\(spec.text)")
      #expect(first.firings == second.firings, "\(spec.text)")
      // What is constant only once it is folded, as a `final` that always holds, is asked less.
      for (question, answer) in first.answers {
        #expect(answer == second.answers[question], "\(question)\n\(spec.text)")
      }
    }
  }
}
