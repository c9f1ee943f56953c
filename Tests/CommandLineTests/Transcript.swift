import Foundation

/// A Markdown file whose console blocks are commands with what they print.
///
/// ````
/// ```console
/// $ linger explain L9999
/// ! Error: ...              (a line of standard error)
/// ? 64                      (the exit code, unless 0)
/// ```
/// ````
///
/// All blocks of a file run in one fresh folder, in order, with the
/// fixtures and a copy of the project's `specs` in it.
/// A command is one line of shell; `linger` is the built program.
struct Transcript {
  /// One command with what it printed.
  struct Exchange {
    var command: String
    /// Its lines of output and error and its exit code, as written in the file.
    var response: [String]
    /// Where the command stands in the file, from 0.
    var line: Int
  }

  var lines: [String]
  var exchanges: [Exchange] = []

  init(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var isConsole = false
    for (number, line) in lines.enumerated() {
      if line.hasPrefix("```") {
        isConsole = line == "```console"
      } else if isConsole, line.hasPrefix("$ ") {
        exchanges.append(
          Exchange(command: String(line.dropFirst(2)), response: [], line: number)
        )
      } else if isConsole, !exchanges.isEmpty {
        exchanges[exchanges.count - 1].response.append(line)
      }
    }
  }

  /// The file's text with other responses.
  func text(with responses: [[String]]) -> String {
    var output: [String] = []
    var next = 0
    for (exchange, response) in zip(exchanges, responses) {
      output += lines[next...exchange.line]
      output += response
      next = exchange.line + 1 + exchange.response.count
    }
    output += lines[next...]
    return output.joined(separator: "\n")
  }
}

/// How a command went.
struct Response {
  var output: String
  var error: String
  /// Negative where a signal ended it: the signal's number.
  var exitCode: Int32

  /// As a transcript writes it: output, then error lines with `! `, then `? code` unless 0. The
  /// line of progress that long work prints every ten seconds depends on the machine: left out.
  var lines: [String] {
    var lines = Self.lines(of: output)
    lines += Self.lines(of: error).filter { !$0.contains(" a second, ") }
      .map { $0.isEmpty ? "!" : "! \($0)" }
    if exitCode != 0 { lines.append("? \(exitCode)") }
    return lines
  }

  private static func lines(of text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
}
