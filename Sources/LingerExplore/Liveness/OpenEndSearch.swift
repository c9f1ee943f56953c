import LingerEval
import LingerModel

/// A fair run in which a part of `final` stays false for ever.
struct OpenFind {
  /// From the first state of the loop on; nothing comes before it.
  var lasso: Lasso
  /// Its number in ``Model/finalParts``.
  var part: Int
  /// Whether it is fair although every application acts.
  var callsAct: Bool
  /// Other parts that stay false in the same way.
  var likewise: [Int]
}

/// Looks for what stays open for ever, in the graph of a search (docs/semantics.md, "What is left
/// open").
///
/// Each state is looked at by itself first, where a run may stay or go round through steps that
/// change nothing, then each larger component. For each control state of a role the nearest fair
/// run is kept that never leaves it: one that takes an application that does not act, and one that
/// does not. Runs that go through several control states for ever are asked for where there is none
/// of these.
struct OpenEndSearch: ~Copyable {
  /// How the findings are told apart.
  private struct Key: Hashable {
    /// -1 for what is about no one instance.
    var role: Int
    /// Nil where the instance goes through several control states.
    var control: [UInt64]?
    var callsAct: Bool
  }

  private struct Candidate {
    var part: Int
    var steps: Int
    var start: Int
    var loop: [(state: Int, ordinal: Int)]
    var likewise: [Int] = []
    /// Whether the instance's own application could lead on to another control state.
    var showsCall = false
  }

  private var lassos: LassoSearch
  private let parts: [FinalPart]
  private var wanted: [Predicate]
  /// By part.
  private let controls: [[BitField]]
  private let roles: [Int]
  /// In the order in which they were found.
  private var found: [Key: Candidate] = [:]
  private var keys: [Key] = []
  /// Whether an instance's application can lead on to another control state, by part and by the
  /// local state, its other bits being 0.
  private var calls: [[UInt64]: Bool] = [:]

  private var layout: StateLayout { lassos.layout }
  private var stop: StopCheck { lassos.stop }

  /// `mayStay` is what another search has found out of the same states.
  init(
    _ layout: StateLayout,
    _ edges: GroupedEdges,
    _ layers: [Layer],
    _ evaluator: Evaluator,
    mayStay: [Bool?]
  ) {
    let model = layout.model
    let stop = evaluator.stop ?? StopCheck(.unlimited)
    lassos = LassoSearch(layout, edges, layers, stop, marksCalls: true, mayStay: mayStay)
    parts = model.finalParts
    wanted = parts.map { Predicate($0.wanted, layout: layout, evaluator: evaluator) }
    roles = parts.map { part in part.instance.map { model.instances[$0].role } ?? -1 }
    controls = parts.map { part in
      guard let instance = part.instance else { return [] }
      return model.controlVariables(ofRole: model.instances[instance].role).map {
        layout.instances[instance].variables[$0]
      }
    }
  }

  /// What stays open, what does so although everybody acts first; nil where a stop comes.
  mutating func finds(in search: inout Search) -> [OpenFind]? {
    swap(&lassos.sink.store, &search.frontier.store)
    defer { swap(&lassos.sink.store, &search.frontier.store) }
    let count = lassos.sink.store.count
    let edges = lassos.edges
    let components = StrongComponents(of: Array(0..<count), count: count, stop: stop) {
      state,
      visit in
      for target in edges[state] { visit(Int(target)) }
    }
    if stop.reason != nil { return nil }
    var component = [Int32](repeating: -1, count: count)
    let large = components.members.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
    for (number, members) in large.enumerated() {
      for state in members { component[state] = Int32(number) }
    }
    lookAtSingleStates(component, &search.expander)
    for (number, members) in large.enumerated() where stop.reason == nil {
      lookAt(members, &search.expander) { component[$0] == number }
    }
    guard stop.reason == nil else { return nil }
    let finds = [true, false].flatMap { callsAct in
      keys.filter { $0.callsAct == callsAct }.compactMap { found[$0] }
        .sorted { ($0.steps, $0.start) < ($1.steps, $1.start) }
        .map { ($0, callsAct) }
    }
    return finds.compactMap { self.find($0, callsAct: $1, &search.expander) }
  }

