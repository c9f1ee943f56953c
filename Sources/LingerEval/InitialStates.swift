package import LingerModel

/// The states in which a run may begin: every choice of values for the variables that begin with
/// any, the first variable of the first instance slowest, as far as `initially` allows.
package struct InitialStates: Sequence, IteratorProtocol {
  private struct Place {
    var instance: Int
    var variable: Int
    var type: ModelType
    var count: Int
  }

  private let evaluator: Evaluator
  private let places: [Place]
  /// The ordinal of the next value of each place; nil after the last choice.
  private var ordinals: [Int]?
  private var state: State

  init(_ evaluator: Evaluator) {
    self.evaluator = evaluator
    let model = evaluator.model
    places = model.instances.enumerated().flatMap { number, instance in
      instance.open.map { variable in
        let type = model.roles[instance.role].variables[variable].type
        let count = model.cardinality(of: type) ?? 0
        return Place(instance: number, variable: variable, type: type, count: count)
      }
    }
    ordinals = places.map { _ in 0 }
    state = evaluator.declaredState
  }

  package mutating func next() -> State? {
    while let current = ordinals {
      for (place, ordinal) in zip(places, current) {
        state.instances[place.instance].variables[place.variable] =
          evaluator.model.value(at: ordinal, in: place.type)
      }
      ordinals = following(current)
      if evaluator.satisfiesInitially(state) { return state }
    }
    return nil
  }

  private func following(_ current: [Int]) -> [Int]? {
    var result = current
    for index in places.indices.reversed() {
      result[index] += 1
      if result[index] < places[index].count { return result }
      result[index] = 0
    }
    return nil
  }
}

extension Evaluator {
  /// The states in which a run may begin; none at all where `initially` excludes all.
  package var initialStates: InitialStates { InitialStates(self) }

  /// The first of the states in which a run may begin, for a model that has one.
  package var initialState: State {
    if hasSingleBeginning { return declaredState }
    var states = initialStates
    return states.next() ?? declaredState
  }

  /// Whether a run begins in the same state always, without a look at conditions.
  package var hasSingleBeginning: Bool {
    model.initially.isEmpty && model.instances.allSatisfy(\.open.isEmpty)
  }

  /// Whether every run begins in the same state.
  package var hasOneInitialState: Bool {
    if hasSingleBeginning { return true }
    var states = initialStates
    return states.next() != nil && states.next() == nil
  }

  /// Whether a run may begin in a state that has the values of an initial one.
  func satisfiesInitially(_ state: State) -> Bool {
    model.initially.allSatisfy { (try? evaluate($0, in: state)) ?? false }
  }

  /// Whether a run may begin in this state.
  package func isInitial(_ state: State) -> Bool {
    var state = state
    let isAllowed = satisfiesInitially(state)
    let declared = declaredState
    for (number, instance) in model.instances.enumerated() {
      for variable in instance.open {
        state.instances[number].variables[variable] = declared.instances[number].variables[variable]
      }
    }
    return isAllowed && state == declared
  }
}
