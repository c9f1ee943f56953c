package import LingerModel

/// Whether some run from a given state leads to where a property is true: what one run alone does
/// not show of a violated `possible`, or of a state that reaches no final one.
package enum Reachability: Hashable, Sendable {
  case reachable
  case unreachable
  case unknown(reason: UndecidedReason)
  /// The explorer and the evaluator do not agree.
  case internalError(String)
}

/// Searches forward from `start`, as for a cover; limits as in ``explore(_:options:)``.
package func reachability(
  of property: Property,
  from start: State,
  in model: Model,
  options: ExploreOptions = ExploreOptions()
) -> Reachability {
  var model = model
  var goal = property
  goal.kind = .cover
  model.properties.append(goal)
  var options = options
  options.start = start
  options.stopsWhenDecided = true
  options.questions = [.property(model.properties.count - 1)]
  let report = explore(model, options: options)
  if let error = report.internalErrors.first { return .internalError(error) }
  let result = report.results.first { options.questions?.contains($0.question) ?? false }
  // A step that ends in an error leads nowhere.
  return switch result?.verdictWithoutErrors ?? result?.verdict {
  case .holds: .reachable
  case .violated: .unreachable
  case .unknown(let reason): .unknown(reason: reason)
  case nil: .internalError("a cover was asked for and not answered")
  }
}
