/// One way through a piece of work on integers of which some are *inputs*: which questions about
/// the inputs it asked, and what came out as sums of them.
///
/// In a register an input, or a sum of inputs, is a *symbol*: a number beyond all that steps work
/// with. It is moved about like any other; who reckons with it or compares it asks the trace, which
/// knows what the inputs are this time, answers, and notes the question. Other inputs for which
/// the same questions have the same answers go the same way and come to the same sums: concolic
/// execution, as in DART (Godefroid, Klarlund and Sen, 2005).
///
/// What was answered before, or follows from it, is not asked again. Where two sums were found
/// equal one input is written as a sum of the others from then on.
package final class PathTrace {
  /// Inputs are no further from 0 than this, so that no sum overflows.
  package static let widest = 1 << 50
  private static let firstSymbol = 1 << 61
  /// Integers from here on are too near to symbols to be reckoned with.
  private static let largestPlain = 1 << 60

  private let inputs: [Int]
  private let ranges: [ClosedRange<Int>]
  private var forms: [LinearForm] = []
  private var numbers: [LinearForm: Int] = [:]
  /// By input: what it equals, in inputs that have none of their own.
  private var replacements: [LinearForm?]
  /// For each form: itself with all replacements, as of a number of them.
  private var resolved: [(form: LinearForm, as: Int)] = []
  private var replacementCount = 0
  private var facts: [Fact] = []
  private var factPlaces: [[LinearForm.Term]: Int] = [:]
  /// Equalities that are known and not yet used to replace an input.
  private var equalities: [LinearForm] = []
  package private(set) var conditions: [PathCondition] = []
  /// Something was met that cannot be followed; nothing that came out counts.
  package private(set) var isGivenUp = false

  /// What is known of a sum.
  private struct Fact {
    var terms: [LinearForm.Term]
    var low: Int
    var high: Int
    var excluded: [Int] = []
  }

  /// - Parameters:
  ///   - inputs: what they are this time; within `ranges`.
  ///   - ranges: what they may be, other times.
  package init(_ inputs: [Int], in ranges: [ClosedRange<Int>]) {
    self.inputs = inputs
    self.ranges = ranges
    replacements = Array(repeating: nil, count: inputs.count)
  }

  package static func isSymbol(_ value: Int) -> Bool { value >= firstSymbol }

  package static func isPlain(_ value: Int) -> Bool {
    value < largestPlain && value > -largestPlain
  }

  /// An input with something added to it.
  package func input(_ number: Int, plus constant: Int = 0) -> Int {
    var form = LinearForm(input: number)
    form.constant = constant
    return symbol(form)
  }

  private func symbol(_ form: LinearForm) -> Int {
    if form.terms.isEmpty { return plain(form.constant) }
    if let known = numbers[form] { return Self.firstSymbol + known }
    numbers[form] = forms.count
    forms.append(form)
    resolved.append((form, replacementCount == 0 ? 0 : -1))
    return Self.firstSymbol + forms.count - 1
  }

  /// A result that is no symbol.
  func plain(_ value: Int) -> Int {
    if Self.isPlain(value) { return value }
    isGivenUp = true
    return 0
  }

  /// What a register says, in inputs that are not known to equal anything else.
  package func form(_ value: Int) -> LinearForm {
    guard Self.isSymbol(value) else { return LinearForm(value) }
    let number = value - Self.firstSymbol
    if resolved[number].as != replacementCount {
      resolved[number] = (reduced(forms[number]), replacementCount)
    }
    return resolved[number].form
  }

  private func reduced(_ form: LinearForm) -> LinearForm {
    var result = form
    for term in form.terms {
      guard let other = replacements[term.input] else { continue }
      result = result.adding(LinearForm(input: term.input), times: -term.factor)
        .adding(other, times: term.factor)
    }
    return result
  }
}

/// What the work asks.
extension PathTrace {
  /// The first plus so many times the second.
  func sum(_ left: Int, _ right: Int, times factor: Int) -> Int {
    let sum = form(left).adding(form(right), times: factor)
    if sum.isSmall { return symbol(sum) }
    return plain(plainNumber(left) + plainNumber(right) * factor)
  }

