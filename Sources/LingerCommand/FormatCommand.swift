import ArgumentParser
import Linger

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

  @Flag(help: "Do not name the files that change.")
  var quiet = false

  @Flag(help: "No colours, not even on a terminal.")
  var noColor = false

  func run() throws {
    var codes: [Int32] = []
    for path in specs { codes.append(format(path)) }
    throw ExitCode(worstExitCode(codes))
  }

  private func format(_ path: String) -> Int32 {
    let bytes: [UInt8]
    switch Files.read(path) {
    case .success(let content): bytes = content
    case .failure(let failure):
      Console.printError(failure.message)
      return 2
    }
    let hasColor = Console.errorsAreTerminal && !noColor && Console.allowsColor
    let formatted = Formatting.format(bytes, path: path, hasColor: hasColor)
    Console.printError(formatted.message)
    guard formatted.exitCode == 0 else { return formatted.exitCode }
    let isChanged = Array(formatted.output.utf8) != bytes
    if check {
      if isChanged, !quiet, !Console.print("\(path)\n") { return 2 }
      return isChanged ? 1 : 0
    }
    if path == "-" { return Console.print(formatted.output) ? 0 : 2 }
    guard isChanged else { return 0 }
    if !quiet { Console.printError("formatted \(path)\n") }
    return Files.write(formatted.output, to: path) ? 0 : 2
  }
}
