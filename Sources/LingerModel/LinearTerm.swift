/// A linear expression over the duration parameters: `constant + Σ coefficient · parameter`.
///
/// Every bound of the timed reading is one: how long a timer runs, how long a message lives.
/// Arithmetic that leaves 64 bits gives nil, which callers report as a limit.
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

  package func subtracting(_ other: LinearTerm) -> LinearTerm? {
    guard let constant = constant.subtracting(other.constant) else { return nil }
    var result: [Rational] = []
    for (left, right) in zip(coefficients, other.coefficients) {
      guard let difference = left.subtracting(right) else { return nil }
      result.append(difference)
    }
    return LinearTerm(constant: constant, coefficients: result)
  }

  /// This one minus `factor` times another one.
  package func subtracting(_ factor: Rational, times other: LinearTerm) -> LinearTerm? {
    func difference(_ left: Rational, _ right: Rational) -> Rational? {
      right.multiplied(by: factor).flatMap(left.subtracting)
    }
    guard let constant = difference(constant, other.constant) else { return nil }
    var result: [Rational] = []
    result.reserveCapacity(coefficients.count)
    for (left, right) in zip(coefficients, other.coefficients) {
      guard let value = difference(left, right) else { return nil }
      result.append(value)
    }
    return LinearTerm(constant: constant, coefficients: result)
  }

  package func scaled(by factor: Rational) -> LinearTerm? {
    guard let constant = constant.multiplied(by: factor) else { return nil }
    var result: [Rational] = []
    for coefficient in coefficients {
      guard let product = coefficient.multiplied(by: factor) else { return nil }
      result.append(product)
    }
    return LinearTerm(constant: constant, coefficients: result)
  }

  /// The value for given parameter values.
  package func value(at parameters: [Rational]) -> Rational? {
    var sum = constant
    for (coefficient, parameter) in zip(coefficients, parameters) {
      guard let product = coefficient.multiplied(by: parameter), let next = sum.adding(product)
      else { return nil }
      sum = next
    }
    return sum
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
  package func term(fromProbes values: [Rational]) -> LinearTerm? {
    guard let constant = values.first else { return nil }
    var coefficients: [Rational] = []
    for value in values.dropFirst() {
      guard let difference = value.subtracting(constant) else { return nil }
      coefficients.append(difference)
    }
    return LinearTerm(constant: constant, coefficients: coefficients)
  }
}
