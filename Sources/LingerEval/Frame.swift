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
  /// The `start` statement behind each start among the effects.
  var startSpans: [Span] = []
  var takesNegativeDurations = false

  init(_ environment: Environment) {
    self.environment = environment
  }
}

/// The way through a body's `choose` statements: for each, in the order they are met, the place of
/// the value that it takes.
///
/// A body runs once for each way; ways come in lexicographic order, so the first `choose` is the
/// slowest. What a `choose` ranges over may depend on the ones before, hence no product.
struct ChoiceWay {
  /// Where a `choose` goes on after this way.
  enum Next {
    case unknown
    case none
    case at(Int)
  }

  private var taken: [(place: Int, next: Next)] = []
  private var depth = 0

  /// What the `choose` met next takes; nil where it is met for the first time.
  var planned: (place: Int, next: Next)? { depth < taken.count ? taken[depth] : nil }

  /// Notes what the `choose` at hand takes, and passes on to the one after it.
  mutating func take(_ place: Int, next: Next) {
    if depth < taken.count { taken[depth] = (place, next) } else { taken.append((place, next)) }
    depth += 1
  }

  /// The way after this one, known once the body has run; nil after the last.
  var next: ChoiceWay? {
    var following = self
    following.depth = 0
    while let last = following.taken.popLast() {
      guard case .at(let place) = last.next else { continue }
      following.taken.append((place, .unknown))
      return following
    }
    return nil
  }
}
