import LingerDiagnostics
import LingerEval
import LingerModel

extension Evaluator {
  /// What is wrong with the states in which a run may begin: that there are none, or that a
  /// condition on them cannot be evaluated.
  var initialStateDiagnostics: [Diagnostic] {
    guard let first = model.initially.first else { return [] }
    var unconditional = self.model
    unconditional.initially = []
    var hasInitialState = false
    for state in Evaluator(unconditional).initialStates {
      var isAllowed = true
      for condition in model.initially where isAllowed {
        do throws(SpecError) {
          isAllowed = try evaluate(condition, in: state)
        } catch {
          return [failure(error, of: condition)]
        }
      }
      hasInitialState = hasInitialState || isAllowed
    }
    if hasInitialState { return [] }
    let others = model.initially.dropFirst().map {
      Diagnostic.Note("another condition is here", at: $0.body.span)
    }
    return [
      Diagnostic(
        .noInitialState,
        "no state satisfies 'initially': the protocol cannot begin",
        at: first.body.span,
        label: others.isEmpty ? "always false" : nil,
        notes: Array(others),
        help: "let more variables begin with any value ('= any'), or correct the condition"
      )
    ]
  }

  private func failure(_ error: SpecError, of condition: Property) -> Diagnostic {
    Diagnostic(
      .undefinedConstant,
      "'initially' has no value in some state: \(error.message)",
      at: error.span.isSomewhere ? error.span : condition.body.span,
      help: "exclude such values first: 'x != nil && ...'"
    )
  }
}
