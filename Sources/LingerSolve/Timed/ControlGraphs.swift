import LingerModel
private import Synchronization

/// The control graph of a model, for all questions that are asked of it: what one question has
/// explored another one need not.
package final class ControlGraphs: Sendable {
  private struct Explored {
    var wanted: MessageAbstraction
    var graph: ControlGraph
  }

  /// The first graph that was wanted; questions begin with the same one and refine it for
  /// themselves.
  private let explored = Mutex<Explored?>(nil)

  package init() {}

  /// The graph of the model, which is the same whenever this is asked.
  func graph(
    of model: Model,
    _ wanted: MessageAbstraction,
    _ options: TimedOptions
  ) throws(ControlGraph.Unsupported) -> ControlGraph {
    try explored.withLock { explored throws(ControlGraph.Unsupported) in
      if let explored, explored.wanted == wanted { return explored.graph }
      let graph = try ControlGraph(
        model,
        wanted,
        limit: options.locationLimit,
        budget: options.budget
      )
      if explored == nil { explored = Explored(wanted: wanted, graph: graph) }
      return graph
    }
  }
}
