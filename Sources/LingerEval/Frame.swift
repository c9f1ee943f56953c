import LingerDiagnostics
import LingerModel

/// What a body works on: where its expressions are worked out, and what it has done so far.
struct Frame {
  var environment: Environment
  /// Which value each `choose` takes in this run of the body, and the values it took.
  var way = ChoiceWay()
  var chosen: [Value] = []
  var effects: [Effect] = []
  var sends: [Envelope] = []
  var sendSpans: [Span] = []

  init(_ environment: Environment) {
    self.environment = environment
  }
}

/// The way through a body's `choose` statements: a number for each, in the order they are met.
///
/// A body runs once for each way; ways come in lexicographic order, so the first `choose` is the
/// slowest. How many values a `choose` has may depend on the ones before, hence no product.
struct ChoiceWay {
  private var taken: [Int] = []
  private var counts: [Int] = []
  private var depth = 0

  /// The number that the `choose` met next takes out of `count`.
  mutating func take(outOf count: Int) -> Int {
    if depth == taken.count {
      taken.append(0)
      counts.append(count)
    }
    defer { depth += 1 }
    return taken[depth]
  }

  /// The way after this one, known once the body has run; nil after the last.
  var next: ChoiceWay? {
    var following = self
    following.depth = 0
    while let last = following.taken.popLast(), let count = following.counts.popLast() {
      guard last + 1 < count else { continue }
      following.taken.append(last + 1)
      following.counts.append(count)
      return following
    }
    return nil
  }
}
