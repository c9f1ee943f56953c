import ArgumentParser
import Linger
import LingerModel
import LingerReport

/// `linger synthesize`: for which parameter values a timed property holds.
struct SynthesizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synthesize",
    abstract: "Find the weakest condition on durations under which a timed property holds.",
    discussion: """
      The parameters named by --for lose their values and defaults; the others keep symbolic \
      defaults (timeWait = 2 * msl) and what --set and --profile say, and otherwise stay symbols \
      of the condition. Exit codes: 0 found and proved, 2 the spec has errors, 3 unknown; what is \
      known necessary and proved sufficient is said then too.
      """
  )

  @Argument(help: "The spec file; - is standard input.")
  var spec: String

  @Option(
    help: ArgumentHelp(
      "The timed invariant; may be left out where there is only one.",
      valueName: "name"
    )
  )
  var property: String?

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp(
      "Duration parameters to find a condition on, separated by commas; repeatable.",
      valueName: "parameter"
    )
  )
  var parameters: [String]

  @OptionGroup var specification: SpecificationOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var common: RunOptions
  @OptionGroup var timing: TimingOptions
  @OptionGroup var timed: TimedEngineOptions
  @OptionGroup var proofs: ProofOptions

  private var names: [String] {
    parameters.flatMap { $0.split(separator: ",").map { String($0).trimmingBlanks } }
  }

  mutating func validate() throws {
    guard !names.isEmpty else { throw ValidationError("--for needs the name of a parameter.") }
    if timed.timedEngine == .zones {
      throw ValidationError("Zones decide given values only: --timed-engine has to be another one.")
    }
  }

  func run() throws {
    let loaded = specification.load(spec)
    if !loaded.isValid || !output.quiet {
      Console.printError(loaded.diagnosticsText(hasColor: output.errorsHaveColor))
    }
    if loaded.isValid { try timed.requireKnownLemmas(in: [loaded]) }
    let budget = Budget(common.timeLimit)
    var options = SynthesisOptions(
      property: property,
      parameters: names,
      budget: budget
    )
    options.locationLimit = timing.locationLimit
    options.wantsCertificate = proofs.certificate != nil
    options.timedEngine = timed.timedEngine
    options.lemmas = timed.lemmas
    if loaded.isValid { try requireSolver() }
    Signals.noteStops()
    let synthesis: SynthesizedSpec
    do throws(UnanswerableQuestion) {
      synthesis = try loaded.synthesize(options)
    } catch {
      throw ValidationError(error.message)
    }
    var codes = [synthesis.exitCode]
    let certificates = synthesis.certificate.map { [$0] } ?? []
    if !proofs.save(certificates, quiet: output.quiet) { codes.append(2) }
    try output.finish(.synthesis(synthesis), codes)
  }
}
