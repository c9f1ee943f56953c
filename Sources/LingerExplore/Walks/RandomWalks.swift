package import LingerEval
package import LingerModel

/// Random walks on packed states: runs as ``RandomWalk`` makes them, many times as fast.
///
/// A walk keeps its seed and its length. Its trace is made when somebody wants to see it, by
/// walking once more, and the evaluator runs it again. Steps of one transition that lead to the
/// same state are one here; every step that changes the state is as likely as another.
package struct RandomWalks {
  private let evaluator: Evaluator
  private let budget: Budget
  private let beginnings: [State]
  private var size = LayoutSize()
  private var walker: Walker

  /// One walk: how it went, without its states.
  package struct Walk {
    package enum End {
      case stuck
      case final
      case error
      case invariantViolated(Int)
      case unspecifiedReception(Envelope)
      case limit
      case stopped
    }

    package var end = End.stopped
    package fileprivate(set) var stepCount = 0
    fileprivate let seed: UInt64

    package var isViolation: Bool {
      switch end {
      case .stuck, .error, .invariantViolated, .unspecifiedReception: true
      case .final, .limit, .stopped: false
      }
    }
  }

  /// A walk that the budget ends is ``Walk/End/stopped``.
  package init(_ model: Model, budget: Budget) {
    evaluator = Evaluator(model)
    self.budget = budget
    beginnings = Array(evaluator.initialStates)
    walker = Walker(model, size, StopCheck(budget))
  }

  /// Walks until something ends it; the same walk for the same seed.
  package mutating func walk(seed: UInt64, maximumSteps: Int) -> Walk {
    while true {
      var walk = Walk(seed: seed)
      guard let place = beginning(of: walk) else { return walk }
      do throws(LayoutOverflow) {
        try walker.begin(place.number, beginnings[place.number])
        try walker.run(&walk, maximumSteps: maximumSteps, place.numbers)
        return walk
      } catch {
        guard let larger = size.enlarged(after: error) else { return walk }
        size = larger
        walker = Walker(evaluator.model, size, StopCheck(budget))
      }
    }
  }

  /// The place of the state in which a walk begins, and the random numbers that follow.
  private func beginning(of walk: Walk) -> (number: Int, numbers: RandomNumbers)? {
    var numbers = RandomNumbers(seed: walk.seed)
    guard !beginnings.isEmpty else { return nil }
    let number = beginnings.count == 1 ? 0 : numbers.below(beginnings.count)
    return (number, numbers)
  }

  /// A walk with its states, up to so many steps, as the evaluator runs it.
  ///
  /// A failure is a mistake of ours: the walk took a step that the evaluator does not have.
  package mutating func shown(
    _ walk: Walk,
    atMost count: Int
  ) -> Result<RandomWalk, ReplayFailure> {
    let place = beginning(of: walk)
    let start = place.map { beginnings[$0.number] } ?? evaluator.declaredState
    let steps = place.map {
      walker.steps(from: start, atMost: min(count, walk.stepCount), $0.numbers)
    }
    return Replay.run(steps ?? [], from: start, on: evaluator).map { trace in
      let end: RandomWalk.End =
        switch walk.end {
        case .stuck: .stuck
        case .final: .final
        case .error: trace.entries.last?.error.map { .error($0) } ?? .limit
        case .invariantViolated(let number): .invariantViolated(number)
        case .unspecifiedReception(let envelope): .unspecifiedReception(envelope)
        case .limit: .limit
        case .stopped: .stopped
        }
      return RandomWalk(trace: trace, end: end)
    }
  }
}

/// What walks: packed states, and what is remembered of steps and properties.
private final class Walker {
  private let layout: StateLayout
  private var expander: Expander
  private var invariants: [(number: Int, predicate: Predicate)]
  private var final: Predicate?
  private let stop: StopCheck
  private var sink: WalkSink
  /// The state in which the walk begins, by its place among those that are possible.
  private var beginning: (place: Int, words: [UInt64]) = (-1, [])

  init(_ model: Model, _ size: LayoutSize, _ stop: StopCheck) {
    let evaluator = Evaluator(model, stop: stop)
    let layout = StateLayout(model, size: size)
    self.layout = layout
    self.stop = stop
    sink = WalkSink(wordCount: layout.wordCount)
    expander = Expander(layout, evaluator: evaluator, nil, stop: stop, remembersSteps: true)
    invariants = model.properties.enumerated().filter { $0.element.kind == .invariant }.map {
      ($0.offset, Predicate($0.element, layout: layout, evaluator: evaluator))
    }
    final = model.final.map { Predicate($0, layout: layout, evaluator: evaluator) }
  }

