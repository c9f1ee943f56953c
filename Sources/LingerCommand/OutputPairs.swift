import ArgumentParser

/// Ties each `--output FILE` to the `--format` before it.
///
/// The parser hands over the values of different options without their order, and the order is
/// what says which report goes to which file. So the pair is made one argument before parsing.
enum OutputPairs {
  /// Between the format and the file of a joined pair; no path holds it.
  fileprivate static let separator: Character = "\u{1F}"

  /// The commands that have reports; `graph` has options of the same names for one drawing.
  private static let commands = ["check", "recheck", "replay", "simulate", "synthesize"]

  static func joined(_ arguments: [String]) -> [String] {
    guard let command = arguments.first, commands.contains(command) else { return arguments }
    var joined: [String] = []
    /// Where the value of a format without a file stands.
    var openFormat: Int?
    var index = 0
    while index < arguments.count {
      let argument = arguments[index]
      if argument == "--" { return joined + arguments[index...] }
      let next = index + 1 < arguments.count ? arguments[index + 1] : nil
      if argument == "--format", let next {
        joined += [argument, next]
        openFormat = joined.count - 1
        index += 2
      } else if argument.hasPrefix("--format=") {
        joined.append(argument)
        openFormat = joined.count - 1
        index += 1
      } else if argument == "--output", let next {
        attach(next, to: &joined, &openFormat)
        index += 2
      } else if argument.hasPrefix("--output=") {
        attach(String(argument.dropFirst("--output=".count)), to: &joined, &openFormat)
        index += 1
      } else {
        joined.append(argument)
        index += 1
      }
    }
    return joined
  }

  private static func attach(
    _ file: String,
    to joined: inout [String],
    _ openFormat: inout Int?
  ) {
    if let format = openFormat {
      joined[format] += "\(separator)\(file)"
      openFormat = nil
    } else {
      joined += ["--format", "text\(separator)\(file)"]
    }
  }
}

/// A report that was asked for.
struct OutputRequest: ExpressibleByArgument {
  enum Format: String, CaseIterable {
    case text
    case json
  }

  var format: Format
  /// Standard output where nil.
  var file: String?

  init(format: Format, file: String?) {
    self.format = format
    self.file = file
  }

  init?(argument: String) {
    let parts = argument.split(
      separator: OutputPairs.separator,
      maxSplits: 1,
      omittingEmptySubsequences: false
    )
    guard let format = Format(rawValue: String(parts[0])) else { return nil }
    self.init(format: format, file: parts.count > 1 ? String(parts[1]) : nil)
  }

  static var allValueStrings: [String] { Format.allCases.map(\.rawValue) }
}
