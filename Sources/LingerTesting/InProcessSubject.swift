import Foundation
import Linger
import LingerConform
import LingerDrive
import LingerKernel
import LingerModel
import LingerReport

/// A ``ConformanceSubject`` as it is driven.
final class InProcessSubject<Subject: ConformanceSubject>: DrivenSubject {
  private let conformance: Conformance
  private let makeSubject: () -> Subject
  private var subject: Subject
  private var messages: MessageCoding<Subject.Message>
  private let values: ValueCoding
  private let parameters: [String: ConformanceValue]
  private var states = Memo<[String: ConformanceValue], [ReportedVariable]>(most: 50_000)
  /// Those without arguments, by name.
  private var signals: [String: Observation] = [:]

  init(_ conformance: Conformance, _ makeSubject: @escaping () -> Subject) {
    self.conformance = conformance
    self.makeSubject = makeSubject
    subject = makeSubject()
    messages = MessageCoding(conformance)
    values = ValueCoding(model: conformance.model)
    var parameters: [String: ConformanceValue] = [:]
    for parameter in conformance.model.parameters {
      parameters[parameter.name] = ConformanceValue(parameter.value, values, parameter.type)
    }
    self.parameters = parameters
  }

  var hasVirtualTime: Bool { true }

  func reset(seed: UInt64) throws(SubjectFailure) -> SubjectReply {
    subject = makeSubject()
    subject.reset(parameters: parameters)
    return try reply(to: ConformanceStep(time: .zero))
  }

  func take(_ input: SubjectInput, at time: Int64) throws(SubjectFailure) -> SubjectReply {
    var step = ConformanceStep<Subject.Message>(time: .nanoseconds(time))
    switch input {
    case .advance: subject.advance(&step)
    case .receive(let seen):
      let message: Subject.Message
      do throws(TraceFileError) {
        message = try messages.message(seen)
      } catch {
        throw .unusable(error.message)
      }
      subject.receive(message, &step)
    case .call(let name, let arguments):
      do {
        try subject.call(name, arguments: self.arguments(of: name, arguments), &step)
      } catch {
        throw .refused("\(error)")
      }
    }
    return try reply(to: step)
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

  private func reply(
    to step: ConformanceStep<Subject.Message>
  ) throws(SubjectFailure) -> SubjectReply {
    var reply = SubjectReply()
    do throws(TraceFileError) {
      for (time, output) in step.outputs {
        let observation: Observation
        switch output {
        case .message(let message): observation = .output(try messages.seen(message))
        case .signal(let name, let arguments):
          observation = try signal(name, arguments)
        }
        reply.outputs.append(
          SubjectReply.TimedOutput(time: time.nanoseconds, observation)
        )
      }
      reply.state = try state(subject.reportedState)
    } catch {
      throw .garbage(error.message)
    }
    if let deadline = subject.nextDeadline { reply.next = deadline.nanoseconds }
    return reply
  }

  private func signal(
    _ name: String,
    _ arguments: [String: ConformanceValue]
  ) throws(TraceFileError) -> Observation {
    guard arguments.isEmpty else {
      return try conformance.signal(name, arguments.mapValues(\.json))
    }
    if let known = signals[name] { return known }
    let result = try conformance.signal(name, [:])
    signals[name] = result
    return result
  }

  private func state(
    _ reported: [String: ConformanceValue]
  ) throws(TraceFileError) -> [ReportedVariable] {
    if reported.isEmpty { return [] }
    if let known = states[reported] { return known }
    let result = try conformance.state(reported.mapValues(\.json))
    states.remember(result, for: reported)
    return result
  }
}

extension Duration {
  /// To the nearest nanosecond; beyond 64 bits of them, the last there is.
  fileprivate var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    guard abs(seconds) < 9_000_000_000 else { return seconds < 0 ? .min : .max }
    let half: Int64 = attoseconds < 0 ? -500_000_000 : 500_000_000
    return seconds * 1_000_000_000 + (attoseconds + half) / 1_000_000_000
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
