import ArgumentParser
import Linger
import LingerReport

/// `linger format`: the canonical layout.
struct FormatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "format",
    abstract: "Rewrite specs in the canonical layout.",
    discussion: """
      With --check nothing is written and the exit code is 1 if a file would change. Standard \
      input (-) is written to standard output. A file with syntax errors is left alone.
      """
  )

  @Argument(help: ArgumentHelp("Spec files; - is standard input.", valueName: "spec"))
  var specs: [String]

  @Flag(help: "Only say which files would change; exit 1 if any would.")
  var check = false

  @OptionGroup var reports: ReportOptions

  @Flag(help: "Do not name the files that change.")
  var quiet = false

  @Flag(help: "No colours, not even on a terminal.")
  var noColor = false

  mutating func validate() throws {
    guard check || reports.requests.isEmpty else {
      throw ValidationError("Only --check has a report to --format.")
    }
  }

  func run() throws {
    guard check else { throw ExitCode(worstExitCode(specs.map(rewrite))) }
    let files = specs.map(layout(of:)).map(\.file)
    let codes = files.map(\.exitCode)
    if quiet, reports.requests.isEmpty { throw ExitCode(worstExitCode(codes)) }
    try reports.finish(.layout(files), codes) { _ in ReportStyle() }
  }

  /// The canonical layout of a file; what is wrong with it is said.
  private func layout(of path: String) -> Formatting {
    let formatted =
      switch Files.read(path) {
      case .success(let bytes): Formatting(bytes, path: path)
      case .failure(let failure): Formatting(unreadable: path, message: failure.message)
      }
    let hasColor = Console.errorsAreTerminal && !noColor && Console.allowsColor
    Console.printError(formatted.message(hasColor: hasColor))
    return formatted
  }

  private func rewrite(_ path: String) -> Int32 {
    let formatted = layout(of: path)
    guard let text = formatted.output else { return formatted.file.exitCode }
    if path == "-" { return Console.print(text) ? 0 : 2 }
    guard formatted.file.exitCode != 0 else { return 0 }
    if !quiet { Console.printError("formatted \(path)\n") }
    return Files.write(text, to: path) ? 0 : 2
  }
}
