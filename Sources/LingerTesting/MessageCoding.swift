import Foundation
import Linger
import LingerKernel
import LingerModel
import LingerReport

/// Between a subject's own type of messages and those of the spec. What was translated once is
/// remembered, since most messages come again.
struct MessageCoding<Message: Codable & Hashable> {
  private let model: Model
  private let kernel: StepKernel
  private let coding: ValueCoding
  private var seen = Memo<Message, SeenMessage>(most: 50_000)
  private var messages = Memo<SeenMessage, Message>(most: 50_000)

  init(_ conformance: Conformance) {
    model = conformance.model
    kernel = conformance.kernel
    coding = ValueCoding(model: conformance.model)
  }

  /// What a message of the subject's is in the spec; throws why it is none.
  mutating func seen(_ message: Message) throws(TraceFileError) -> SeenMessage {
    if let known = seen[message] { return known }
    guard let bytes = try? JSONEncoder().encode(message), let json = JSONValue.parse(Array(bytes)),
      let members = json.object
    else { throw TraceFileError("a message that is not coded as an object") }
    let (record, fields) = try self.record(of: members)
    let value = try coding.decode(fields, record: record)
    guard let registers = kernel.codec(ofRecord: record)?.registers(of: value) else {
      throw TraceFileError("'\(model.records[record].name)' cannot be followed")
    }
    let result = SeenMessage(record: record, values: registers)
    seen.remember(result, for: message)
    return result
  }

  /// The spec's message that an object stands for: by the one key of an enum's case, or by fields.
  private func record(
    of members: [String: JSONValue]
  ) throws(TraceFileError) -> (record: Int, fields: [String: JSONValue]) {
    let records = Array(Set(model.networks.flatMap(\.routes).flatMap(\.messages))).sorted()
    if members.count == 1, let (name, inner) = members.first, let fields = inner.object,
      let record = records.first(where: { Self.key(model.records[$0].name) == Self.key(name) })
    {
      return (record, fields)
    }
    let names = Set(members.keys)
    if let record = records.first(where: { names == Set(model.records[$0].fields.map(\.name)) }) {
      return (record, members)
    }
    let known = records.map { model.records[$0].name }.joined(separator: ", ")
    let found = members.keys.sorted().joined(separator: ", ")
    throw TraceFileError("a message with the fields \(found); the spec's messages are \(known)")
  }

  /// A case's name begins with a small letter where a message's begins with a capital.
  private static func key(_ name: String) -> String { name.lowercased() }

  /// A message of the spec as the subject knows it; throws why it cannot be.
  mutating func message(_ seen: SeenMessage) throws(TraceFileError) -> Message {
    if let known = messages[seen] { return known }
    let record = model.records[seen.record]
    guard
      case .record(_, let values)? = kernel.codec(ofRecord: seen.record)?
        .value(in: seen.values, at: 0)
    else { throw TraceFileError("'\(record.name)' cannot be followed") }
    let fields = JSONValue.object(coding.encode(values, of: record))
    let name = record.name.prefix(1).lowercased() + record.name.dropFirst()
    let texts = [fields, .object([name: fields])].map { Data($0.flatText.utf8) }
    for text in texts {
      guard let message = try? JSONDecoder().decode(Message.self, from: text) else { continue }
      messages.remember(message, for: seen)
      return message
    }
    throw TraceFileError("\(Message.self) cannot be made of '\(record.name)' \(fields.flatText)")
  }
}
