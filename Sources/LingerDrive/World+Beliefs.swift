import LingerConform
import LingerKernel

/// What may happen to a subject of which some states are believed. What is believed has a number
/// too.
extension World {
  /// A call that the application may make in all states that are believed.
  struct PossibleCall {
    /// Its number among ``possibleCalls``.
    var number: Int
    /// What it leads to, as far as few values tell.
    var transitions: [Int]
  }

  /// The number of some states that are believed.
  func number(ofBelieved states: [[Int]]) -> Int {
    memory.row.removeAll(keepingCapacity: true)
    for state in states {
      let number = number(of: state)
      memory.row.append(number)
    }
    let row = memory.row
    let number = memory.beliefs.number(of: row)
    if number == memory.calls.count { memory.calls.append(nil) }
    return number
  }

  func states(believed: Int) -> [Int] { Array(memory.beliefs[believed]) }

  /// The calls that are possible in every state that is believed.
  func calls(believing believed: Int) -> [PossibleCall] {
    if let known = memory.calls[believed] { return known }
    let states = states(believed: believed)
    let result = possibleCalls.indices.filter { number in
      !states.isEmpty && states.allSatisfy { allows(number, in: $0) }
    }.map { number in
      PossibleCall(
        number: number,
        transitions: states.flatMap { transitions(ofCall: number, in: $0) }
      )
    }
    memory.calls[believed] = result
    return result
  }

  /// Whether the application may call in every state that is believed.
  func allows(_ name: String, _ arguments: [[Int]], believing believed: Int) -> Bool {
    let number = possibleCalls.firstIndex { $0.name == name && $0.arguments == arguments }
    return memory.beliefs[believed].allSatisfy { state in
      guard let number else { return allows(name, arguments, in: registers(state)) }
      return allows(number, in: state)
    }
  }

  private func allows(_ call: Int, in state: Int) -> Bool {
    let place = memory.allowed.place(of: call, state)
    if let known = memory.allowed[place] { return known }
    let (name, arguments) = possibleCalls[call]
    let result = allows(name, arguments, in: registers(state))
    memory.allowed[place] = result
    return result
  }

  /// The transitions that a message leads to in the states that are believed, as far as few values
  /// tell; nil where the spec does not say in every one what the subject does with it: a step that
  /// is an error of the spec says nothing.
  func arrival(of message: Int, believing believed: Int) -> [Int]? {
    let place = memory.arrivals.place(of: believed, message)
    if let known = memory.arrivals[place] { return known }
    let states = states(believed: believed)
    let result =
      states.allSatisfy { takes(message, in: $0) }
      ? states.flatMap { transitions(taking: message, in: $0) } : nil
    memory.arrivals[place] = result
    return result
  }

  func takes(_ message: Int, believing believed: Int) -> Bool {
    arrival(of: message, believing: believed) != nil
  }

  private func takes(_ message: Int, in state: Int) -> Bool {
    let sender = subject.sender(of: self.message(message))
    return receptions(by: subject.instance, in: state, of: message, from: sender).isSpecified
  }

  private func transitions(taking message: Int, in state: Int) -> [Int] {
    let place = memory.leadsTo.place(of: state, message, 1)
    if let known = memory.leadsTo[place] { return known }
    let seen = self.message(message)
    let result = receptions(
      by: subject.instance,
      in: state,
      of: message,
      from: subject.sender(of: seen),
      hints: .values(Self.few(seen.values))
    ).steps.transitions
    memory.leadsTo[place] = result
    return result
  }

  private func transitions(ofCall call: Int, in state: Int) -> [Int] {
    let place = memory.leadsTo.place(of: state, call)
    if let known = memory.leadsTo[place] { return known }
    let name = possibleCalls[call].name
    let result = steps(
      of: subject.instance,
      in: state,
      hints: .values(Self.few(registers(state)))
    ).filter { $0.transition.map { subject.isCall($0, named: name) } ?? false }.transitions
    memory.leadsTo[place] = result
    return result
  }
}

extension [PartyStep] {
  /// Each once.
  fileprivate var transitions: [Int] {
    var result: [Int] = []
    for case let transition? in map(\.transition) where !result.contains(transition) {
      result.append(transition)
    }
    return result
  }
}
