import LingerDiagnostics
package import LingerModel

extension Evaluator {
  /// The value of a duration expression over parameters only, for the values in force; nil where
  /// evaluating it fails.
  package func duration(_ expression: Expression) -> Rational? {
    let carrier = Property(
      kind: .invariant,
      name: "",
      documentation: nil,
      body: expression,
      localCount: 0,
      span: .none
    )
    var frame = Frame(model: model, whole: initialState, property: carrier)
    do throws(SpecError) {
      guard case .duration(let seconds) = try frame.value(of: expression) else { return nil }
      return seconds
    } catch {
      return nil
    }
  }
}
