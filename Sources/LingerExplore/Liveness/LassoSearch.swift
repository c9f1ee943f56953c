import LingerEval
import LingerModel

/// A fair run that breaks a promise: to a state from which it counts, on to a loop, round the loop
/// for ever.
struct Lasso {
  var promise: Promise
  /// The state in which the cause is true, by its number.
  var start: Int
  /// What happens from there.
  var steps: [Step]
  /// How many of these come before those that are repeated.
  var loopStart: Int
  /// Whether no run that breaks the promise has fewer steps, the loop counted once.
  var isShortest = false
}

/// Looks for fair runs that break an `eventually`, in the graph of a search.
///
/// A promise `p ~> q` is broken by a run that comes to a state with `p`, and from there on sees
/// states without `q` alone. So the states without `q` that can be reached from one with `p`
/// through such states are cut into strongly connected components, and each is asked for a fair
/// run (``FairGraph``). Of all runs one with the fewest steps is taken, the loop counted once, as
/// far as ``LoopSearch`` gets.
struct LassoSearch: ~Copyable {
  enum Answer {
    case holds
    case broken(Lasso)
    case stopped(UndecidedReason)
    case unsupported(UndecidedReason)
  }

  /// Memory that it takes besides the edges, roughly.
  static let bytesPerState = 64

  let layout: StateLayout
  let edges: GroupedEdges
  let stop: StopCheck
  /// Steps of the shortest run to each layer's states.
  let layers: [Layer]
  var sink: FairnessSink
  private var words: [UInt64]
  /// For each state whether a run may stay in it, as far as its timers say; nil before it is asked.
  private(set) var mayStay: [Bool?]

  /// With `marksCalls` calls that are not fair are told from other steps; `mayStay` is what another
  /// search has found out of the same states.
  init(
    _ layout: StateLayout,
    _ edges: GroupedEdges,
    _ layers: [Layer],
    _ stop: StopCheck,
    marksCalls: Bool = false,
    mayStay: [Bool?] = []
  ) {
    self.mayStay = mayStay
    self.layout = layout
    self.edges = edges
    self.layers = layers
    self.stop = stop
    sink = FairnessSink(layout, marksCalls: marksCalls)
    words = [UInt64](repeating: 0, count: layout.wordCount)
  }

  /// What one property comes to.
  mutating func answer(_ property: Property, in search: inout Search) -> Answer {
    let promises: [Promise]
    do {
      promises = try layout.model.promises(of: property)
    } catch {
      return .unsupported(.unsupported(error.reason))
    }
    swap(&sink.store, &search.frontier.store)
    defer { swap(&sink.store, &search.frontier.store) }
    for promise in promises {
      if let lasso = lasso(promise, &search.expander) { return .broken(lasso) }
      if let reason = stop.reason { return .stopped(reason) }
    }
    return .holds
  }

  /// Edges that the search for the shortest loops of one promise may take: a second or so.
  private static let loopWork = 3_000_000

  private typealias Best = (
    steps: Int, start: Int, loop: [(state: Int, ordinal: Int)], isShortest: Bool
  )

  /// The shortest run found that breaks a promise.
  private mutating func lasso(_ promise: Promise, _ expander: inout Expander) -> Lasso? {
    let evaluator = expander.cache.evaluator
    let waiting = Waiting(promise, layout, sink.store, edges, layers, evaluator, stop)
    guard !waiting.order.isEmpty, stop.reason == nil else { return nil }
    let components = StrongComponents(
      of: waiting.order,
      count: sink.store.count,
      stop: stop
    ) { state, visit in
      for target in edges[state] where waiting.distance[Int(target)] >= 0 { visit(Int(target)) }
    }
    guard stop.reason == nil else { return nil }
    var component = [Int32](repeating: -1, count: sink.store.count)
    for (number, members) in components.members.enumerated() {
      for state in members { component[state] = Int32(number) }
    }
    var isDone = [Bool](repeating: false, count: components.members.count)
    var best: Best?
    var work = Self.loopWork
    for state in waiting.order {
      if let best, waiting.steps(to: state) >= best.steps { break }
      let number = Int(component[state])
      if isDone[number] { continue }
      isDone[number] = true
      let members = components.members[number]
      let inside =
        members.count == 1
        ? graph(ofState: state, &expander)
        : graph(of: members, &expander) { component[$0] == number }
      if stop.reason != nil { return nil }
      guard let graph = inside else { continue }
      guard let found = Self.loop(in: graph, members, waiting) else { continue }
      Self.take(found.start, found.loop, graph, members, waiting, &best)
      Self.shorten(&best, graph, members, waiting, work: &work)
    }
    guard let best else { return nil }
    var result = lasso(promise, waiting, best.start, best.loop, &expander)
    result?.isShortest = best.isShortest
    return result
  }

  private static func take(
    _ start: Int,
    _ loop: [Int],
    _ graph: FairGraph,
    _ members: [Int],
    _ waiting: Waiting,
    _ best: inout Best?
  ) {
    let steps = waiting.steps(to: members[start]) + loop.count
    guard steps < best?.steps ?? .max else { return }
    let run = loop.map { edge in
      (state: members[Int(graph.edges[edge].source)], ordinal: Int(graph.edges[edge].ordinal))
    }
    best = (steps, members[start], run, best?.isShortest ?? true)
  }

