import LingerEval
import LingerModel

/// A worker's part of the work where native code does it.
struct NativeScan {
  let function: NativeFunction
  let seen: [[Int: Range<Int>]]
  let buffers: NativeBuffers
  /// Whether a step that ends in an error was told, and messages that nobody takes: each once.
  private var hasToldError = false
  private var knownUnspecified: Set<[Int]> = []

  init(_ function: NativeFunction, _ text: NativeText, known: [UInt64]) {
    self.function = function
    seen = text.seen
    buffers = NativeBuffers(
      wordCount: text.layout.wordCount,
      known: known,
      transitions: text.layout.model.transitions.count,
      seenWords: text.seenWords,
      hasEdges: text.hasEdges
    )
  }

  /// Expands the states of a part; false where that is left to the search itself.
  mutating func scan(
    _ part: ScannedPart,
    in index: StoreIndex,
    _ sleeps: SleepView,
    _ expander: inout Expander,
    isStuck: (Int, inout Expander) -> Bool
  ) -> Bool {
    guard let summary = buffers.run(function, part.states, in: index, sleeps, into: part) else {
      return false
    }
    part.counts = StepCounts(transitions: summary.transitions, firings: summary.firings)
    part.errorCount = summary.errors
    if summary.errors > 0, !hasToldError {
      var sink = FirstFailure()
      _ = expander.expand(index.words(of: summary.firstError), into: &sink)
      guard let step = sink.step else { return false }
      part.error = (summary.firstError, step)
      hasToldError = true
    }
    for (event, state, network, number) in summary.events {
      switch event {
      case .mayBeStuck:
        if part.stuck == nil, isStuck(state, &expander) { part.stuck = state }
      case .unspecified:
        let words = index.words(of: state)
        let key = Observations.key(ofUnspecified: network, number, words, expander.layout)
        if knownUnspecified.insert(key).inserted {
          part.unspecified.append((network, number, state))
        }
      }
    }
    return true
  }

  /// The numbers of the values that a variable had in the states that were expanded.
  func values(ofVariable variable: Int, of instance: Int) -> Set<Int> {
    seen[instance][variable].map { buffers.seen(in: $0) } ?? []
  }
}

/// Keeps the first step that ends in an error.
private struct FirstFailure: SuccessorSink {
  var step: Step?

  mutating func successor(
    _ words: StateWords,
    isFault: Bool,
    sleep: @autoclosure () -> UInt64,
    step: @autoclosure () -> Step,
    effects: @autoclosure () -> StepEffects
  ) {}

  mutating func failure(times: Int, step: @autoclosure () -> Step) {
    if self.step == nil { self.step = step() }
  }

  mutating func unspecified(_ network: Int, _ number: Int) {}
}