  func product(_ left: Int, _ right: Int) -> Int {
    let (one, other) = Self.isSymbol(left) ? (left, right) : (right, left)
    let factor = plainNumber(other)
    if factor == 0 { return 0 }
    if abs(factor) <= 8 {
      let product = LinearForm(0).adding(form(one), times: factor)
      if product.isSmall { return symbol(product) }
    }
    let (result, overflow) = plainNumber(one).multipliedReportingOverflow(by: factor)
    return overflow ? plain(.max) : plain(result)
  }

  package func isEqual(_ left: Int, _ right: Int) -> Bool {
    if left == right { return true }
    return isZero(form(left).adding(form(right), times: -1), notes: .equals)
  }

  func isAtMost(_ left: Int, _ right: Int) -> Bool {
    isAtMostZero(form(left).adding(form(right), times: -1))
  }

  func isLess(_ left: Int, _ right: Int) -> Bool {
    var difference = form(left).adding(form(right), times: -1)
    difference.constant += 1
    return isAtMostZero(difference)
  }

  /// Whether two are known to differ without another question.
  package func areKnownToDiffer(_ left: Int, _ right: Int) -> Bool {
    if left == right { return false }
    let difference = form(left).adding(form(right), times: -1)
    let (terms, scale) = difference.direction
    guard !terms.isEmpty else { return difference.constant != 0 }
    if difference.constant % scale != 0 { return true }
    return known(terms, equals: -difference.constant / scale) == false
  }

  /// The number that it is this time: the way counts for this number only.
  package func plainNumber(_ value: Int) -> Int {
    guard Self.isSymbol(value) else { return value }
    let form = form(value)
    let number = form.value(inputs)
    var difference = form
    difference.constant -= number
    _ = isZero(difference, notes: .is)
    return plain(number)
  }

  private func isAtMostZero(_ form: LinearForm) -> Bool {
    let (terms, scale) = form.direction
    guard !terms.isEmpty else { return form.constant <= 0 }
    // scale * terms <= -constant
    if scale > 0 { return ask(terms, isAtMost: Self.quotient(-form.constant, scale)) }
    return !ask(terms, isAtMost: -Self.quotient(-form.constant, -scale) - 1)
  }

  /// Rounded down.
  private static func quotient(_ number: Int, _ divisor: Int) -> Int {
    let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }

  private func isZero(_ form: LinearForm, notes kind: PathCondition.Kind) -> Bool {
    let (terms, scale) = form.direction
    guard !terms.isEmpty else { return form.constant == 0 }
    if form.constant % scale != 0 { return false }
    return ask(terms, equals: -form.constant / scale, kind)
  }

  private func ask(_ terms: [LinearForm.Term], isAtMost limit: Int) -> Bool {
    let bounds = bounds(of: terms)
    if bounds.high <= limit { return true }
    if bounds.low > limit { return false }
    let answer = value(of: terms) <= limit
    conditions.append(PathCondition(kind: .isAtMost, terms: terms, number: limit, holds: answer))
    note(terms, answer ? .min : limit + 1, answer ? limit : .max)
    return answer
  }

  private func ask(
    _ terms: [LinearForm.Term],
    equals number: Int,
    _ kind: PathCondition.Kind
  ) -> Bool {
    if let known = known(terms, equals: number) { return known }
    let answer = value(of: terms) == number
    conditions.append(PathCondition(kind: kind, terms: terms, number: number, holds: answer))
    if answer {
      note(terms, number, number)
    } else {
      facts[place(of: terms)].excluded.append(number)
    }
    return answer
  }

  private func value(of terms: [LinearForm.Term]) -> Int {
    terms.reduce(0) { $0 + $1.factor * inputs[$1.input] }
  }
}

/// What is known.
extension PathTrace {
  private func known(_ terms: [LinearForm.Term], equals number: Int) -> Bool? {
    let bounds = bounds(of: terms)
    if number < bounds.low || number > bounds.high { return false }
    if bounds.low == bounds.high { return true }
    guard let place = factPlaces[terms], facts[place].excluded.contains(number) else { return nil }
    return false
  }

