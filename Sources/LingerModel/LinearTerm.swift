/// A linear expression over the duration parameters: `constant + Σ coefficient · parameter`.
///
/// Every bound of the timed reading is one: how long a timer runs, how long a message lives.
package struct LinearTerm: Hashable, Sendable {
  /// Seconds that no parameter scales.
  package var constant: Rational
  /// Coefficients by position in ``DurationParameters``; as many as there are parameters.
  package var coefficients: [Rational]

  package init(constant: Rational, coefficients: [Rational]) {
    self.constant = constant
    self.coefficients = coefficients
  }

  /// Zero over `count` parameters.
  package static func zero(_ count: Int) -> LinearTerm {
    LinearTerm(constant: .zero, coefficients: Array(repeating: .zero, count: count))
  }

  package static func + (left: LinearTerm, right: LinearTerm) -> LinearTerm {
    LinearTerm(
      constant: left.constant + right.constant,
      coefficients: zip(left.coefficients, right.coefficients).map { $0 + $1 }
    )
  }

  package static func - (left: LinearTerm, right: LinearTerm) -> LinearTerm {
    left.subtracting(Rational(1), times: right)
  }

  package static prefix func - (term: LinearTerm) -> LinearTerm { Rational(-1) * term }

  package static func * (factor: Rational, term: LinearTerm) -> LinearTerm {
    LinearTerm(
      constant: factor * term.constant,
      coefficients: term.coefficients.map { factor * $0 }
    )
  }

  /// This one minus `factor` times another one.
  package func subtracting(_ factor: Rational, times other: LinearTerm) -> LinearTerm {
    LinearTerm(
      constant: constant - factor * other.constant,
      coefficients: zip(coefficients, other.coefficients).map { $0 - factor * $1 }
    )
  }

  /// The value for given parameter values.
  package func value(at parameters: [Rational]) -> Rational {
    zip(coefficients, parameters).reduce(constant) { $0 + $1.0 * $1.1 }
  }

  /// Whether no parameter has a part in it.
  package var isConstant: Bool { coefficients.allSatisfy { $0 == .zero } }
}

/// The duration parameters of a model, in order of declaration: the unknowns of its conditions.
package struct DurationParameters: Sendable {
  /// Their numbers in ``Model/parameters``.
  package let numbers: [Int]

  package init(_ model: Model) {
    numbers = model.parameters.indices.filter { model.parameters[$0].type == .duration }
  }

  package var count: Int { numbers.count }

  /// Variants of the model that tell a linear term apart: all parameters 0, then each alone 1.
  ///
  /// A term is the value in the first variant plus, for each parameter, the difference that its
  /// variant makes; so the reference evaluator computes terms without knowing symbols.
  package func probes(_ model: Model) -> [Model] {
    func with(_ one: Int?) -> Model {
      var variant = model
      for number in numbers {
        variant.parameters[number].value = .duration(Rational(number == one ? 1 : 0))
      }
      return variant
    }
    return [with(nil)] + numbers.map { with($0) }
  }

  /// The term whose values in the probes are these.
  package func term(fromProbes values: [Rational]) -> LinearTerm {
    let constant = values.first ?? .zero
    return LinearTerm(constant: constant, coefficients: values.dropFirst().map { $0 - constant })
  }
}