  /// Looks for loops in a component that are shorter, with the way to them, than the best so far.
  private static func shorten(
    _ best: inout Best?,
    _ graph: FairGraph,
    _ members: [Int],
    _ waiting: Waiting,
    work: inout Int
  ) {
    guard let search = LoopSearch(graph) else {
      best?.isShortest = false
      return
    }
    // A loop has an edge at least.
    let starts = members.indices.sorted {
      (waiting.distance[members[$0]], $0) < (waiting.distance[members[$1]], $1)
    }
    for start in starts {
      let limit = (best?.steps ?? .max) - waiting.steps(to: members[start])
      if limit <= 1 { return }
      if let loop = search.loop(from: start, below: limit, work: &work) {
        take(start, loop, graph, members, waiting, &best)
      }
      if work < 0 {
        best?.isShortest = false
        return
      }
    }
  }

  /// The nearest place where a fair run can stay, and its loop there.
  private static func loop(
    in graph: FairGraph,
    _ members: [Int],
    _ waiting: Waiting
  ) -> (start: Int, loop: [Int])? {
    func nearest(_ nodes: [Int]) -> Int? {
      nodes.min { waiting.distance[members[$0]] < waiting.distance[members[$1]] }
    }
    if let node = nearest(members.indices.filter { graph.isFairToStay(in: $0) }) {
      return (node, [])
    }
    guard let part = graph.fairPart(), let start = nearest(part.nodes),
      let loop = graph.loop(in: part, from: start)
    else { return nil }
    return (start, loop)
  }

  /// Whether each armed timer is started again or cancelled by a step that changes nothing; asked
  /// first, since most states have an armed timer and no such step.
  private mutating func mayStay(in state: Int, _ expander: inout Expander) -> Bool {
    while mayStay.count <= state { mayStay.append(nil) }
    if let known = mayStay[state] { return known }
    sink.store.load(state, into: &words)
    let answer = mayStay(words, &expander)
    if stop.reason == nil { mayStay[state] = answer }
    return answer
  }

  private func mayStay(_ words: [UInt64], _ expander: inout Expander) -> Bool {
    var armed: [SelfLoopSink.Timer] = []
    for instance in layout.instances {
      for (timer, field) in instance.timers.enumerated() where field.get(words) == 1 {
        armed.append(.init(instance: instance.instance, timer: timer))
      }
    }
    if armed.isEmpty { return true }
    var sink = SelfLoopSink(words)
    _ = expander.expand(words, into: &sink)
    return armed.allSatisfy(sink.served.contains)
  }

  /// A state by itself with what fairness asks about; nil where no run that stays in it for ever,
  /// or goes round through steps that change nothing, is fair.
  mutating func graph(ofState state: Int, _ expander: inout Expander) -> FairGraph? {
    guard mayStay(in: state, &expander) else { return nil }
    sink.alone = state
    defer { sink.alone = nil }
    expand(state, &expander)
    guard sink.servesItself || stop.reason != nil else { return nil }
    return graph(of: [state], [sink.found], [sink.enabledConditions], &expander)
  }

  /// A component with what fairness asks about, its states numbered by their place.
  mutating func graph(
    of members: [Int],
    _ expander: inout Expander,
    isMember: @escaping (Int) -> Bool
  ) -> FairGraph {
    var found: [[FairnessSink.Found]] = []
    sink.isMember = isMember
    var enabled: [Set<Int>] = []
    for state in members {
      expand(state, &expander)
      enabled.append(sink.enabledConditions)
      found.append(sink.found)
      if stop.reason != nil { break }
    }
    return graph(of: members, found, enabled, &expander)
  }

  private mutating func graph(
    of members: [Int],
    _ found: [[FairnessSink.Found]],
    _ enabled: [Set<Int>],
    _ expander: inout Expander
  ) -> FairGraph {
    var graph = FairGraph(stop: stop)
    var places: [Int: Int] = [:]
    for (place, state) in members.enumerated() { places[state] = place }
    var enabled = enabled
    addArrivals(to: &enabled, found, members, &expander)
    for conditions in enabled { graph.addNode(enabled: conditions.sorted()) }
    for (place, successors) in found.enumerated() {
      for successor in successors {
        guard let target = places[successor.target] else { continue }
        graph.addEdge(from: place, to: target, successor.label, ordinal: successor.ordinal)
      }
    }
    graph.demands = demands(callsAct: false)
    return graph
  }

  /// What each condition asks for.
  func demands(callsAct: Bool) -> [FairGraph.Demand] {
    sink.fairness.conditions.values.map { sink.fairness.demand($0, callsAct: callsAct) }
  }

