import ArgumentParser
import Foundation
import Linger
import LingerReport

/// `linger conform`: captures and logs held against a spec.
struct ConformCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conform",
    abstract: "Hold packet captures and logs against a spec.",
    discussion: """
      Every set of states of the spec that explains what was seen is followed; where none is left, \
      the subject violates the spec. Without --profile every profile of the spec is tried, and the \
      report says which of them fit. Exit codes: 0 everything conforms, 1 something violates the \
      spec, 2 the spec or an input has errors, 3 inconclusive or unknown.
      """
  )

  @Argument(help: "The spec file.")
  var spec: String

  @Argument(
    help: ArgumentHelp(
      "Captures (pcap, pcapng) and logs (JSON lines); - is standard input.",
      valueName: "capture"
    )
  )
  var inputs: [String]

  @Option(
    help: ArgumentHelp(
      "Whose behaviour is judged: an instance or a role of the spec (default: the first).",
      valueName: "name"
    )
  )
  var subject: String?

  @Option(
    help: ArgumentHelp("The most beliefs that are followed at once.", valueName: "count")
  )
  var beliefs = 4096

  @OptionGroup var specification: SpecificationOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var common: RunOptions

  mutating func validate() throws {
    guard beliefs >= 1 else { throw ValidationError("--beliefs is 1 or more.") }
    guard spec != "-" || !inputs.contains("-") else {
      throw ValidationError("Only one of the spec and the inputs can be standard input.")
    }
  }

  func run() throws {
    let loaded = specification.loadToFollow(spec)
    var result = ConformedSpec(loaded.reported)
    if !loaded.isValid {
      Console.printError(loaded.diagnosticsText(hasColor: output.errorsHaveColor))
      try output.finish(.conformance(result), [2])
    }
    let profiles = loaded.profileNames.map { name in
      (name: name, specification: specification.loadToFollow(spec, profile: name))
    }
    Signals.noteStops()
    let clock = StopClock(common.timeLimit)
    var options = ConformanceOptions()
    options.subject = subject
    options.mostBeliefs = beliefs
    options.shouldStop = { clock.reason }
    for path in inputs {
      switch hold(path, loaded, profiles, options) {
      case .success(let input): result.inputs.append(input)
      case .failure(let failure):
        Console.printError(failure.message)
        try output.finish(.conformance(result), [2])
      }
      result.interruption = clock.reason
      if result.interruption != nil { break }
    }
    try output.finish(.conformance(result), [result.exitCode])
  }

  private func hold(
    _ path: String,
    _ loaded: Specification,
    _ profiles: [(name: String, specification: Specification)],
    _ options: ConformanceOptions
  ) -> Result<ConformedSpec.Input, FileFailure> {
    switch Files.read(path) {
    case .failure(let failure): return .failure(failure)
    case .success(let bytes):
      do throws(Conformance.Failure) {
        let visibility: ConformanceVisibility =
          bytes.starts(with: Array("{\"type\":\"hello\"".utf8)) ? .wholeLog : .messageLog
        let conformance = try Conformance(loaded, profiles: profiles, visibility, options)
        var log = LogConformance(conformance, path: path)
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
          if !log.take(Array(line)) { break }
        }
        log.finish()
        return .success(log.input)
      } catch {
        switch error {
        case .unfit(let reason):
          return .failure(FileFailure(message: "error: \(spec) cannot be followed: \(reason)\n"))
        case .invalid: return .failure(FileFailure(message: "error: a profile has errors\n"))
        }
      }
    }
  }
}
