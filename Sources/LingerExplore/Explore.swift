import LingerEval
package import LingerModel

/// Visits every reachable state of a model and answers its questions.
///
/// Exact and deterministic: the same model and options give the same report. A limit, or a
/// property that this engine does not decide, gives *unknown* with the reason.
///
/// - Complexity: one expansion of each state, and one more of those up to the deepest find.
package func explore(_ model: Model, options: ExploreOptions = ExploreOptions()) -> CheckReport {
  let evaluator = Evaluator(model)
  var slotCount = firstSlotCount
  while true {
    let layout = StateLayout(model, slotCount: slotCount)
    slotCount *= 2
    guard let initial = layout.pack(evaluator.initialState) else { continue }
    var search = Search(layout, evaluator: evaluator, options: options)
    do throws(LayoutOverflow) {
      try search.run(from: initial)
      return report(of: &search, evaluator: evaluator)
    } catch {
      continue
    }
  }
}

/// Places for messages to begin with, in networks that are kept in slots or queues.
private let firstSlotCount = 8

private func report(of search: inout Search, evaluator: Evaluator) -> CheckReport {
  let firings = search.firings
  var report = CheckReport(
    results: [],
    statistics: search.statistics,
    vacuity: search.limit == nil ? search.vacuity(firings: firings) : [],
    firings: firings
  )
  let finds = search.finds()
  let paths = PathFinder(to: finds.map(\.find.state), in: &search)
  var judge = Judge(
    model: search.model,
    evaluator: evaluator,
    limit: search.limit,
    finds: finds,
    paths: paths
  )
  report.results = (search.options.questions ?? search.model.questions).map { judge.result($0) }
  report.internalErrors = judge.internalErrors
  return report
}
