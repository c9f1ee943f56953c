import ArgumentParser
import Linger
import LingerModel
import LingerReport

/// `linger recheck`: saved proofs again.
struct RecheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recheck",
    abstract: "Check saved proofs of timed properties again.",
    discussion: """
      A proof is an inductive invariant by its obligations, each of which must be unsat. The files \
      are plain SMT-LIB 2: other solvers read them too. With --spec the obligations are written \
      anew from the spec, with the profile and the parameters that the file names, and compared. \
      Exit codes: 0 every obligation is unsat, 1 one is sat or another than the spec gives, 2 a \
      file cannot be read, 3 one is unknown and none is sat.
      """
  )

  @Argument(
    help: ArgumentHelp("Files that --certificate wrote; - is standard input.", valueName: "file")
  )
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "The spec that the proofs must be about: their obligations are compared with its own.",
      valueName: "file"
    )
  )
  var spec: String?

  @OptionGroup var output: OutputOptions
  @OptionGroup var common: RunOptions

  mutating func validate() throws {
    guard !files.isEmpty else { throw ValidationError("Missing expected argument '<file> ...'.") }
    guard (files + (spec.map { [$0] } ?? [])).count(where: { $0 == "-" }) <= 1 else {
      throw ValidationError("Standard input can be one file only.")
    }
  }

  func run() throws {
    try requireSolver()
    let contents = files.map { ($0, Files.read($0)) }
    Signals.noteStops()
    let budget = Budget(common.timeLimit)
    let results = contents.map { file, content in
      recheck(file, content, budget: budget)
    }
    try output.finish(.recheck(results), results.map(\.exitCode))
  }

  private func recheck(
    _ file: String,
    _ content: Result<[UInt8], FileFailure>,
    budget: Budget
  ) -> RecheckedFile {
    let result =
      switch content {
      case .failure(let failure): RecheckedFile(path: file, .unreadable(message: failure.message))
      case .success(let bytes):
        RecheckedFile(
          bytes,
          path: file,
          against: spec.map { spec in { load(spec, profile: $0, parameters: $1) } },
          budget: budget
        )
      }
    Console.printError(result.message)
    return result
  }

  private func load(
    _ path: String,
    profile: String?,
    parameters: [(name: String, value: String)]
  ) -> Specification {
    let loaded = Specification.load(
      path,
      profile: profile,
      parameters: parameters,
      read: Files.readSource
    )
    if !loaded.isValid {
      Console.printError(loaded.diagnosticsText(hasColor: output.errorsHaveColor))
    }
    return loaded
  }
}
