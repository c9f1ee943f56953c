import LingerEval
import LingerModel

/// What walks: packed states, and what is remembered of steps and properties.
struct Walker: ~Copyable {
  private let layout: StateLayout
  private var expander: Expander
  private var invariants: [(number: Int, predicate: Predicate)]
  /// The contents of all bits that invariants read, and with which of them all hold.
  private var contents: MaskedIndex
  private var isQuiet: [Bool] = []
  private var final: Predicate?
  private let stop: StopCheck
  private var sink: WalkSink
  private let scratch: StateScratch
  /// The state in which the walk begins, by its place among those that are possible.
  private var beginning: (place: Int, words: [UInt64]) = (-1, [])

  /// With more, remembering does not pay: so many invariants read that hardly any content repeats.
  private static let mostContents = 1 << 20

  init(_ model: Model, _ size: LayoutSize, _ stop: StopCheck) {
    let evaluator = Evaluator(model, stop: stop)
    let layout = StateLayout(model, size: size)
    self.layout = layout
    self.stop = stop
    sink = WalkSink(wordCount: layout.wordCount)
    scratch = StateScratch(wordCount: layout.wordCount, states: 1)
    expander = Expander(layout, evaluator: evaluator, nil, stop: stop, remembersSteps: true)
    invariants = model.properties.enumerated().filter { $0.element.kind == .invariant }.map {
      ($0.offset, Predicate($0.element, layout: layout, evaluator: evaluator))
    }
    let bits = invariants.flatMap { $0.predicate.parts.joined() }
    contents = MaskedIndex(
      (0..<layout.wordCount).map { word in
        (word, bits.reduce(0) { $1.word == word ? $0 | $1.mask : $0 })
      }.filter { $0.1 != 0 }
    )
    final = model.final.map { Predicate($0, layout: layout, evaluator: evaluator) }
  }

  mutating func begin(_ place: Int, _ state: State) throws(LayoutOverflow) {
    if beginning.place != place { beginning = (place, try layout.pack(state)) }
  }

  /// Walks from the beginning with these random numbers until something ends the walk.
  mutating func run(
    _ walk: inout RandomWalks.Walk,
    maximumSteps: Int,
    _ numbers: RandomNumbers
  ) throws(LayoutOverflow) {
    var numbers = numbers
    let words = scratch[0]
    words.copy(beginning.words)
    while !stop.isStopped {
      if let number = violatedInvariant(words) {
        if !stop.isStopped { walk.end = .invariantViolated(number) }
        return
      }
      sink.begin(at: words)
      let isProgress = expander.expand(words, into: &sink)
      if let overflow = expander.overflow { throw overflow }
      if stop.isStopped { return }
      if let end = end(in: words, isProgress) {
        if !stop.isStopped { walk.end = end }
        return
      }
      guard walk.stepCount < maximumSteps, let choice = sink.choose(&numbers) else {
        walk.end = .limit
        return
      }
      walk.stepCount += 1
      switch choice {
      case .state(let number): sink.load(number, into: words)
      case .failure:
        walk.end = .error
        return
      case .staying: break
      }
    }
  }

  private mutating func violatedInvariant(_ words: StateWords) -> Int? {
    guard contents.count < Self.mostContents else { return askInvariants(words) }
    let (number, isNew) = contents.number(of: words)
    if isNew { isQuiet.append(false) }
    if isQuiet[number] { return nil }
    let violated = askInvariants(words)
    isQuiet[number] = violated == nil
    return violated
  }

  private mutating func askInvariants(_ words: StateWords) -> Int? {
    for index in invariants.indices where invariants[index].predicate.answer(words) != .yes {
      return invariants[index].number
    }
    return nil
  }

  private mutating func end(
    in words: StateWords,
    _ isProgress: Bool
  ) -> RandomWalks.Walk.End? {
    if let message = sink.unspecified {
      return .unspecifiedReception(layout.networks[message.network].space.envelope(message.number))
    }
    if isProgress, sink.leadsOn { return nil }
    let isFinal = final?.answer(words) == .yes
    if !isFinal, !isProgress, expander.isStuck(words) { return .stuck }
    return isFinal && !sink.leadsOn ? .final : nil
  }

  /// The first steps of a walk with these random numbers, by walking once more.
  mutating func steps(
    atMost count: Int,
    _ numbers: RandomNumbers
  ) throws(LayoutOverflow) -> [Step] {
    var numbers = numbers
    let words = scratch[0]
    words.copy(beginning.words)
    var steps: [Step] = []
    while steps.count < count {
      sink.begin(at: words)
      _ = expander.expand(words, into: &sink)
      if let overflow = expander.overflow { throw overflow }
      guard let choice = sink.choose(&numbers) else { break }
      sink.begin(at: words, wanting: choice)
      _ = expander.expand(words, into: &sink)
      guard let step = sink.found else { break }
      steps.append(step)
      if case .state(let number) = choice { sink.load(number, into: words) }
    }
    return steps
  }
}