  /// From what was answered, and from what the inputs may be.
  private func bounds(of terms: [LinearForm.Term]) -> (low: Int, high: Int) {
    var (low, high) = (0, 0)
    for term in terms {
      let range = ranges[term.input]
      let ends = (term.factor * range.lowerBound, term.factor * range.upperBound)
      low += min(ends.0, ends.1)
      high += max(ends.0, ends.1)
    }
    guard let place = factPlaces[terms] else { return (low, high) }
    return (max(low, facts[place].low), min(high, facts[place].high))
  }

  private func place(of terms: [LinearForm.Term]) -> Int {
    if let known = factPlaces[terms] { return known }
    factPlaces[terms] = facts.count
    facts.append(Fact(terms: terms, low: .min, high: .max))
    return facts.count - 1
  }

  private func note(_ terms: [LinearForm.Term], _ low: Int, _ high: Int) {
    narrow(terms, low, high)
    while let equality = equalities.popLast() { replace(by: reduced(equality)) }
  }

  private func narrow(_ terms: [LinearForm.Term], _ low: Int, _ high: Int) {
    let place = place(of: terms)
    facts[place].low = max(facts[place].low, low)
    facts[place].high = min(facts[place].high, high)
    let bounds = bounds(of: terms)
    if bounds.low == bounds.high {
      var equality = LinearForm(-bounds.low)
      equality.terms = terms
      equalities.append(equality)
    }
  }

  /// A form is 0: the last input that stands in it once is written as what it equals.
  private func replace(by zero: LinearForm) {
    guard let term = zero.terms.last(where: { abs($0.factor) == 1 }) else { return }
    // term.factor * input + rest = 0
    let rest = zero.adding(LinearForm(input: term.input), times: -term.factor)
    let equal = LinearForm(0).adding(rest, times: -term.factor)
    guard equal.isSmall else { return }
    for input in replacements.indices {
      guard let other = replacements[input] else { continue }
      let factor = other.factor(of: term.input)
      if factor == 0 { continue }
      let new = other.adding(LinearForm(input: term.input), times: -factor)
        .adding(equal, times: factor)
      if !new.isSmall { isGivenUp = true }
      replacements[input] = new
    }
    replacements[term.input] = equal
    replacementCount += 1
    let range = ranges[term.input]
    let before = facts
    facts = []
    factPlaces = [:]
    restate(equal, range.lowerBound, range.upperBound, [])
    for fact in before {
      var form = LinearForm(0)
      form.terms = fact.terms
      restate(reduced(form), fact.low, fact.high, fact.excluded)
    }
  }

  /// Notes of a form what is known of it, as a fact about its terms.
  private func restate(_ form: LinearForm, _ low: Int, _ high: Int, _ excluded: [Int]) {
    let (terms, scale) = form.direction
    if terms.isEmpty { return }
    let (atLeast, atMost) = scale > 0 ? (low, high) : (high, low)
    // scale * terms + constant lies between the two.
    func moved(_ end: Int) -> Int? {
      end == .min || end == .max ? nil : end - form.constant
    }
    let least = moved(atLeast).map { -Self.quotient(-$0 * scale.signum(), abs(scale)) }
    let most = moved(atMost).map { Self.quotient($0 * scale.signum(), abs(scale)) }
    narrow(terms, least ?? .min, most ?? .max)
    let place = place(of: terms)
    for number in excluded where (number - form.constant) % scale == 0 {
      facts[place].excluded.append((number - form.constant) / scale)
    }
  }
}

/// A question that was asked about the inputs, and its answer.
package struct PathCondition: Hashable, Sendable {
  package enum Kind: UInt8, Sendable {
    /// The terms come to the number at most.
    case isAtMost
    case equals
    /// They come to the number, as to one of many that matter.
    case `is`
  }

  package var kind: Kind
  /// Without a common factor, the first factor positive.
  package var terms: [LinearForm.Term]
  package var number: Int
  package var holds: Bool
}