  private mutating func find(
    _ candidate: Candidate,
    callsAct: Bool,
    _ expander: inout Expander
  ) -> OpenFind? {
    var steps: [Step] = []
    for (state, ordinal) in candidate.loop {
      guard let step = lassos.step(from: state, ordinal, &expander) else { return nil }
      steps.append(step)
    }
    return OpenFind(
      lasso: Lasso(
        promise: parts[candidate.part].promise,
        start: candidate.start,
        steps: steps,
        loopStart: 0
      ),
      part: candidate.part,
      callsAct: callsAct,
      likewise: candidate.likewise.sorted()
    )
  }

  private func depth(of state: Int) -> Int {
    var low = 0
    var high = lassos.layers.count
    while low < high {
      let middle = (low + high) / 2
      if lassos.layers[middle].states.upperBound <= state {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low < lassos.layers.count ? lassos.layers[low].depth : 0
  }

  /// Keeps a find if it is the first of its kind or shorter than the one known.
  private mutating func note(_ candidate: Candidate, _ key: Key) {
    guard var known = found[key] else {
      found[key] = candidate
      keys.append(key)
      return
    }
    let isOther = known.part != candidate.part && !known.likewise.contains(candidate.part)
    if isOther { known.likewise.append(candidate.part) }
    let isBetter =
      candidate.part == known.part && candidate.showsCall && !known.showsCall
      || candidate.showsCall == known.showsCall && candidate.steps < known.steps
    if isBetter {
      var better = candidate
      better.likewise = (known.likewise + [known.part]).filter { $0 != candidate.part }
      known = better
    }
    found[key] = known
  }

  private func isKnown(_ key: Key, of part: Int) -> Bool {
    found[key].map { $0.part == part || $0.likewise.contains(part) } ?? false
  }

  private func key(of part: Int, _ words: [UInt64], callsAct: Bool) -> Key {
    Key(role: roles[part], control: controls[part].map { $0.get(words) }, callsAct: callsAct)
  }

  private mutating func openParts(_ words: [UInt64]) -> [Int] {
    parts.indices.filter { wanted[$0].answer(words) != .yes }
  }
}

/// States by themselves.
extension OpenEndSearch {
  private mutating func lookAtSingleStates(_ component: [Int32], _ expander: inout Expander) {
    var words = [UInt64](repeating: 0, count: layout.wordCount)
    for state in component.indices where component[state] < 0 {
      if state & 1023 == 1023, stop.spend(1024) { return }
      lassos.sink.store.load(state, into: &words)
      var open: [Int] = []
      for part in openParts(words) where isOfInterest(part, words, &expander) {
        open.append(part)
      }
      guard !open.isEmpty, var graph = lassos.graph(ofState: state, &expander),
        let loop = Self.loop(in: graph, [0])
      else { continue }
      graph.demands = lassos.demands(callsAct: true)
      let acting = Self.loop(in: graph, [0])
      for part in open {
        let key = key(of: part, words, callsAct: acting != nil)
        var candidate = candidate(part, acting ?? loop, [state], graph)
        candidate.showsCall = acting == nil && showsCall(part, words, expander.cache.evaluator)
        note(candidate, key)
      }
      if stop.reason != nil { return }
    }
  }

  /// Whether something new of a part can be found in a state.
  private mutating func isOfInterest(
    _ part: Int,
    _ words: [UInt64],
    _ expander: inout Expander
  ) -> Bool {
    if !isKnown(key(of: part, words, callsAct: true), of: part) { return true }
    let idle = key(of: part, words, callsAct: false)
    guard isKnown(idle, of: part), let known = found[idle] else { return true }
    return known.part == part && !known.showsCall
      && showsCall(part, words, expander.cache.evaluator)
  }

  /// Whether the instance's application could lead on from here to another control state.
  private mutating func showsCall(
    _ part: Int,
    _ words: [UInt64],
    _ evaluator: Evaluator
  ) -> Bool {
    guard let instance = parts[part].instance else { return true }
    let local = layout.instances[instance].segments.map { words[$0.word] & $0.mask }
    if let known = calls[[UInt64(part)] + local] { return known }
    let state = layout.unpack(words)
    let control = layout.model.control(of: instance, in: state)
    let leads = evaluator.successors(of: state).contains { successor in
      guard case .transition(instance, _, .call, _) = successor.step,
        case .success(let next) = successor.outcome
      else { return false }
      return layout.model.control(of: instance, in: next) != control
    }
    calls[[UInt64(part)] + local] = leads
    return leads
  }
}

/// Larger components.
extension OpenEndSearch {
  private mutating func lookAt(
    _ members: [Int],
    _ expander: inout Expander,
    isMember: @escaping (Int) -> Bool
  ) {
    var words = [UInt64](repeating: 0, count: layout.wordCount)
    var nodes: [[Int]] = parts.map { _ in [] }
    var controlOf: [[[UInt64]]] = parts.map { _ in [] }
    for (place, state) in members.enumerated() {
      lassos.sink.store.load(state, into: &words)
      for part in openParts(words) {
        nodes[part].append(place)
        controlOf[part].append(controls[part].map { $0.get(words) })
      }
      if stop.spend(parts.count) { return }
    }
    guard nodes.contains(where: { !$0.isEmpty }) else { return }
    var graph = lassos.graph(of: members, &expander, isMember: isMember)
    for part in parts.indices where !nodes[part].isEmpty && stop.reason == nil {
      var order: [[UInt64]] = []
      var byControl: [[UInt64]: [Int]] = [:]
      for (node, control) in zip(nodes[part], controlOf[part]) {
        if byControl[control] == nil { order.append(control) }
        byControl[control, default: []].append(node)
      }
      var known: [Bool?] = []
      for control in order {
        known.append(look(byControl[control] ?? [], control, part, members, &graph))
      }
      guard order.count > 1, !known.contains(true) else { continue }
      _ = look(nodes[part], nil, part, members, &graph, wantsIdle: !known.contains(false))
    }
  }

  /// Looks for a run through some nodes.
  ///
  /// - Returns: Whether one was found that is fair although every application acts; nil for none at
  ///   all. One that takes an idle application is asked for only where there is no such run.
  private mutating func look(
    _ nodes: [Int],
    _ control: [UInt64]?,
    _ part: Int,
    _ members: [Int],
    _ graph: inout FairGraph,
    wantsIdle: Bool = true
  ) -> Bool? {
    for callsAct in wantsIdle ? [true, false] : [true] {
      graph.demands = lassos.demands(callsAct: callsAct)
      guard let loop = Self.loop(in: graph, nodes) else { continue }
      let key = Key(role: roles[part], control: control, callsAct: callsAct)
      note(candidate(part, loop, members, graph), key)
      return callsAct
    }
    return nil
  }

  private func candidate(
    _ part: Int,
    _ loop: (start: Int, edges: [Int]),
    _ members: [Int],
    _ graph: FairGraph
  ) -> Candidate {
    Candidate(
      part: part,
      steps: depth(of: members[loop.start]) + loop.edges.count,
      start: members[loop.start],
      loop: loop.edges.map { edge in
        (members[Int(graph.edges[edge].source)], Int(graph.edges[edge].ordinal))
      }
    )
  }

  /// Where a fair run can stay in some nodes, else a loop through them. States are numbered by
  /// their distance, and nodes like states.
  private static func loop(in graph: FairGraph, _ nodes: [Int]) -> (start: Int, edges: [Int])? {
    if let node = nodes.first(where: graph.isFairToStay) { return (node, []) }
    guard let part = graph.fairPart(of: nodes), let start = part.nodes.min(),
      let loop = graph.loop(in: part, from: start)
    else { return nil }
    return (start, loop)
  }
}
