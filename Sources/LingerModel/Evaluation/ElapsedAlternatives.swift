/// Ways through questions about elapsed time as a disjunction of comparisons, with as few rows as
/// joining neighbours gives.
package struct ElapsedAlternatives<Question: Hashable> {
  /// Alternatives, each a conjunction of comparisons; one row of none is *always*.
  package let rows: [[(question: Question, relation: BinaryOperation)]]

  private typealias Case = [Question: Set<Int>]

  /// - Parameter ways: questions in the order met, with -1 for less, 0 for equal and 1 for more.
  package init(_ ways: [[(Question, Int)]]) {
    var order: [Question] = []
    for way in ways { order += way.map(\.0).filter { !order.contains($0) } }
    var cases: [Case] = ways.map { way in
      Dictionary(uniqueKeysWithValues: way.map { ($0, Set([$1])) })
    }
    for question in order { cases = Self.joined(cases, over: question) }
    if cases.contains([:]) { cases = [[:]] }
    rows = cases.map { one in
      order.compactMap { question in
        one[question].map { (question: question, relation: Self.relation($0)) }
      }
    }
  }

  /// Joins cases that differ in the answer to one question only, unless they are "less" and "more".
  private static func joined(_ cases: [Case], over question: Question) -> [Case] {
    var result: [Case] = []
    for one in cases {
      var rest = one
      guard let answers = rest.removeValue(forKey: question) else {
        result.append(one)
        continue
      }
      let place = result.firstIndex { other in
        var otherRest = other
        guard let others = otherRest.removeValue(forKey: question), otherRest == rest else {
          return false
        }
        return others.union(answers) != [-1, 1]
      }
      guard let place, let others = result[place][question] else {
        result.append(one)
        continue
      }
      let union = others.union(answers)
      result[place][question] = union.count == 3 ? nil : union
    }
    return result
  }

  private static func relation(_ answers: Set<Int>) -> BinaryOperation {
    switch (answers.contains(-1), answers.contains(0), answers.contains(1)) {
    case (true, true, _): .lessOrEqual
    case (true, false, false): .less
    case (false, true, true): .greaterOrEqual
    case (false, true, false): .equal
    case (false, false, _): .greater
    case (true, false, true): .notEqual
    }
  }
}
