import LingerEval
package import LingerModel

/// Visits every reachable state of a model and answers its questions.
///
/// Exact and deterministic: the same model and options give the same report. A limit, or a
/// property that this engine does not decide, gives *unknown* with the reason.
///
/// - Complexity: one expansion of each state, and one more of those up to the deepest find.
package func explore(_ model: Model, options: ExploreOptions = ExploreOptions()) -> CheckReport {
  var size = LayoutSize()
  var options = options
  var asymmetry: String?
  while true {
    let stop = StopCheck(options.shouldStop)
    let evaluator = Evaluator(model, stop: stop)
    let layout = StateLayout(model, size: size)
    var search = Search(layout, evaluator: evaluator, stop: stop, options: options)
    do throws(LayoutOverflow) {
      var initial: [[UInt64]] = []
      if let start = options.start {
        initial.append(try layout.pack(start))
      } else {
        for state in evaluator.initialStates { initial.append(try layout.pack(state)) }
      }
      try search.run(from: initial)
      if let reason = search.asymmetry {
        asymmetry = reason
        options.usesSymmetry = false
        continue
      }
      var result = report(of: &search, evaluator: evaluator)
      if let reason = asymmetry ?? search.reasonAgainstSymmetry {
        result.statistics.symmetryNote = "the symmetry is not used: \(reason)"
      }
      return result
    } catch {
      guard let larger = size.enlarged(after: error) else {
        preconditionFailure("a run was given up for a layout that cannot be larger")
      }
      size = larger
    }
  }
}

/// Work that may be done after a limit to tell what was found: a fraction of a second.
private let graceAfterLimit = 200_000

private func report(of search: inout Search, evaluator: Evaluator) -> CheckReport {
  let firings = search.expander.cache.transitionFirings
  let statistics = search.statistics()
  var report = CheckReport(
    results: [],
    statistics: statistics,
    vacuity: statistics.sawAllRuns ? search.vacuity(firings: firings) : [],
    firings: firings
  )
  var finds = search.finds()
  search.stop.grant(graceAfterLimit)
  let wanted =
    finds.byQuestion.map(\.find.number) + finds.lassos.map(\.lasso.start)
    + finds.openEnds.map(\.lasso.start)
  let paths = PathFinder(to: wanted, in: &search)
  for index in finds.byQuestion.indices {
    paths.adapt(&finds.byQuestion[index].find, search.frontier.symmetry, evaluator)
  }
  search.stop.grant(graceAfterLimit)
  var judge = Judge(
    model: search.model,
    evaluator: evaluator,
    statistics: statistics,
    finds: finds,
    paths: paths,
    shouldStop: search.options.shouldStop
  )
  var questions = search.options.questions ?? search.model.questions
  // An error of the spec is told whatever was asked: the answers rest on the runs that it ends.
  if statistics.cutOffSteps > 0, !questions.contains(.specErrors) {
    questions.insert(.specErrors, at: 0)
  }
  report.results = questions.map { judge.result($0) }
  report.internalErrors = judge.internalErrors
  return report
}
