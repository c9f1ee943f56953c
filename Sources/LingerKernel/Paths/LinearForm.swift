/// A sum of inputs with whole factors, and a constant.
package struct LinearForm: Hashable, Sendable {
  package struct Term: Hashable, Sendable {
    /// The number of an input.
    package var input: Int
    /// Never 0.
    package var factor: Int

    package init(input: Int, factor: Int) {
      self.input = input
      self.factor = factor
    }
  }

  /// Ascending by their inputs.
  package internal(set) var terms: [Term] = []
  package internal(set) var constant = 0

  init(_ constant: Int) { self.constant = constant }

  init(input: Int) { terms = [Term(input: input, factor: 1)] }

  /// The sum with so many times another.
  func adding(_ other: LinearForm, times factor: Int) -> LinearForm {
    var result = LinearForm(constant + other.constant * factor)
    result.terms.reserveCapacity(terms.count + other.terms.count)
    var (place, otherPlace) = (0, 0)
    while place < terms.count || otherPlace < other.terms.count {
      let own = place < terms.count ? terms[place].input : .max
      let its = otherPlace < other.terms.count ? other.terms[otherPlace].input : .max
      let sum =
        (own <= its ? terms[place].factor : 0)
        + (its <= own ? other.terms[otherPlace].factor * factor : 0)
      if sum != 0 { result.terms.append(Term(input: min(own, its), factor: sum)) }
      if own <= its { place += 1 }
      if its <= own { otherPlace += 1 }
    }
    return result
  }

  func factor(of input: Int) -> Int { terms.first { $0.input == input }?.factor ?? 0 }

  /// What it comes to.
  package func value(_ inputs: [Int]) -> Int {
    terms.reduce(constant) { $0 + $1.factor * inputs[$1.input] }
  }

  /// Whether values of inputs within ``PathTrace/widest`` give one that is far from an overflow.
  var isSmall: Bool {
    terms.reduce(0) { $0 + min(abs($1.factor), 1 << 10) } <= 8 && abs(constant) <= 1 << 55
  }

  /// The same sum without its constant and common factor, the first factor positive.
  var direction: (terms: [Term], scale: Int) {
    guard let first = terms.first else { return ([], 1) }
    var divisor = 0
    for term in terms {
      var (a, b) = (divisor, abs(term.factor))
      while b != 0 { (a, b) = (b, a % b) }
      divisor = a
    }
    let scale = first.factor < 0 ? -divisor : divisor
    if scale == 1 { return (terms, 1) }
    return (terms.map { Term(input: $0.input, factor: $0.factor / scale) }, scale)
  }
}
