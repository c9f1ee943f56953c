import Foundation
import LingerConform
import LingerDrive
import LingerKernel
import LingerModel
import LingerReport

/// What goes to a driven subject and what comes back, as lines of the line protocol
/// (docs/line-protocol.md). Reading and writing a log is the same.
final class LineProtocol {
  static let version = 1

  private let subject: Subject
  private let model: Model
  private let instance: Int
  private let kernel: StepKernel
  private let coding: ValueCoding
  private let log: ConformanceLog
  /// The parameters' values as text.
  private let parameters: String
  /// The part of a request that says which message or call it is, as text.
  private var texts = Memo<SubjectInput, [UInt8]>(most: 50_000)

  init(_ subject: Subject) {
    self.subject = subject
    model = subject.model
    instance = subject.instance
    kernel = subject.kernel
    coding = ValueCoding(model: subject.model)
    parameters = Self.parameters(of: subject.model, coding)
    log = ConformanceLog(subject)
  }

  private var role: Role { model.roles[model.instances[instance].role] }

  // Requests.

  func hello(id: Int) -> String {
    JSONValue.object([
      "type": .string("hello"), "id": .integer(id), "version": .integer(Self.version),
      "spec": .string(model.name), "role": .string(role.name),
      "instance": .string(model.instances[instance].name),
    ]).flatText
  }

  /// The reply to it, for a log.
  func helloReply(id: Int, hasVirtualTime: Bool) -> String {
    JSONValue.object([
      "type": .string("hello_ok"), "re": .integer(id), "version": .integer(Self.version),
      "capabilities": .object(["virtualTime": .bool(hasVirtualTime)]),
    ]).flatText
  }

  func reset(id: Int, seed: UInt64) -> String {
    "{\"type\":\"reset\",\"id\":\(id),\"seed\":\(seed & 0xFFFF_FFFF),\"parameters\":\(parameters)}"
  }

  private static func parameters(of model: Model, _ coding: ValueCoding) -> String {
    var parameters: [String: JSONValue] = [:]
    for parameter in model.parameters {
      if case .duration(let seconds) = parameter.value {
        parameters[parameter.name] = seconds.decimal.map { .decimal($0) }
      } else {
        parameters[parameter.name] = coding.encode(parameter.value, as: parameter.type)
      }
    }
    return JSONValue.object(parameters).flatText
  }

