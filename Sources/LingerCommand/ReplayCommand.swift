import ArgumentParser
import Linger

/// `linger replay`: a saved run again, step by step.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Re-run a saved trace on a spec, step by step.",
    discussion: """
      The parameters and the profile that the trace was saved with are taken unless the command \
      line sets others. Exit codes: 0 every step is possible, 1 the run ends in a violation, \
      2 a step is not possible or a file has errors.
      """
  )

  @Argument(help: "The spec file; - is standard input.")
  var spec: String

  @Argument(help: "A trace that 'check --save-trace' or 'simulate --save-trace' wrote.")
  var trace: String

  @OptionGroup var specification: SpecificationOptions
  @OptionGroup var output: OutputOptions

  mutating func validate() throws {
    guard spec != "-" || trace != "-" else {
      throw ValidationError("Standard input can be one file only.")
    }
  }

  func run() throws {
    let bytes: [UInt8]
    switch Files.read(trace) {
    case .success(let content): bytes = content
    case .failure(let failure):
      Console.printError(failure.message)
      throw ExitCode(2)
    }
    let saved: SavedTrace
    switch SavedTrace.read(bytes, path: trace) {
    case .success(let content): saved = content
    case .failure(let failure):
      Console.printError(failure.message)
      throw ExitCode(2)
    }
    let loaded = specification.load(
      spec,
      inheritedProfile: saved.profile,
      inherited: saved.parameters
    )
    try output.finish { style, isJSON in loaded.replay(saved, style: style, isJSON: isJSON) }
  }
}
