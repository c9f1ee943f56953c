import LingerModel

/// Which of the inductive bounds found at a sample the property rests on, and for which
/// parameter values they hold.
///
/// Goes backwards from the property: each way to make it false is excluded by bounds that
/// contradict each other, some of them inductive; each of these has to be kept by every edge, by
/// bounds that add up to it. What adds up to one of these, or to a contradiction, at the sample
/// does so wherever one linear condition on the parameters is true; all of these together are the
/// region in which the proof is one.
struct BoundSupport {
  /// The inductive bounds do not imply the property.
  struct Insufficient: Error {}

  private let search: InductiveBoundSearch
  private let sample: ProblemSample
  private let graph: HistoryGraph
  /// Whether the assumptions imply a condition.
  private let isAssumed: (LinearConstraint) throws -> Bool
  /// Conditions on the parameters under which the bounds hold, in the order of their finding.
  private(set) var region: [LinearConstraint] = []
  /// For each place which of its bounds are needed.
  private(set) var isNeeded: [[Bool]]
  private var open: [(place: Int, index: Int)] = []
  private var incoming: [[Int]]
  private var paths: [Int: BoundPaths] = [:]
  private var shortPaths: [Int: ShortBoundPaths] = [:]
  private var isEntered: [Bool]

  init(
    _ search: InductiveBoundSearch,
    isAssumed: @escaping (LinearConstraint) throws -> Bool
  ) {
    self.search = search
    sample = search.sample
    graph = search.graph
    self.isAssumed = isAssumed
    isNeeded = graph.places.indices.map { place in
      let size = search.rowCount(of: place)
      return Array(repeating: false, count: size * size)
    }
    isEntered = graph.places.map { _ in false }
    incoming = Array(repeating: [], count: graph.places.count)
    for (number, step) in graph.steps.enumerated() where search.inductive[step.source] != nil {
      incoming[step.target].append(number)
    }
  }

  /// Finds the support; fails where the bounds do not exclude what makes the property false.
  mutating func find() throws {
    for place in graph.places.indices {
      if search.inductive[place] == nil {
        try exclude(place)
        continue
      }
      for way in sample.presumedViolations(in: graph.places[place].location) {
        let arcs = search.arcs(in: place) + way
        let paths = BoundPaths(arcs, size: search.rowCount(of: place))
        guard let contradiction = paths.contradiction else {
          throw Insufficient()
        }
        try refute(contradiction, orOneOf: shortPaths(arcs, in: place), in: place)
      }
    }
    var next = 0
    while next < open.count {
      let (place, index) = open[next]
      next += 1
      try justify(place, index)
    }
  }

  /// Keeps every step of the sample that leads nowhere from leading to a place.
  private mutating func exclude(_ place: Int) throws {
    if isEntered[place] { return }
    isEntered[place] = true
    for step in incoming[place] {
      guard let contradiction = paths(along: step).contradiction else { continue }
      let source = graph.steps[step].source
      try refute(contradiction, orOneOf: shortPaths(along: step), in: source)
    }
  }

  private mutating func paths(along step: Int) -> BoundPaths {
    if let known = paths[step] { return known }
    let found = search.paths(along: step)
    paths[step] = found
    return found
  }

  private mutating func shortPaths(along step: Int) -> ShortBoundPaths {
    if let known = shortPaths[step] { return known }
    let found = shortPaths(paths(along: step).arcs, in: graph.steps[step].source)
    shortPaths[step] = found
    return found
  }

  /// Rests on a contradiction: that of the sample, or a short one that is one everywhere.
  private mutating func refute(
    _ contradiction: [BoundArc],
    orOneOf short: ShortBoundPaths,
    in place: Int
  ) throws {
    let general = try short.firstContradiction { sum in
      try isAssumed(sum.isImpossible)
    }
    let chosen = general ?? contradiction
    let sum = chosen.total(parameters: sample.parameterCount)
    try rest(on: chosen, if: sum.isImpossible, in: place)
  }

  private func shortPaths(_ arcs: [BoundArc], in place: Int) -> ShortBoundPaths {
    ShortBoundPaths(
      arcs,
      size: search.rowCount(of: place),
      parameterCount: sample.parameterCount
    )
  }

  private mutating func justify(_ place: Int, _ index: Int) throws {
    let size = search.rowCount(of: place)
    guard let needed = search.inductive[place]?[index] else {
      preconditionFailure("a bound that was dropped is needed")
    }
    try exclude(place)
    if place == 0, let start = sample.start(index / size, index % size) {
      try condition(start.implies(needed))
    }
    for step in incoming[place] where paths(along: step).contradiction == nil {
      let origins = sample.origins(of: search.edge(of: step))
      let (row, column) = (origins[index / size], origins[index % size])
      if row == column {
        try condition(sample.zero.implies(needed))
        continue
      }
      let source = graph.steps[step].source
      let general = try shortPaths(along: step)
        .first(from: row, to: column, limit: needed.value) { sum in
          try isAssumed(sum.implies(needed))
        }
      let chosen = general ?? paths(along: step).path(row, column)
      let sum = chosen.total(parameters: sample.parameterCount)
      try rest(on: chosen, if: sum.implies(needed), in: source)
    }
  }

  private mutating func rest(
    on arcs: [BoundArc],
    if condition: LinearConstraint,
    in place: Int
  ) throws {
    try self.condition(condition)
    let size = search.rowCount(of: place)
    for arc in arcs where arc.isInductive {
      let index = arc.row * size + arc.column
      if isNeeded[place][index] { continue }
      isNeeded[place][index] = true
      open.append((place, index))
    }
  }

  private mutating func condition(_ condition: LinearConstraint) throws {
    if try isAssumed(condition) || region.contains(condition) { return }
    region.append(condition)
  }
}
