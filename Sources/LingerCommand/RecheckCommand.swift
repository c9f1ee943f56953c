import ArgumentParser
import Linger

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
    let clock = StopClock(common.timeLimit)
    var codes: [Int32] = []
    var results: [Recheck] = []
    var parts: [Recheck.JSONText] = []
    for (file, content) in contents {
      do throws(UnanswerableQuestion) {
        let result = try Recheck(
          try bytes(of: content),
          path: file,
          against: spec.map { spec in { load(spec, profile: $0, parameters: $1) } },
          shouldStop: { clock.reason }
        )
        results.append(result)
        codes.append(result.exitCode)
        parts.append(result.json)
      } catch {
        Console.printError(error.message)
        codes.append(2)
        parts.append(Recheck.JSONText(unreadable: file, message: error.message))
      }
    }
    try output.finish(
      codes,
      text: { style in results.map { $0.text(style: style) }.joined(separator: "\n") },
      json: { Recheck.document(parts, exitCode: $0) }
    )
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

  private func bytes(
    of content: Result<[UInt8], FileFailure>
  ) throws(UnanswerableQuestion) -> [UInt8] {
    switch content {
    case .success(let bytes): return bytes
    case .failure(let failure): throw UnanswerableQuestion(message: failure.message)
    }
  }
}
