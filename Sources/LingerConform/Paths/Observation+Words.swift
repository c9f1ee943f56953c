import LingerKernel

extension Observation {
  /// Puts what it says into two rows: the wide values of its messages as inputs, and all else as
  /// words that tell it from others. False where a value is not one of its type.
  func write(
    _ wide: WideRegisters,
    _ calls: [Subject.Call],
    words: inout [Int],
    inputs: inout [Int]
  ) -> Bool {
    switch self {
    case .input(let message):
      words.append(0)
      return message.write(wide, &words, &inputs)
    case .output(let message):
      words.append(1)
      return message.write(wide, &words, &inputs)
    case .unseenInput(let messages):
      words.append(2)
      return messages.allSatisfy { $0.write(wide, &words, &inputs) }
    case .unseenOutput(let messages):
      words.append(3)
      return messages.allSatisfy { $0.write(wide, &words, &inputs) }
    case .nothing: words.append(4)
    case .signal(let number, let values):
      words.append(5)
      words.append(number)
      words += values
      return values.allSatisfy(PathTrace.isPlain)
    case .quiet: words.append(8)
    case .call(let name, let arguments, let message):
      words.append(6)
      words.append(calls.firstIndex { $0.name == name } ?? -1)
      for values in arguments {
        words.append(values.count)
        words += values
        if !values.allSatisfy(PathTrace.isPlain) { return false }
      }
      guard let message else { break }
      words.append(-1)
      return message.write(wide, &words, &inputs)
    case .state(let variables):
      words.append(7)
      for variable in variables {
        words.append(variable.variable)
        words.append(variable.values.count)
        words += variable.values
        if !variable.values.allSatisfy(PathTrace.isPlain) { return false }
      }
    }
    return true
  }

  /// With a symbol for each wide value, in the order of the inputs.
  func symbolic(_ wide: WideRegisters, _ trace: PathTrace, from first: Int) -> Observation {
    var next = first
    func symbolic(_ message: SeenMessage) -> SeenMessage {
      var result = message
      let ranges = wide.fields[message.record]
      for place in ranges.indices where ranges[place] != nil {
        result.values[place] = trace.input(next)
        next += 1
      }
      return result
    }
    switch self {
    case .input(let message): return .input(symbolic(message))
    case .output(let message): return .output(symbolic(message))
    case .unseenInput(let messages): return .unseenInput(messages.map(symbolic))
    case .unseenOutput(let messages): return .unseenOutput(messages.map(symbolic))
    case .call(let name, let arguments, let message):
      return .call(name, arguments, sending: message.map(symbolic))
    case .nothing, .quiet, .signal, .state: return self
    }
  }

  /// What the wide values of its messages may be, in the order of the inputs.
  func ranges(_ wide: WideRegisters) -> [ClosedRange<Int>] {
    switch self {
    case .input(let message), .output(let message):
      return wide.fields[message.record].compactMap { $0 }
    case .unseenInput(let messages), .unseenOutput(let messages):
      return messages.flatMap { wide.fields[$0.record].compactMap { $0 } }
    case .call(_, _, let message):
      return message.map { wide.fields[$0.record].compactMap { $0 } } ?? []
    case .nothing, .quiet, .signal, .state: return []
    }
  }
}

extension SeenMessage {
  @inline(__always)
  fileprivate func write(
    _ wide: WideRegisters,
    _ words: inout [Int],
    _ inputs: inout [Int]
  ) -> Bool {
    words.append(record)
    let ranges = wide.fields[record]
    for place in ranges.indices {
      let value = values[place]
      if let range = ranges[place] {
        if !range.contains(value) { return false }
        inputs.append(value)
      } else {
        if !PathTrace.isPlain(value) { return false }
        words.append(value)
      }
    }
    return true
  }
}