  func begin(_ place: Int, _ state: State) throws(LayoutOverflow) {
    if beginning.place != place { beginning = (place, try layout.pack(state)) }
  }

  func run(
    _ walk: inout RandomWalks.Walk,
    maximumSteps: Int,
    _ numbers: RandomNumbers
  ) throws(LayoutOverflow) {
    var numbers = numbers
    var words = beginning.words
    while stop.reason == nil {
      if let number = violatedInvariant(words) {
        if stop.reason == nil { walk.end = .invariantViolated(number) }
        return
      }
      sink.begin(at: words)
      let isProgress = expander.expand(words, into: &sink)
      if let overflow = expander.overflow { throw overflow }
      if stop.reason != nil { return }
      if let end = end(in: words, isProgress) {
        if stop.reason == nil { walk.end = end }
        return
      }
      guard walk.stepCount < maximumSteps, sink.count > 0 else {
        walk.end = .limit
        return
      }
      let choice = sink.choose(&numbers)
      walk.stepCount += 1
      if choice.fails {
        walk.end = .error
        return
      }
      if let moving = choice.moving { sink.load(moving, into: &words) }
    }
  }

  private func violatedInvariant(_ words: [UInt64]) -> Int? {
    for index in invariants.indices where invariants[index].predicate.answer(words) != .yes {
      return invariants[index].number
    }
    return nil
  }

  private func end(
    in words: [UInt64],
    _ isProgress: Bool
  ) -> RandomWalks.Walk.End? {
    if let message = sink.unspecified {
      return .unspecifiedReception(layout.networks[message.network].space.envelope(message.number))
    }
    if isProgress, sink.hasMoving { return nil }
    let isFinal = final?.answer(words) == .yes
    if !isFinal, !isProgress, expander.isStuck(words) { return .stuck }
    return isFinal && !sink.hasMoving ? .final : nil
  }

  /// The steps of a walk with these random numbers, by walking once more.
  func steps(from start: State, atMost count: Int, _ numbers: RandomNumbers) -> [Step] {
    stop.grant(.max)
    guard var words = try? layout.pack(start) else { return [] }
    var numbers = numbers
    var steps: [Step] = []
    while steps.count < count {
      sink.begin(at: words)
      _ = expander.expand(words, into: &sink)
      guard sink.count > 0 else { break }
      sink.begin(at: words, wanting: sink.choose(&numbers).place)
      _ = expander.expand(words, into: &sink)
      guard let found = sink.found else { break }
      steps.append(found.step)
      words = found.words
    }
    return steps
  }
}

/// The successors of a state, by their place among them.
private struct WalkSink: SuccessorSink {
  private(set) var count = 0
  /// The first message that nobody takes.
  private(set) var unspecified: (network: Int, number: Int)?
  /// The step at the wanted place and where it leads.
  private(set) var found: (step: Step, words: [UInt64])?
  private let wordCount: Int
  private var from: [UInt64] = []
  private var wanted: Int?
  /// Successors that differ from where they come from: their words, and their places; of a step
  /// that fails its place's complement.
  private var states: [UInt64] = []
  private var places: [Int] = []

  init(wordCount: Int) { self.wordCount = wordCount }

  mutating func begin(at words: [UInt64], wanting place: Int? = nil) {
    count = 0
    unspecified = nil
    found = nil
    from = words
    wanted = place
    states.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
  }

  mutating func successor(
    _ words: StateWords,
    isFault: Bool,
    sleep: @autoclosure () -> UInt64,
    step: @autoclosure () -> Step,
    effects: @autoclosure () -> StepEffects
  ) {
    if count == wanted { found = (step(), words.array) }
    if !words.equals(from) {
      places.append(count)
      for index in 0..<wordCount { states.append(words[index]) }
    }
    count += 1
  }

  mutating func failure(times: Int, step: @autoclosure () -> Step) {
    if count == wanted { found = (step(), from) }
    places.append(~count)
    for index in 0..<wordCount { states.append(from[index]) }
    count += 1
  }

  mutating func unspecified(_ network: Int, _ number: Int) {
    if unspecified == nil { unspecified = (network, number) }
  }

  var hasMoving: Bool { !places.isEmpty }

  /// One of the successors that are another state, or any where none is: its place, its place among
  /// those that are another state, and whether it fails.
  func choose(_ numbers: inout RandomNumbers) -> (place: Int, moving: Int?, fails: Bool) {
    if places.isEmpty { return (numbers.below(count), nil, false) }
    let moving = numbers.below(places.count)
    let place = places[moving]
    return place < 0 ? (~place, moving, true) : (place, moving, false)
  }

  func load(_ moving: Int, into words: inout [UInt64]) {
    for index in 0..<wordCount { words[index] = states[moving * wordCount + index] }
  }
}
