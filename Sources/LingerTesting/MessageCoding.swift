import Foundation
import Linger
import LingerConform
import LingerKernel
import LingerModel
import LingerReport

/// Between the messages of a subject, by number, and those of the spec. What was translated once is
/// remembered, since most messages come again.
struct MessageCoding {
  private let model: Model
  private let kernel: StepKernel
  private let coding: ValueCoding
  private let handle: SubjectHandle
  /// By number of the subject's message.
  private var seen: [Observation?] = []
  /// Messages of the spec, and the number of the subject's message for each.
  private var rows = WordTable()
  private var numbers: [Int?] = []

  /// With more messages all are forgotten.
  private static let most = 50_000

  init(_ conformance: Conformance, _ handle: SubjectHandle) {
    model = conformance.model
    kernel = conformance.kernel
    coding = ValueCoding(model: conformance.model)
    self.handle = handle
  }

  /// Forgets all messages, where the subject has so many.
  mutating func forgetIfFull(_ count: Int) {
    if count < Self.most, rows.count < Self.most { return }
    handle.forgetMessages()
    (seen, rows, numbers) = ([], WordTable(), [])
  }

  /// What it is that the subject sends a message; throws why it is none of the spec's.
  mutating func sent(_ message: Int) throws(TraceFileError) -> Observation {
    if message < seen.count, let known = seen[message] { return known }
    guard let bytes = handle.encoded(message), let json = JSONValue.parse(bytes),
      let members = json.object
    else { throw TraceFileError("a message that is not coded as an object") }
    let (record, fields) = try self.record(of: members)
    let value = try coding.decode(fields, record: record)
    guard let registers = kernel.codec(ofRecord: record)?.registers(of: value) else {
      throw TraceFileError("'\(model.records[record].name)' cannot be followed")
    }
    let result = Observation.output(SeenMessage(record: record, values: registers))
    while seen.count <= message { seen.append(nil) }
    seen[message] = result
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

  /// The number of a message of the spec as the subject knows it; throws why it cannot be.
  mutating func number(of seen: SeenMessage) throws(TraceFileError) -> Int {
    let place = rows.number(of: seen.record, before: seen.values)
    if place == numbers.count { numbers.append(nil) }
    if let known = numbers[place] { return known }
    let record = model.records[seen.record]
    guard
      case .record(_, let values)? = kernel.codec(ofRecord: seen.record)?
        .value(in: seen.values, at: 0)
    else { throw TraceFileError("'\(record.name)' cannot be followed") }
    let fields = JSONValue.object(coding.encode(values, of: record))
    let name = record.name.prefix(1).lowercased() + record.name.dropFirst()
    for json in [fields, .object([name: fields])] {
      guard let number = handle.decoded(Array(json.flatText.utf8)) else { continue }
      numbers[place] = number
      return number
    }
    throw TraceFileError(
      "\(handle.messageType) cannot be made of '\(record.name)' \(fields.flatText)"
    )
  }
}

@usableFromInline
func jsonBytes(of message: some Encodable) -> [UInt8]? {
  (try? JSONEncoder().encode(message)).map(Array.init)
}

@usableFromInline
func message<Message: Decodable>(fromJSON bytes: [UInt8]) -> Message? {
  try? JSONDecoder().decode(Message.self, from: Data(bytes))
}
