import ArgumentParser
import Foundation
import Linger
import LingerCapture
import LingerModel
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

  @Option(
    help: ArgumentHelp(
      "At which end captures were made, which is the one that is judged: auto, client (who opens), "
        + "server, both, or an address.",
      valueName: "end"
    )
  )
  var vantage = VantageArgument(.guessed)

  @Flag(help: "The inputs are logs; files that begin with '{' are taken for logs anyway.")
  var log = false

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
        var input = ConformedSpec.Input(path: path)
        input.failure =
          failure.message.replacing("error: ", with: "").split(separator: "\n").first
          .map(String.init)
        result.inputs.append(input)
      }
      result.interruption = clock.reason?.text
      if result.interruption != nil { break }
    }
    try output.finish(.conformance(result), [result.exitCode])
  }

  /// Judges one input.
  private func hold(
    _ path: String,
    _ loaded: Specification,
    _ profiles: [(name: String, specification: Specification)],
    _ options: ConformanceOptions
  ) -> Result<ConformedSpec.Input, FileFailure> {
    if path != "-", !Files.isThere(path) {
      return .failure(FileFailure(message: "error: cannot read '\(path)': no such file\n"))
    }
    do throws(Conformance.Failure) {
      if log || (path != "-" && Files.beginsWithBrace(path)) {
        return try holdLog(path, loaded, profiles, options)
      }
      let conformance = try Conformance(loaded, profiles: profiles, .capture, options)
      return try holdCapture(path, conformance, options)
    } catch {
      let reason: String
      switch error {
      case .unfit(let words): reason = words
      case .invalid: reason = "a profile has errors"
      }
      return .failure(
        FileFailure(message: "error: \(spec) cannot be held against '\(path)': \(reason)\n")
      )
    }
  }

  private func holdLog(
    _ path: String,
    _ loaded: Specification,
    _ profiles: [(name: String, specification: Specification)],
    _ options: ConformanceOptions
  ) throws(Conformance.Failure) -> Result<ConformedSpec.Input, FileFailure> {
    let bytes: [UInt8]
    switch Files.read(path) {
    case .failure(let failure): return .failure(failure)
    case .success(let read): bytes = read
    }
    let firstLine = bytes.split(separator: 0x0A, maxSplits: 1).first ?? []
    let isDriven = LogConformance.isHello(Array(firstLine))
    let conformance = try Conformance(
      loaded,
      profiles: profiles,
      isDriven ? .wholeLog : .messageLog,
      options
    )
    var held = LogConformance(conformance, path: path)
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      if options.shouldStop() != nil || !held.take(Array(line)) { break }
    }
    held.finish(interruption: options.shouldStop()?.text)
    return .success(held.input)
  }

  private func holdCapture(
    _ path: String,
    _ conformance: Conformance,
    _ options: ConformanceOptions
  ) throws(Conformance.Failure) -> Result<ConformedSpec.Input, FileFailure> {
    var held = try CaptureConformance(conformance, path: path, ends: vantage.ends) {
      connection,
      frame in
      if output.quiet { return }
      Console.printError("\(path): \(connection) violates the spec at frame \(frame)\n")
    }
    var failure: String?
    do throws(CaptureError) {
      var file = try CaptureFile(path: path)
      while try file.next({ frame, bytes in held.take(frame, bytes) }) {
        if file.frameCount % 1024 == 0, options.shouldStop() != nil { break }
      }
    } catch {
      switch error {
      case .cannotOpen(let reason):
        return .failure(FileFailure(message: "error: cannot read '\(path)': \(reason)\n"))
      default: failure = "\(error)"
      }
    }
    held.finish(failure: failure, interruption: options.shouldStop()?.text)
    return .success(held.input)
  }
}

/// `--vantage`.
struct VantageArgument: ExpressibleByArgument {
  var ends: JudgedEnds

  init(_ ends: JudgedEnds) { self.ends = ends }

  init?(argument: String) {
    switch argument {
    case "": return nil
    case "auto": ends = .guessed
    case "client": ends = .first
    case "server": ends = .second
    case "both": ends = .both
    default:
      guard argument.contains(".") || argument.contains(":") else { return nil }
      ends = .address(argument)
    }
  }

  var defaultValueDescription: String { "auto" }
}
