import LingerModel

/// Finds for each location the strongest bounds on differences of clocks that every step keeps, at
/// a sample of the parameters.
///
/// Abstract interpretation (Cousot and Cousot, POPL 1977): what comes over several edges is joined
/// to the least set of that form. Each bound is carried as a term over the parameters too, as in
/// the inverse method (André, Chatain, Encrenaz, Fribourg, IJFCS 2009): what is found at the
/// sample is inductive wherever the terms compare as they do there.
struct InductiveBoundSearch {
  let sample: ProblemSample
  let graph: HistoryGraph
  /// For each place its bounds by row and column, no bounds on a clock from above: those come
  /// from deadlines alone, because time passes. Nil where no step of the sample leads to it.
  private(set) var inductive: [[SampledBound?]?]
  /// How often each bound was weakened.
  private var weakened: [[Int]]

  /// A bound that is weakened more often than this is dropped: it may never come to rest.
  private static let patience = 24

  init(_ sample: ProblemSample, _ graph: HistoryGraph) {
    self.sample = sample
    self.graph = graph
    inductive = graph.places.map { _ in nil }
    weakened = graph.places.map { _ in [] }
  }

  /// Runs to the fixpoint; false where it was stopped.
  mutating func run(budget: Budget) -> Bool {
    guard let initial = graph.places.first?.location else { return true }
    let size = sample.rowCount(of: initial)
    inductive[0] = (0..<size * size).map { index in
      index % size == 0 ? nil : sample.start(index / size, index % size)
    }
    weakened[0] = Array(repeating: 0, count: size * size)
    var open = [0]
    var isOpen = graph.places.map { _ in false }
    isOpen[0] = true
    var next = 0
    while next < open.count {
      let place = open[next]
      next += 1
      isOpen[place] = false
      if next.isMultiple(of: 64) {
        if budget.isExhausted { return false }
        open.removeFirst(next)
        next = 0
      }
      for step in graph.outgoing[place] {
        let target = graph.steps[step].target
        if take(step), !isOpen[target] {
          isOpen[target] = true
          open.append(target)
        }
      }
    }
    return true
  }

  /// What is known in a place: its inductive bounds and what needs no proof.
  func arcs(in place: Int) -> [BoundArc] {
    sample.facts(of: graph.places[place].location) + inductiveArcs(in: place)
  }

  private func inductiveArcs(in place: Int) -> [BoundArc] {
    guard let bounds = inductive[place] else { return [] }
    let size = rowCount(of: place)
    return bounds.enumerated().compactMap { index, bound in
      let (row, column) = (index / size, index % size)
      guard let bound, row != column else { return nil }
      return BoundArc(row: row, column: column, bound: bound, isInductive: true)
    }
  }

  func rowCount(of place: Int) -> Int { sample.rowCount(of: graph.places[place].location) }

  func edge(of step: Int) -> TimedProblem.Edge {
    sample.problem.edges[graph.steps[step].passage.edge]
  }

  /// What is known while a step is taken.
  func arcs(along step: Int) -> [BoundArc] {
    let (source, passage) = (graph.steps[step].source, graph.steps[step].passage)
    return arcs(in: source) + sample.tests(of: edge(of: step))
      + sample.presumptions(in: graph.places[source].location)[passage.presumption]
  }

  func paths(along step: Int) -> BoundPaths {
    BoundPaths(arcs(along: step), size: rowCount(of: graph.steps[step].source))
  }

  /// Weakens the target's bounds so that a step keeps them; whether that changed any.
  private mutating func take(_ step: Int) -> Bool {
    let paths = paths(along: step)
    guard paths.contradiction == nil else { return false }
    let target = graph.steps[step].target
    let origins = sample.origins(of: edge(of: step))
    let size = origins.count
    let isFirst = inductive[target] == nil
    var bounds = inductive[target] ?? Array(repeating: nil, count: size * size)
    if isFirst { weakened[target] = Array(repeating: 0, count: size * size) }
    var isChanged = isFirst
    for row in 0..<size {
      for column in 1..<max(1, size) where row != column {
        let index = row * size + column
        guard isFirst || bounds[index] != nil else { continue }
        let value = paths.value(origins[row], origins[column])
        if let old = bounds[index], value <= old.value { continue }
        isChanged = true
        weakened[target][index] += 1
        let isDropped =
          value == DifferenceBounds.none || weakened[target][index] > Self.patience
        bounds[index] =
          isDropped
          ? nil
          : paths.path(origins[row], origins[column]).total(parameters: sample.parameterCount)
      }
    }
    inductive[target] = bounds
    return isChanged
  }
}
