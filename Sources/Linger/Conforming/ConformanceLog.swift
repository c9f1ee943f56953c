import Foundation
import LingerConform
import LingerDrive
import LingerKernel
import LingerModel
import LingerReport

/// Reads logs: lines of JSON in the schema of the line protocol (docs/line-protocol.md).
struct ConformanceLog {
  private let model: Model
  private let instance: Int
  private let coding: ValueCoding
  private let kernel: StepKernel

  init(_ subject: Subject) {
    model = subject.model
    instance = subject.instance
    kernel = subject.kernel
    coding = ValueCoding(model: subject.model)
  }

  /// One thing that a line says.
  enum Entry {
    case event(Observation, time: Int64)
    /// A new run begins: the subject is in its initial state.
    case reset
  }

  /// The members of the object that a line is.
  func members(of line: [UInt8]) throws(TraceFileError) -> [String: JSONValue] {
    guard let members = JSONValue.parse(line, allowsFractions: true)?.object else {
      throw TraceFileError("not a JSON object")
    }
    return members
  }

  /// What a line says, in order; throws what is wrong with it.
  func entries(_ members: [String: JSONValue]) throws(TraceFileError) -> [Entry] {
    guard let type = members["type"]?.string else {
      throw TraceFileError("an object without 'type'")
    }
    switch type {
    case "hello", "hello_ok", "error", "bye": return []
    case "advance": return [.event(.nothing, time: try time(members["to"]))]
    case "reset": return [.reset]
    case "receive":
      return [.event(.input(try message(members)), time: try time(members["at"]))]
    case "call":
      guard let name = members["name"]?.string else {
        throw TraceFileError("a call without 'name'")
      }
      let arguments = try arguments(of: name, members["arguments"]?.object ?? [:])
      return [.event(.call(name, arguments), time: try time(members["at"]))]
    case "send", "event": return [try output(members)]
    case "done":
      var result: [Entry] = []
      for element in members["out"]?.array ?? [] {
        guard let out = element.object else { throw TraceFileError("'out' holds a non-object") }
        result.append(try output(out))
      }
      return result
    default: throw TraceFileError("no type of line is named '\(type)'")
    }
  }

  /// Whether a subject on virtual time says hello: then a reply has everything that came out.
  func tellsEverything(_ members: [String: JSONValue]) -> Bool {
    members["capabilities"]?.object?["virtualTime"] == .bool(true)
  }

  /// What the subject is told by a line, if it is a request.
  func inputs(
    _ members: [String: JSONValue]
  ) throws(TraceFileError) -> [(input: SubjectInput, time: Int64)] {
    if members["type"]?.string == "advance" { return [(.advance, try time(members["to"]))] }
    return try entries(members).compactMap { entry in
      switch entry {
      case .event(.input(let message), let time): (.receive(message), time)
      case .event(.call(let name, let arguments, _), let time):
        (.call(name: name, arguments: arguments), time)
      case .event, .reset: nil
      }
    }
  }

  /// The values of variables that a line reports, if it does.
  func state(
    _ members: [String: JSONValue]
  ) throws(TraceFileError) -> [ReportedVariable]? {
    guard let reported = members["state"]?.object else { return nil }
    let role = model.roles[model.instances[instance].role]
    var result: [ReportedVariable] = []
    for name in reported.keys.sorted() {
      let number = try coding.find(
        name,
        in: role.variables.map(\.name),
        "variable of '\(role.name)'"
      )
      let value = try coding.decode(reported[name] ?? .null, as: role.variables[number].type)
      let codec = kernel.variables(ofRole: model.instances[instance].role)[number].codec
      guard let registers = codec.registers(of: value) else {
        throw TraceFileError("'\(name)' has another type")
      }
      result.append(ReportedVariable(variable: number, values: registers))
    }
    return result
  }

  func output(_ members: [String: JSONValue]) throws(TraceFileError) -> Entry {
    let time = try time(members["at"])
    if members["message"] != nil { return .event(.output(try message(members)), time: time) }
    guard let name = members["signal"]?.string else {
      throw TraceFileError("an output with neither 'message' nor 'signal'")
    }
    let role = model.roles[model.instances[instance].role]
    let number = try coding.find(name, in: role.signals.map(\.name), "signal of '\(role.name)'")
    let signal = role.signals[number]
    let given = members["arguments"]?.object ?? [:]
    var values: [Int] = []
    for parameter in signal.parameters {
      values += try registers(given[parameter.name], parameter.name, parameter.type)
    }
    return .event(.signal(number, values), time: time)
  }

  private func message(_ members: [String: JSONValue]) throws(TraceFileError) -> SeenMessage {
    guard let name = members["message"]?.string else { throw TraceFileError("no 'message'") }
    let number = try coding.find(name, in: model.records.map(\.name), "message")
    let value = try coding.decode(members["fields"]?.object ?? [:], record: number)
    guard let registers = kernel.codec(ofRecord: number)?.registers(of: value) else {
      throw TraceFileError("'\(name)' cannot be followed")
    }
    return SeenMessage(record: number, values: registers)
  }

  private func arguments(
    of name: String,
    _ given: [String: JSONValue]
  ) throws(TraceFileError) -> [[Int]] {
    let role = model.roles[model.instances[instance].role]
    var calls: [String] = []
    for number in role.transitions {
      guard case .call(let call, let parameters) = model.transitions[number].trigger else {
        continue
      }
      calls.append(call)
      guard call == name else { continue }
      var result: [[Int]] = []
      for parameter in parameters {
        result.append(try registers(given[parameter.name], parameter.name, parameter.type))
      }
      return result
    }
    throw TraceFileError.unknown(name, "call of '\(role.name)'", among: calls)
  }

  private func registers(
    _ json: JSONValue?,
    _ name: String,
    _ type: ModelType
  ) throws(TraceFileError) -> [Int] {
    guard let json else { throw TraceFileError("'\(name)' is not given") }
    let value = try coding.decode(json, as: type)
    guard let registers = ValueCodec(followed: type, in: model)?.registers(of: value) else {
      throw TraceFileError("'\(name)' cannot be followed")
    }
    return registers
  }

  /// Seconds as nanoseconds; what is finer is cut off.
  func time(_ json: JSONValue?) throws(TraceFileError) -> Int64 {
    let seconds: Decimal
    switch json {
    case .integer(let number): seconds = Decimal(number)
    case .decimal(let number): seconds = number
    default: throw TraceFileError("no time: 'at', of 'advance' 'to', is a number of seconds")
    }
    let nanoseconds = NSDecimalNumber(decimal: seconds * 1_000_000_000)
    guard seconds.magnitude < 9_000_000_000 else {
      throw TraceFileError("a time beyond all bounds")
    }
    return nanoseconds.int64Value
  }
}