  /// A message that is sent in a component is waited for where its receiver takes it.
  private mutating func addArrivals(
    to enabled: inout [Set<Int>],
    _ found: [[FairnessSink.Found]],
    _ members: [Int],
    _ expander: inout Expander
  ) {
    let sent = Set(found.joined().flatMap(\.label.sent)).sorted()
    guard !sent.isEmpty else { return }
    for place in found.indices {
      sink.store.load(members[place], into: &words)
      for condition in sent {
        guard
          case .arrival(let network, let number) = sink.fairness.conditions[condition],
          expander.takes(number, from: network, words)
        else { continue }
        enabled[place].insert(condition)
      }
      if stop.spend(sent.count) { return }
    }
  }

  private mutating func expand(_ state: Int, _ expander: inout Expander) {
    sink.store.load(state, into: &words)
    sink.begin(words)
    _ = expander.expand(words, into: &sink)
  }

  /// The run itself.
  private mutating func lasso(
    _ promise: Promise,
    _ waiting: Waiting,
    _ loopState: Int,
    _ loop: [(state: Int, ordinal: Int)],
    _ expander: inout Expander
  ) -> Lasso? {
    var way = [loopState]
    while let last = way.last, waiting.parent[last] >= 0 { way.append(Int(waiting.parent[last])) }
    way.reverse()
    var steps: [Step] = []
    for (source, target) in zip(way, way.dropFirst()) {
      sink.wanted = nil
      sink.isMember = { $0 == target }
      expand(source, &expander)
      guard let ordinal = sink.found.first?.ordinal,
        let step = step(from: source, ordinal, &expander)
      else { return nil }
      steps.append(step)
    }
    let loopStart = steps.count
    for (state, ordinal) in loop {
      guard let step = step(from: state, ordinal, &expander) else { return nil }
      steps.append(step)
    }
    return Lasso(promise: promise, start: way[0], steps: steps, loopStart: loopStart)
  }

  mutating func step(
    from state: Int,
    _ ordinal: Int,
    _ expander: inout Expander
  ) -> Step? {
    sink.wanted = ordinal
    sink.isMember = { _ in false }
    expand(state, &expander)
    defer { sink.wanted = nil }
    return sink.wantedStep
  }
}

/// The states in which a promise waits to be kept, nearest first: those without the effect that
/// can be reached through such states from one with the cause.
private struct Waiting {
  /// In the order of their distance.
  private(set) var order: [Int] = []
  /// Steps of the shortest run to each; -1 for other states.
  private(set) var distance: [Int32]
  /// Where such a run comes from; -1 where the promise was made.
  private(set) var parent: [Int32]

  func steps(to state: Int) -> Int { Int(distance[state]) }

  init(
    _ promise: Promise,
    _ layout: StateLayout,
    _ store: borrowing StateStore,
    _ edges: GroupedEdges,
    _ layers: [Layer],
    _ evaluator: Evaluator,
    _ stop: StopCheck
  ) {
    distance = Array(repeating: -1, count: store.count)
    parent = distance
    var cause = Predicate(promise.cause, layout: layout, evaluator: evaluator)
    var effect = Predicate(promise.effect, layout: layout, evaluator: evaluator)
    var words = [UInt64](repeating: 0, count: layout.wordCount)
    var isWithout = [Bool](repeating: false, count: store.count)
    var made: [Int: [Int]] = [:]
    for layer in layers {
      for state in layer.states {
        store.load(state, into: &words)
        isWithout[state] = effect.answer(words) != .yes
        if isWithout[state], cause.answer(words) == .yes {
          made[layer.depth, default: []].append(state)
        }
        if state & 1023 == 1023, stop.spend(1024) { return }
      }
    }
    var depth = made.keys.min() ?? 0
    let last = made.keys.max() ?? -1
    var current: [Int] = []
    while depth <= last || !current.isEmpty {
      for state in made[depth] ?? [] where distance[state] < 0 {
        distance[state] = Int32(depth)
        current.append(state)
      }
      order += current
      var next: [Int] = []
      for (place, state) in current.enumerated() {
        if place & 1023 == 1023, stop.spend(1024) { return }
        for target in edges[state].map(Int.init) where isWithout[target] && distance[target] < 0 {
          distance[target] = Int32(depth + 1)
          parent[target] = Int32(state)
          next.append(target)
        }
      }
      current = next
      depth += 1
    }
  }
}

/// Takes down which timers the steps serve that lead back to where they began.
private struct SelfLoopSink: SuccessorSink {
  struct Timer: Equatable {
    var instance: Int
    var timer: Int
  }

  private(set) var served: [Timer] = []
  private let source: [UInt64]

  init(_ source: [UInt64]) { self.source = source }

  mutating func successor(
    _ words: StateWords,
    isFault: Bool,
    sleep: @autoclosure () -> UInt64,
    step: @autoclosure () -> Step,
    effects: @autoclosure () -> StepEffects
  ) {
    guard words.equals(source) else { return }
    let effects = effects()
    guard let instance = effects.instance else { return }
    for timer in effects.timers { served.append(Timer(instance: instance, timer: timer)) }
  }

  mutating func failure(times: Int, step: @autoclosure () -> Step) {}

  mutating func unspecified(_ network: Int, _ number: Int) {}
}
