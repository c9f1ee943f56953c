import ArgumentParser
import Linger

/// `linger graph`: a role's state machine.
struct GraphCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph",
    abstract: "Draw the state machine of a role as DOT or Mermaid.",
    discussion: """
      The nodes are the cases of the role's first variable of an enum type, or of --variable. \
      The edges are read off the guards and bodies of the transitions, not explored.
      """
  )

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case dot
    case mermaid
  }

  @Argument(help: "The spec file; - is standard input.")
  var spec: String

  @Option(
    help: ArgumentHelp("The role; the first one that has states if left out.", valueName: "name")
  )
  var role: String?

  @Option(help: ArgumentHelp("The variable whose values are the states.", valueName: "name"))
  var variable: String?

  @Option(help: "dot or mermaid.")
  var format: Format = .dot

  @Option(help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"))
  var output: String?

  @Flag(help: "Leave out what leads from a state to itself.")
  var hideLoops = false

  @Flag(help: "No colours, not even on a terminal.")
  var noColor = false

  @OptionGroup var specification: SpecificationOptions

  func run() throws {
    let loaded = specification.load(spec)
    let hasColor = Console.errorsAreTerminal && !noColor && Console.allowsColor
    let result = loaded.graph(
      role: role,
      variable: variable,
      isMermaid: format == .mermaid,
      hidesLoops: hideLoops,
      hasColor: hasColor
    )
    Console.printError(result.message)
    guard result.exitCode == 0 else { throw ExitCode(result.exitCode) }
    let isWritten =
      output.map { Files.write(result.output, to: $0) } ?? Console.print(result.output)
    if !isWritten { throw ExitCode(2) }
  }
}
