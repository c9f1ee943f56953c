import ArgumentParser

/// A number of bytes such as `512M` or `2G`; units are powers of 1024.
struct ByteCount: ExpressibleByArgument {
  var bytes: Int

  init?(argument: String) {
    let units: [(suffix: String, factor: Int)] = [
      ("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30), ("T", 1 << 40),
    ]
    var text = argument.uppercased()
    for ending in ["IB", "B"] where text.hasSuffix(ending) {
      text.removeLast(ending.count)
      break
    }
    var factor = 1
    for unit in units where text.hasSuffix(unit.suffix) {
      text.removeLast()
      factor = unit.factor
      break
    }
    guard let number = Int(text.trimmingBlanks), number > 0 else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: factor)
    guard !overflow else { return nil }
    self.bytes = bytes
  }
}

/// A time such as `500ms`, `30s`, `5m` or `1h`; seconds without a unit.
struct TimeLimit: ExpressibleByArgument {
  var milliseconds: Int
  /// Cut off at a century.
  var nanoseconds: Int64 { Int64(min(milliseconds, 3_155_760_000_000)) * 1_000_000 }
  /// As the user wrote it, for the report.
  var text: String

  init(milliseconds: Int) {
    self.milliseconds = milliseconds
    text = milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
  }

  init?(argument: String) {
    let units: [(suffix: String, factor: Int)] = [
      ("ms", 1), ("min", 60_000), ("s", 1000), ("m", 60_000), ("h", 3_600_000),
    ]
    var digits = argument.lowercased()
    var factor = 1000
    for unit in units where digits.hasSuffix(unit.suffix) {
      digits.removeLast(unit.suffix.count)
      factor = unit.factor
      break
    }
    guard let number = Int(digits.trimmingBlanks), number > 0 else { return nil }
    let (milliseconds, overflow) = number.multipliedReportingOverflow(by: factor)
    guard !overflow else { return nil }
    self.milliseconds = milliseconds
    text = argument
  }
}

extension String {
  /// The text without blanks at either end.
  var trimmingBlanks: String {
    var text = self[...]
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
