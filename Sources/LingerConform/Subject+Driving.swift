package import LingerKernel
package import LingerModel

/// What somebody who drives a subject, or plays a party, asks beside what a follower does.
extension Subject {
  /// Timers that run from the start, with the numbers of their durations.
  package var initialTimers: [(timer: Int, duration: Int)] {
    model.roles[role].timers.enumerated().compactMap { number, timer in
      guard let time = timer.initial.flatMap(model.duration),
        let duration = kernel.durations.firstIndex(of: time)
      else { return nil }
      return (number, duration)
    }
  }

  package var timerCount: Int { model.roles[role].timers.count }

  /// How long timers run, in nanoseconds, rounded down; by the kernel's numbers.
  package func duration(_ number: Int) -> Int64 { durations[number].lowerBound }

  /// Who sends such messages.
  package func sender(of message: SeenMessage) -> Int { senders[message.record] }

  /// Hands over every step that it may take by itself: internal ones, and calls of its application.
  /// The state must have been put into the worker.
  package func forEachOwnStep(
    in worker: inout KernelWorker,
    seeing seen: SeenMessage?,
    _ visit: (KernelWorker, KernelStep) -> Void
  ) {
    for number in internals { worker.forEachStep(of: number, by: instance, seeing: seen, visit) }
    for call in calls {
      for arguments in call.arguments(seeing: seen) {
        worker.forEachStep(
          of: call.transition,
          by: instance,
          arguments: arguments,
          seeing: seen,
          visit
        )
      }
    }
  }

  /// Whether the application may call now. The state must have been put into the worker.
  package func allows(
    _ name: String,
    _ arguments: [[Int]],
    in worker: inout KernelWorker
  ) -> Bool {
    calls.contains { call in
      var isError = false
      let isEnabled =
        call.name == name
        && worker.forEachStep(
          of: call.transition,
          by: instance,
          arguments: arguments,
          seeing: nil
        ) { _, step in
          isError = isError || step.error != nil
        }
      return isEnabled && !isError
    }
  }

  /// The parameters of a call of the application; nil where there is no such call.
  package func parameters(ofCall name: String) -> [Transition.CallParameter]? {
    for number in model.roles[role].transitions {
      guard case .call(name, let parameters) = model.transitions[number].trigger else { continue }
      return parameters
    }
    return nil
  }

  package func isCall(_ transition: Int, named name: String) -> Bool {
    calls.contains { $0.transition == transition && $0.name == name }
  }

  package func isCall(_ transition: Int) -> Bool {
    calls.contains { $0.transition == transition }
  }

  /// The calls with every combination of arguments, each once; of a parameter that is read off
  /// messages or has many values the least and the greatest.
  package var fewCalls: [(name: String, arguments: [[Int]])] {
    var result: [(name: String, arguments: [[Int]])] = []
    for call in calls {
      var combinations: [[[Int]]] = [[]]
      for parameter in call.parameters {
        let values = parameter.fewValues
        combinations = combinations.flatMap { before in values.map { before + [$0] } }
      }
      for arguments in combinations
      where !result.contains(where: { $0.name == call.name && $0.arguments == arguments }) {
        result.append((call.name, arguments))
      }
    }
    return result
  }
}

extension Subject.Parameter {
  fileprivate var fewValues: [[Int]] {
    let count = codec.valueCount ?? 0
    let numbers =
      count > 0 && count <= HiddenValues.fewValues
      ? Array(0..<count) : count > 0 ? [0, count - 1] : []
    return numbers.map { number in
      var values = [Int](repeating: 0, count: codec.width)
      codec.write(number, to: &values, at: 0)
      return values
    }
  }
}
