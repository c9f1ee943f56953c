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
  private var step = ConformanceStep<Subject.Message>(time: .zero)
  private var messages: MessageCoding<Subject.Message>
  private let values: ValueCoding
  private let parameters: [String: ConformanceValue]
  /// The variables that were ever reported, in order, with their latest values.
  private var names: [String] = []
  private var latest: [ConformanceValue?] = []
  private var reported: [ReportedValues] = []
  /// What the latest values of all of these are; nil where they have changed since.
  private var latestState: [ReportedVariable]?
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
    step.begin(at: .zero)
    return try reply()
  }

  func take(_ input: SubjectInput, at time: Int64) throws(SubjectFailure) -> SubjectReply {
    step.begin(at: .nanoseconds(time))
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
  private func reply() throws(SubjectFailure) -> SubjectReply {
    var reply = SubjectReply()
    do throws(TraceFileError) {
      for output in step.outputs {
        let observation: Observation
        switch output.kind {
        case .message(let number):
          observation = .output(try messages.seen(step.messages[number]))
        case .signal(let name, let arguments):
          observation = try signal(name, arguments)
        }
        reply.outputs.append(
          SubjectReply.TimedOutput(time: output.time.nanoseconds, observation)
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

  /// In the order of their names. From step to step few values change.
  private func state(
    _ values: [String: ConformanceValue]
  ) throws(TraceFileError) -> [ReportedVariable] {
    if values.isEmpty { return [] }
    for (name, value) in values {
      guard let place = names.firstIndex(of: name) else { return try newState(values) }
      if latest[place] == value { continue }
      latestState = nil
      guard reported[place].change(to: value) else { return try newState(values) }
      latest[place] = value
    }
    if let latestState, values.count == reported.count { return latestState }
    if values.count == reported.count {
      let state = reported.compactMap(\.variable)
      latestState = state
      return state
    }
    return names.indices.filter { values[names[$0]] != nil }.compactMap { reported[$0].variable }
  }

  /// The same, remembered.
  private func newState(
    _ values: [String: ConformanceValue]
  ) throws(TraceFileError) -> [ReportedVariable] {
    let result = try conformance.state(values.mapValues(\.json))
    for (name, variable) in zip(values.keys.sorted(), result) {
      guard let value = values[name] else { continue }
      let place = names.firstIndex { $0 >= name } ?? names.count
      if place == names.count || names[place] != name {
        names.insert(name, at: place)
        latest.insert(nil, at: place)
        reported.insert(ReportedValues(), at: place)
      }
      latest[place] = value
      reported[place].remember(variable, for: value)
    }
    latestState = nil
    return result
  }
}

/// What the values of one variable are in the spec, as far as the subject has reported them.
private struct ReportedValues {
  /// What the latest one is.
  private(set) var variable: ReportedVariable?
  private var known: [ConformanceValue: ReportedVariable] = [:]

  private static let mostRemembered = 10_000

  /// Takes another value as the latest; false where it was not reported before.
  mutating func change(to value: ConformanceValue) -> Bool {
    guard let known = known[value] else { return false }
    variable = known
    return true
  }

  mutating func remember(_ variable: ReportedVariable, for value: ConformanceValue) {
    if known.count >= Self.mostRemembered { known.removeAll(keepingCapacity: true) }
    known[value] = variable
    self.variable = variable
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
