import LingerEval
import LingerModel

/// Looks for a run of the model behind a run of a timed problem: the same tests and resets in the
/// same order, with every message that is received sent before.
///
/// Depth first over the edges of the graph that were merged, with what was sent by then.
struct RunSearch {
  enum Answer {
    case chain(RunChain)
    /// No such run: the messages are received, or read by the property, and were not sent; others
    /// were, in the order of the run.
    case missing([Envelope], sent: [Envelope])
    case stopped(UndecidedReason)
  }

  private let problem: TimedProblem
  private let goal: TimedGoal
  private let budget: Budget
  private var outgoing: [Int: [Int]] = [:]
  private var path: [TimedProblem.Edge] = []
  private var failed: Set<Place> = []
  private var missing: (position: Int, messages: [Envelope], edges: [Int])?
  private var stopped: UndecidedReason?

  private struct Place: Hashable {
    var position: Int
    var location: Int
    var sent: NumberSet
  }

  init(
    _ problem: TimedProblem,
    goal: TimedGoal,
    budget: Budget
  ) {
    self.problem = problem
    self.goal = goal
    self.budget = budget
  }

  private var graph: ControlGraph { problem.graph }

  mutating func answer(_ path: [Int]) -> Answer {
    self.path = path.map { problem.edges[$0] }
    let classes = Set(self.path.map(\.source))
    for (number, edge) in graph.edges.enumerated() {
      guard let source = problem.classes[edge.source], classes.contains(source) else { continue }
      outgoing[edge.source, default: []].append(number)
    }
    var edges: [Int] = []
    if let end = extend(&edges, Place(position: 0, location: 0, sent: NumberSet())) {
      return .chain(
        RunChain(graph: graph, edges: edges, end: end, goal: goal)
      )
    }
    if let stopped { return .stopped(stopped) }
    let sent = (missing?.edges ?? []).flatMap { graph.edges[$0].sends }.map { graph.envelopes[$0] }
    return .missing(missing?.messages ?? [], sent: sent)
  }

  /// Extends a run to the path's end; the state there, or nil where that is not possible.
  private mutating func extend(_ edges: inout [Int], _ place: Place) -> State? {
    if failed.contains(place) || stopped != nil { return nil }
    if failed.count.isMultiple(of: 256) { stopped = budget.exhaustion }
    let end = place.position == path.count ? end(place, edges) : step(&edges, place)
    if end == nil { failed.insert(place) }
    return end
  }

  private mutating func step(_ edges: inout [Int], _ place: Place) -> State? {
    let wanted = path[place.position]
    for number in outgoing[place.location] ?? [] {
      let edge = graph.edges[number]
      guard problem.isMerged(edge, into: wanted) else { continue }
      if let message = edge.arriving, !place.sent.contains(message) {
        let envelope = graph.envelopes[message]
        if !graph.tracks(envelope) {
          miss([envelope], place.position, edges)
          continue
        }
      }
      var next = Place(position: place.position + 1, location: edge.target, sent: place.sent)
      for envelope in edge.sends { next.sent.insert(envelope) }
      edges.append(number)
      if let end = extend(&edges, next) { return end }
      edges.removeLast()
    }
    return nil
  }

  private func isSent(_ envelope: Envelope, _ place: Place) -> Bool {
    graph.number(of: envelope).map(place.sent.contains) ?? false
  }

  /// The deepest place says best what is missing.
  private mutating func miss(_ messages: [Envelope], _ position: Int, _ edges: [Int]) {
    if position > missing?.position ?? -1 { missing = (position, messages, edges) }
  }

  /// The state where a run ends, with what was sent; nil where the property is true there whatever
  /// is alive.
  private mutating func end(_ place: Place, _ edges: [Int]) -> State? {
    let graph = graph
    let location = graph.locations[place.location]
    if location.ending != nil { return location.state }
    let whole = location.state
    var state = whole
    for network in state.networks.indices {
      state.networks[network].messages.removeAll { message in
        !graph.tracks(message.envelope) && !isSent(message.envelope, place)
      }
    }
    var end = location
    end.state = state
    // What cannot be read is left to the run's own problem, which says so.
    let bad = try? goal.end(of: end, in: graph)
    if bad != .constant(false) { return state }
    let read = Set(problem.classes[place.location].map { problem.locations[$0].bad.clocks } ?? [])
    let unsent = whole.networks.flatMap(\.messages).map(\.envelope).filter { envelope in
      !graph.tracks(envelope) && !isSent(envelope, place)
    }
    let needed = unsent.filter { graph.clock(of: $0).map(read.contains) ?? false }
    miss(Array((needed.isEmpty ? unsent : needed).prefix(1)), place.position, edges)
    return nil
  }
}

extension TimedProblem {
  /// Whether an edge of the graph is one of those that were merged into an edge of the problem.
  func isMerged(_ edge: ControlGraph.Edge, into wanted: Edge) -> Bool {
    guard let target = classes[edge.target], target == wanted.target,
      classes[edge.source] == wanted.source, edge.fires == wanted.fires,
      edge.receives == wanted.receives, edge.tests == wanted.tests
    else { return false }
    let live = locations[target].live
    return edge.resets.filter { live.contains($0) } == wanted.resets
      && edge.transfers.filter { live.contains($0.to) } == wanted.transfers
  }
}
