package import LingerModel

/// A test of the time since a timer's start, which a step of the timed reading has to pass.
package struct ElapsedTest: Hashable, Sendable {
  /// One of the six comparisons.
  package var relation: BinaryOperation
  package var instance: Int
  package var timer: Int
  /// In seconds, for the parameter values in force.
  package var duration: Rational

  package func isTrue(of elapsed: Rational) -> Bool {
    switch relation {
    case .less: elapsed < duration
    case .lessOrEqual: elapsed <= duration
    case .equal: elapsed == duration
    case .greaterOrEqual: elapsed >= duration
    case .greater: elapsed > duration
    default: elapsed != duration
    }
  }
}

/// When a step is possible in the timed reading, by the time since timers were started: the
/// alternatives of a disjunction, each a conjunction of tests. The untimed reading takes a step
/// that is possible at some time.
package struct ElapsedCondition: Hashable, Sendable {
  package var alternatives: [[ElapsedTest]]

  package static let always = ElapsedCondition(alternatives: [[]])

  static let never = ElapsedCondition(alternatives: [])

  package var isAlways: Bool { self == .always }

  var isNever: Bool { alternatives.isEmpty }

  /// Whether it compares the same timers in the same way, with whatever durations.
  package func hasShape(of other: ElapsedCondition) -> Bool {
    alternatives.count == other.alternatives.count
      && zip(alternatives, other.alternatives).allSatisfy { one, other in
        one.count == other.count
          && zip(one, other).allSatisfy {
            $0.relation == $1.relation && $0.instance == $1.instance && $0.timer == $1.timer
          }
      }
  }
}

extension ElapsedCondition {
  /// What the given ways have in common, with as few alternatives as joining neighbours gives.
  init(_ ways: [ElapsedWay], of instance: Int) {
    var order: [ElapsedQuestion] = []
    for way in ways { order += way.questions.filter { !order.contains($0) } }
    var cases = ways.map { way in
      Dictionary(uniqueKeysWithValues: zip(way.questions, way.answers.map { Set([$0]) }))
    }
    for question in order { cases = Self.joined(cases, over: question) }
    if cases.contains([:]) { cases = [[:]] }
    alternatives = cases.map { one in
      order.compactMap { question in
        one[question].map {
          ElapsedTest(
            relation: Self.relation($0),
            instance: instance,
            timer: question.timer,
            duration: question.duration
          )
        }
      }
    }
  }

  /// Joins cases that differ in the answer to one question only, unless they are "less" and "more".
  private static func joined(
    _ cases: [[ElapsedQuestion: Set<Int>]],
    over question: ElapsedQuestion
  ) -> [[ElapsedQuestion: Set<Int>]] {
    var result: [[ElapsedQuestion: Set<Int>]] = []
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
