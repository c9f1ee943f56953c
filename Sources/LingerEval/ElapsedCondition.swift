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
  /// What the given ways have in common.
  init(_ ways: [ElapsedWay], of instance: Int) {
    // Most guards do not ask for the time.
    if ways.isEmpty || ways.contains(where: \.questions.isEmpty) {
      self = ways.isEmpty ? .never : .always
      return
    }
    let ways = ways.map { Array(zip($0.questions, $0.answers)) }
    alternatives = ElapsedAlternatives(ways).rows.map { row in
      row.map { question, relation in
        ElapsedTest(
          relation: relation,
          instance: instance,
          timer: question.timer,
          duration: question.duration
        )
      }
    }
  }
}
