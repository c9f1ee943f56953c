import ArgumentParser
import LingerReport

/// `linger`, which only has subcommands.
struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "linger",
    abstract: "Checks protocols: explores every state of a spec over a hostile network.",
    discussion: """
      Exit codes: 0 everything holds, 1 something is violated, 2 a spec or an input file has \
      errors, 3 unknown (a limit) and nothing violated, 64 wrong usage, 69 a needed part is \
      missing, 70 internal error, 130 interrupted (SIGINT), 141 nobody reads the output, 143 \
      terminated (SIGTERM).
      """,
    version: ToolVersion.current,
    subcommands: [
      CheckCommand.self, SynthesizeCommand.self, RecheckCommand.self, ReplayCommand.self,
      ConformCommand.self, TestCommand.self, ExportCommand.self, SimulateCommand.self,
      GraphCommand.self, FormatCommand.self, ExplainCommand.self,
    ]
  )
}
