import ArgumentParser
import Linger
import LingerModel
import LingerReport

/// `linger simulate`: random walks.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Walk through a spec at random: a first look, or for models too large to explore.",
    discussion: """
      One walk is shown as it is; of several the first that finds a mistake is shown, else the \
      first. Exit codes: 0 nothing wrong was met, 1 a walk found a violation, 2 the spec has \
      errors, 3 stopped by a limit.
      """
  )

  @Argument(help: "The spec file; - is standard input.")
  var spec: String

  @Option(help: ArgumentHelp("How many walks.", valueName: "count"))
  var walks = 1

  @Option(help: ArgumentHelp("Longest walk.", valueName: "count"))
  var steps = 100

  @Option(help: ArgumentHelp("Save the walk that is shown.", valueName: "file"))
  var saveTrace: String?

  @OptionGroup var specification: SpecificationOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var common: RunOptions

  mutating func validate() throws {
    guard walks >= 1 else { throw ValidationError("--walks is 1 or more.") }
    guard steps >= 0 else { throw ValidationError("--steps is 0 or more.") }
  }

  func run() throws {
    let loaded = specification.load(spec)
    if !loaded.isValid {
      Console.printError(loaded.diagnosticsText(hasColor: output.errorsHaveColor))
    }
    Signals.noteStops()
    let budget = Budget(common.timeLimit)
    let options = SimulationOptions(
      seed: common.seed,
      walks: walks,
      maximumSteps: steps,
      budget: budget,
      threads: common.threadCount
    )
    let simulation = loaded.simulate(options)
    var codes = [simulation.exitCode]
    if let saveTrace, let trace = simulation.savedTrace, !Files.write(trace, to: saveTrace) {
      codes.append(2)
    }
    try output.finish(.simulation(simulation), codes)
  }
}
