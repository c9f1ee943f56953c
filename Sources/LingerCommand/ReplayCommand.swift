import ArgumentParser
import Linger
import LingerModel
import LingerReport

/// `linger replay`: a saved run again, step by step.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Re-run a saved trace on a spec, step by step.",
    discussion: """
      The parameters and the profile that the trace was saved with are taken unless the command \
      line sets others. Exit codes: 0 every step is possible and nothing is violated, 1 what the \
      run was saved for is violated, or a step ends in an error of the spec, 2 a step is not \
      possible or a file has errors, 3 what the run was saved for is not decided.
      """
  )

  @Argument(help: "The spec file; - is standard input.")
  var spec: String

  @Argument(help: "A trace that 'check --save-trace' or 'simulate --save-trace' wrote.")
  var trace: String

  @OptionGroup var specification: SpecificationOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var common: RunOptions

  @Flag(help: "Replay a run of another protocol, such as a variant's on the spec that it varies.")
  var otherProtocol = false

  mutating func validate() throws {
    guard spec != "-" || trace != "-" else {
      throw ValidationError("Standard input can be one file only.")
    }
  }

  func run() throws {
    let replay = replay()
    Console.printError(replay.message)
    try output.finish(.replay(replay), [replay.exitCode])
  }

  private func replay() -> ReplayedTrace {
    let bytes: [UInt8]
    switch Files.read(trace) {
    case .success(let content): bytes = content
    case .failure(let failure): return ReplayedTrace(.failure(message: failure.message))
    }
    let saved: SavedTrace
    switch SavedTrace.read(bytes, path: trace) {
    case .success(let content): saved = content
    case .failure(let failure): return ReplayedTrace(.failure(message: failure.message))
    }
    let loaded = specification.load(
      spec,
      inheritedProfile: saved.profile,
      inherited: saved.parameters
    )
    if !loaded.isValid {
      Console.printError(loaded.diagnosticsText(hasColor: output.errorsHaveColor))
    }
    Signals.noteStops()
    let budget = Budget(common.timeLimit)
    var options = ReplayOptions()
    options.isOfOtherProtocol = otherProtocol
    options.budget = budget
    return loaded.replay(saved, options: options)
  }
}