  /// A request.
  func request(_ input: SubjectInput, at time: Int64, id: Int) -> String {
    var bytes: [UInt8] = []
    append(input, at: time, id: id, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends a request.
  func append(_ input: SubjectInput, at time: Int64, id: Int, to bytes: inout [UInt8]) {
    switch input {
    case .advance: bytes += Self.advance
    case .receive: bytes += Self.receive
    case .call: bytes += Self.call
    }
    bytes.append(decimal: id)
    bytes += input == .advance ? Self.to : Self.at
    bytes.append(seconds: time)
    if input != .advance { bytes += text(of: input) }
    bytes.append(UInt8(ascii: "}"))
  }

  private static let advance = Array("{\"type\":\"advance\",\"id\":".utf8)
  private static let receive = Array("{\"type\":\"receive\",\"id\":".utf8)
  private static let call = Array("{\"type\":\"call\",\"id\":".utf8)
  private static let at = Array(",\"at\":".utf8)
  private static let to = Array(",\"to\":".utf8)

  private func text(of input: SubjectInput) -> [UInt8] {
    if let text = texts[input] { return text }
    let members: String
    switch input {
    case .advance: members = ""
    case .receive(let message): members = self.members(of: message)
    case .call(let name, let arguments):
      let object = JSONValue.object(self.arguments(of: name, arguments)).flatText
      members = "\"name\":\(JSONValue.string(name).flatText),\"arguments\":\(object)"
    }
    let text = Array(",\(members)".utf8)
    texts.remember(text, for: input)
    return text
  }

  private func members(of message: SeenMessage) -> String {
    let name = JSONValue.string(model.records[message.record].name).flatText
    return "\"message\":\(name),\"fields\":\(JSONValue.object(fields(of: message)).flatText)"
  }

  /// A message's fields by name.
  func fields(of message: SeenMessage) -> [String: JSONValue] {
    let record = model.records[message.record]
    guard
      case .record(_, let values)? = kernel.codec(ofRecord: message.record)?
        .value(in: message.values, at: 0)
    else { return [:] }
    return coding.encode(values, of: record)
  }

  private func arguments(of name: String, _ values: [[Int]]) -> [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    for (parameter, registers) in zip(subject.parameters(ofCall: name) ?? [], values) {
      guard let codec = ValueCodec(followed: parameter.type, in: model) else { continue }
      members[parameter.name] = coding.encode(
        codec.value(in: registers, at: 0),
        as: parameter.type
      )
    }
    return members
  }

  /// Nanoseconds as seconds, exactly.
  static func seconds(_ time: Int64) -> String {
    var bytes: [UInt8] = []
    bytes.append(seconds: time)
    return String(decoding: bytes, as: UTF8.self)
  }

  // Replies.

  /// A line's members; nil where it is not an object.
  static func members(of line: [UInt8]) -> [String: JSONValue]? {
    JSONValue.parse(line, allowsFractions: true)?.object
  }

  /// What a `done` or an `event` says.
  func reply(_ members: [String: JSONValue]) throws(TraceFileError) -> SubjectReply {
    var reply = SubjectReply()
    for entry in try log.entries(members) {
      guard case .event(let observation, let time) = entry else { continue }
      reply.outputs.append(SubjectReply.TimedOutput(time: time, observation))
    }
    reply.state = try log.state(members) ?? []
    if let next = members["next"], next != .null { reply.next = try log.time(next) }
    return reply
  }

  /// What one element of `out` says.
  func output(_ members: [String: JSONValue]) throws(TraceFileError) -> Observation? {
    guard case .event(let observation, _) = try log.output(members) else { return nil }
    return observation
  }

  func state(_ members: [String: JSONValue]) throws(TraceFileError) -> [ReportedVariable] {
    try log.state(members) ?? []
  }

  /// A reply as a line, for a log.
  func line(_ reply: SubjectReply, answering id: Int) -> String {
    var parts: [String] = []
    for output in reply.outputs {
      var members: [String] = ["\"at\":\(Self.seconds(output.time))"]
      switch output.observation {
      case .output(let message): members.append(self.members(of: message))
      case .signal(let number, let values): members.append(signal(number, values))
      default: continue
      }
      parts.append("{" + members.joined(separator: ",") + "}")
    }
    var line = "{\"type\":\"done\",\"re\":\(id),\"out\":[\(parts.joined(separator: ","))]"
    if !reply.state.isEmpty { line += ",\"state\":\(JSONValue.object(state(reply)).flatText)" }
    if let next = reply.next { line += ",\"next\":\(Self.seconds(next))" }
    return line + "}"
  }

  private func signal(_ number: Int, _ values: [Int]) -> String {
    let signal = role.signals[number]
    var members: [String: JSONValue] = [:]
    var place = 0
    for parameter in signal.parameters {
      guard let codec = ValueCodec(followed: parameter.type, in: model) else { continue }
      members[parameter.name] = coding.encode(
        codec.value(in: values, at: place),
        as: parameter.type
      )
      place += codec.width
    }
    let name = JSONValue.string(signal.name).flatText
    return members.isEmpty
      ? "\"signal\":\(name)"
      : "\"signal\":\(name),\"arguments\":\(JSONValue.object(members).flatText)"
  }

  private func state(_ reply: SubjectReply) -> [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    let places = kernel.variables(ofRole: model.instances[instance].role)
    for report in reply.state {
      let variable = role.variables[report.variable]
      let value = places[report.variable].codec.value(in: report.values, at: 0)
      members[variable.name] = coding.encode(value, as: variable.type)
    }
    return members
  }
}

extension [UInt8] {
  fileprivate mutating func append(decimal number: Int) {
    guard number < 0 || number > 9 else { return append(UInt8(ascii: "0") + UInt8(number)) }
    append(contentsOf: String(number).utf8)
  }

  /// Appends nanoseconds as seconds, exactly.
  fileprivate mutating func append(seconds time: Int64) {
    var (whole, rest) = time.quotientAndRemainder(dividingBy: 1_000_000_000)
    append(decimal: Int(whole))
    if rest == 0 { return }
    append(UInt8(ascii: "."))
    var place: Int64 = 100_000_000
    while rest > 0 {
      append(UInt8(ascii: "0") + UInt8(rest / place))
      rest %= place
      place /= 10
    }
  }
}

extension Rational {
  /// As a decimal fraction of nine places; nil beyond all bounds.
  fileprivate var decimal: Decimal? {
    guard let whole = (self * Rational(1_000_000_000)).roundedDown.integer else { return nil }
    return Decimal(whole) / 1_000_000_000
  }
}
