import Foundation
import Linger
import LingerConform
import LingerDrive
import LingerKernel
import LingerModel
import LingerReport

/// A ``ConformanceSubject`` as it is driven.
final class InProcessSubject: DrivenSubject {
  /// All in one: to change a part of an object costs a check each time.
  private var exchange: InProcessExchange

  init(_ conformance: Conformance, _ handle: SubjectHandle) {
    exchange = InProcessExchange(conformance, handle)
  }

  var hasVirtualTime: Bool { true }

  func reset(seed: UInt64) throws(SubjectFailure) -> SubjectReply { try exchange.reset() }

  func take(_ input: SubjectInput, at time: Int64) throws(SubjectFailure) -> SubjectReply {
    try exchange.take(input, at: time)
  }
}

/// Tells a subject in its words what the spec's are, and the other way round.
private struct InProcessExchange {
  private let conformance: Conformance
  private let handle: SubjectHandle
  private let values: ValueCoding
  private let parameters: [String: ConformanceValue]
  private var step = HandledStep()
  private var messages: MessageCoding
  private var state = ReportedState()
  /// Those without arguments.
  private var signals: [(name: String, observation: Observation)] = []

  init(_ conformance: Conformance, _ handle: SubjectHandle) {
    self.conformance = conformance
    self.handle = handle
    messages = MessageCoding(conformance, handle)
    values = ValueCoding(model: conformance.model)
    var parameters: [String: ConformanceValue] = [:]
    for parameter in conformance.model.parameters {
      parameters[parameter.name] = ConformanceValue(parameter.value, values, parameter.type)
    }
    self.parameters = parameters
  }

  mutating func reset() throws(SubjectFailure) -> SubjectReply {
    step.time = .zero
    handle.reset(parameters, &step)
    return try reply()
  }

  mutating func take(
    _ input: SubjectInput,
    at time: Int64
  ) throws(SubjectFailure) -> SubjectReply {
    messages.forgetIfFull(step.messageCount)
    step.time = .nanoseconds(time)
    switch input {
    case .advance: handle.advance(&step)
    case .receive(let seen):
      let message: Int
      do throws(TraceFileError) {
        message = try messages.number(of: seen)
      } catch {
        throw .unusable(error.message)
      }
      handle.receive(message, &step)
    case .call(let name, let arguments):
      do {
        try handle.call(name, self.arguments(of: name, arguments), &step)
      } catch {
        throw .refused("\(error)")
      }
    }
    return try reply()
  }

  private func arguments(of name: String, _ registers: [[Int]]) -> [String: ConformanceValue] {
    if registers.isEmpty { return [:] }
    var result: [String: ConformanceValue] = [:]
    for (parameter, values) in zip(conformance.parameters(ofCall: name), registers) {
      guard let codec = ValueCodec(followed: parameter.type, in: conformance.model) else {
        continue
      }
      let value = codec.value(in: values, at: 0)
      result[parameter.name] = ConformanceValue(value, self.values, parameter.type)
    }
    return result
  }

  /// What came out in the step.
  private mutating func reply() throws(SubjectFailure) -> SubjectReply {
    var reply = SubjectReply()
    do throws(TraceFileError) {
      if !step.outputs.isEmpty { reply.outputs.reserveCapacity(step.outputs.count) }
      for output in step.outputs {
        let observation: Observation
        switch output.kind {
        case .message(let number): observation = try messages.sent(number)
        case .signal(let name, let arguments): observation = try signal(name, arguments)
        }
        reply.outputs.append(
          SubjectReply.TimedOutput(time: output.time.nanoseconds, observation)
        )
      }
      reply.state = try state.read(step.state, conformance)
    } catch {
      throw .garbage(error.message)
    }
    if let deadline = step.deadline { reply.next = deadline.nanoseconds }
    return reply
  }

  private mutating func signal(
    _ name: String,
    _ arguments: [String: ConformanceValue]
  ) throws(TraceFileError) -> Observation {
    guard arguments.isEmpty else {
      return try conformance.signal(name, arguments.mapValues(\.json))
    }
    for known in signals where known.name == name { return known.observation }
    let result = try conformance.signal(name, [:])
    signals.append((name, result))
    return result
  }
}

extension Duration {
  /// To the nearest nanosecond; beyond 64 bits of them, the last there is.
  fileprivate var nanoseconds: Int64 {
    let half: Int128 = self < .zero ? -500_000_000 : 500_000_000
    return Int64(clamping: (attoseconds + half) / 1_000_000_000)
  }
}

extension ConformanceValue {
  /// A value of the spec's; nil for one that is made of others.
  init?(_ value: Value, _ coding: ValueCoding, _ type: ModelType) {
    switch value {
    case .duration(let time):
      let nanoseconds = (time * Rational(1_000_000_000)).roundedDown.integer ?? .max
      self = .duration(.nanoseconds(nanoseconds))
    case .bool(let flag): self = .bool(flag)
    case .integer(let number): self = .integer(number)
    default:
      guard let name = coding.encode(value, as: type).string else { return nil }
      self = .name(name)
    }
  }

  /// As a log has it.
  var json: JSONValue {
    switch self {
    case .bool(let flag): .bool(flag)
    case .integer(let number): .integer(number)
    case .duration(let time): .decimal(Decimal(time.nanoseconds) / 1_000_000_000)
    case .name(let name): .string(name)
    }
  }
}
