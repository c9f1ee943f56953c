import LingerEval
package import LingerModel

/// Visits every reachable state of a model and answers its questions.
///
/// Exact and deterministic: the same model and options give the same report. A limit, or a
/// property that this engine does not decide, gives *unknown* with the reason.
///
/// Symmetric instances are taken for one another as long as that is possible. Runs without end
/// are asked for separately then: fairness tells instances apart, and a fair run of orbits need
/// not be a fair run of states.
///
/// - Complexity: one expansion of each state, and one more of those up to the deepest find.
package func explore(_ model: Model, options: ExploreOptions = ExploreOptions()) -> CheckReport {
  var whole = options
  whole.usesSymmetry = false
  guard options.usesSymmetry, model.instances.contains(where: { $0.symmetryGroup != nil }) else {
    return exploreAll(model, options: whole)
  }
  let questions = options.questions ?? model.questions
  let endless = questions.filter { $0.isAboutEndlessRuns(in: model) }
  var alike = options
  alike.questions = questions.filter { !endless.contains($0) }
  if !questions.isEmpty, endless.count == questions.count {
    let reason = "runs without end are asked for, and fairness tells instances apart"
    return exploreAll(model, options: whole, reasonAgainstSymmetry: reason)
  }
  do throws(Asymmetry) {
    var report = try exploreOnce(model, options: alike)
    if !endless.isEmpty {
      whole.questions = endless
      report.add(exploreAll(model, options: whole), inOrderOf: questions)
    }
    return report
  } catch {
    return exploreAll(model, options: whole, reasonAgainstSymmetry: error.reason)
  }
}

/// Thrown where one state cannot stand for its orbit.
private struct Asymmetry: Error {
  var reason: String
}

/// Explores every state by itself.
private func exploreAll(
  _ model: Model,
  options: ExploreOptions,
  reasonAgainstSymmetry: String? = nil
) -> CheckReport {
  do throws(Asymmetry) {
    var report = try exploreOnce(model, options: options)
    report.statistics.symmetryNote = reasonAgainstSymmetry.map {
      "the symmetry is not used: \($0)"
    }
    return report
  } catch {
    preconditionFailure("asymmetric without symmetry: \(error.reason)")
  }
}

private func exploreOnce(
  _ model: Model,
  options: ExploreOptions
) throws(Asymmetry) -> CheckReport {
  var size = LayoutSize()
  while true {
    let stop = StopCheck(options.budget)
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
    } catch {
      guard let larger = size.enlarged(after: error) else {
        preconditionFailure("a run was given up for a layout that cannot be larger")
      }
      size = larger
      continue
    }
    if let reason = search.asymmetry { throw Asymmetry(reason: reason) }
    return report(of: &search, evaluator: evaluator)
  }
}

extension CheckReport {
  /// Takes in what an exploration without symmetry says of runs without end.
  fileprivate mutating func add(_ other: CheckReport, inOrderOf questions: [Question]) {
    statistics.symmetryNote? +=
      "; runs without end are sought among all \(other.statistics.states) states, since fairness "
      + "tells instances apart"
    // An error of the spec may be told by both.
    results += other.results.filter { result in !results.contains { $0.question == result.question }
    }
    let places = results.map { questions.firstIndex(of: $0.question) ?? -1 }
    results = results.indices.sorted { (places[$0], $0) < (places[$1], $1) }.map { results[$0] }
    internalErrors += other.internalErrors
  }
}

/// Work that may be done after a limit to tell what was found: a fraction of a second.
private let graceAfterLimit = 200_000

private func report(of search: inout Search, evaluator: Evaluator) -> CheckReport {
  let firings = search.counts.firings
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
    budget: search.options.budget
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
