package import LingerModel

/// How a term is built, one level deep.
package enum TermShape: Hashable {
  case truth(Bool)
  case number(Rational)
  /// An unknown.
  case constant(String)
  case operation(Operation, [AnyTerm])
  /// A relation of a Horn system, applied.
  case application(String, [AnyTerm])
  case quantified(Quantifier, [BoundVariable], body: BoolTerm)
  /// A variable of a quantifier around it, counted from the innermost and last one.
  case boundVariable(Int)

  package enum Quantifier: Hashable, Sendable {
    case forAll
    case exists
  }

  package struct BoundVariable: Hashable, Sendable {
    package var name: String
    package var sort: Sort

    package init(name: String, sort: Sort) {
      self.name = name
      self.sort = sort
    }
  }

  package enum Operation: Hashable, Sendable {
    case not, and, or, exclusiveOr, implies
    /// Of numbers, and of formulas (equivalence).
    case equal
    case distinct
    case ifThenElse
    case less, lessOrEqual, greater, greaterOrEqual
    case add, subtract, negate, multiply, divide
    case toReal
    /// Any other operation of Z3, by its name.
    case other(String)
  }
}
