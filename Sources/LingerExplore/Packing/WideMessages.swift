import LingerKernel
import LingerModel

/// The messages of one record that has too many values for numbers, numbered as they first appear.
///
/// Who appears first depends on the order of the work, so that one thread does it all; what is
/// found is the same whatever the numbers are.
struct WideMessages {
  private var values = Numbering<Value>()
  /// Numbers by fields as the kernel has them, and the reverse.
  private var numbers: [[Int]: Int] = [:]
  private let record: Int
  private let model: Model
  /// Nil for a record that the kernel does not hold.
  private let codec: ValueCodec?

  init(_ record: Int, in model: Model) {
    self.record = record
    self.model = model
    codec = ValueCodec(followed: .record(record), in: model)
  }

  /// Memory held, in bytes, roughly.
  var byteCount: Int {
    let fields = model.records[record].fields.count
    return values.count * (160 + fields * 96) + numbers.capacity * 48
  }

  func value(_ number: Int) -> Value { values[number] }

  /// Nil for a value that is not one of the record's.
  mutating func number(of message: Value) -> Int? {
    model.contains(message, in: .record(record)) ? values.number(of: message) : nil
  }

  mutating func number(ofRegisters registers: [Int]) -> Int {
    if let known = numbers[registers] { return known }
    guard let codec else { preconditionFailure("the kernel made a message that it cannot hold") }
    let number = values.number(of: codec.value(in: registers, at: 0))
    numbers[registers] = number
    return number
  }

  /// Nil where the kernel does not hold the record.
  func registers(of number: Int) -> [Int]? { codec?.registers(of: values[number]) }
}
