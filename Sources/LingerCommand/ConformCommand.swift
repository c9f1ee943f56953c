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

  @Option(
    help: ArgumentHelp(
      "Judge one connection of each capture: by its number, counted from 1 in the order of first "
        + "segments, or as reports name it, as in '10.0.0.1:40000 - 10.0.0.2:80'.",
      valueName: "connection"
    )
  )
  var connection: ConnectionArgument?

  @Option(
    help: ArgumentHelp(
      "How long after it came a message may be taken (default: 60ms; 0 in logs with hello).",
      valueName: "time"
    )
  )
  var lag: TimeLimit?

  @Flag(help: "Wait for more at the end of a file, until a signal or --time-limit.")
  var follow = false

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
    if connection != nil, let path = inputs.first(where: isLog) {
      throw ValidationError("--connection chooses one of a capture, and '\(path)' is a log.")
    }
    let loaded = specification.loadToFollow(spec)
    var result = ConformedSpec(loaded.reported)
    if !loaded.isValid {
      Console.printError(loaded.diagnosticsText(hasColor: output.errorsHaveColor))
      try output.finish(.conformance(result), [2])
    }
    let profiles = loaded.profileNames.map { name in
      (name: name, load: { specification.loadToFollow(spec, profile: name) })
    }
    if !inputs.allSatisfy(isLog) { try requireCaptureLibrary() }
    Signals.noteStops()
    let budget = Budget(common.timeLimit)
    var options = ConformanceOptions()
    options.subject = subject
    options.mostBeliefs = beliefs
    options.lag = lag?.nanoseconds
    options.budget = budget
    var captures: [(place: Int, held: HeldCapture)] = []
    for path in inputs {
      switch hold(path, loaded, profiles, options) {
      case .success(.log(let input)): result.inputs.append(input)
      case .success(.capture(let held)):
        captures.append((result.inputs.count, held))
        result.inputs.append(held.input)
      case .failure(let failure):
        Console.printError(failure.message)
        var input = ConformedSpec.Input(path: path)
        input.failure = failure.reason
        result.inputs.append(input)
      }
      result.interruption = budget.exhaustion?.text
      if result.interruption != nil { break }
    }
    if keepsSegments, captures.count == 2 {
      let compared = ComparedEnds(captures[0].held, captures[1].held, budget)
      result.inputs[captures[0].place] = compared.first
      result.inputs[captures[1].place] = compared.second
      result.comparison = compared.comparison
    }
    try output.finish(.conformance(result), [result.exitCode])
  }

  /// Two captures may be those of both ends.
  private var keepsSegments: Bool { inputs.count { !isLog($0) } == 2 }

  private enum Held {
    case log(ConformedSpec.Input)
    case capture(HeldCapture)
  }

  private func isLog(_ path: String) -> Bool {
    log || (path != "-" && Files.beginsWithBrace(path))
  }

  /// Waits a moment where a file may grow; false where nothing more is waited for.
  private func waits(for path: String, _ options: ConformanceOptions) -> Bool {
    guard follow, path != "-", !options.budget.isExhausted else { return false }
    Thread.sleep(forTimeInterval: 0.05)
    return !options.budget.isExhausted
  }

  /// Judges one input.
  private func hold(
    _ path: String,
    _ loaded: Specification,
    _ profiles: [Conformance.NamedProfile],
    _ options: ConformanceOptions
  ) -> Result<Held, FileFailure> {
    if path != "-", !Files.isThere(path) {
      return .failure(FileFailure(message: "error: cannot read '\(path)': no such file\n"))
    }
    do throws(UnusableSpec) {
      if isLog(path) {
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
    _ profiles: [Conformance.NamedProfile],
    _ options: ConformanceOptions
  ) throws(UnusableSpec) -> Result<Held, FileFailure> {
    var reader: LineReader
    var line: [UInt8]?
    do throws(SourceReadError) {
      reader = try LineReader(path) { waits(for: path, options) }
      line = try reader.next()
    } catch {
      return .failure(FileFailure(path, error))
    }
    let isDriven = LogConformance.isHello(line ?? [])
    let conformance = try Conformance(
      loaded,
      profiles: profiles,
      isDriven ? .wholeLog : .messageLog,
      options
    )
    var held = LogConformance(conformance, path: path) { name, line in
      if output.quiet { return }
      Console.printError("\(path): \(name) violates the spec at line \(line)\n")
    }
    var failure: String?
    do throws(SourceReadError) {
      while let current = line {
        if options.budget.isExhausted || !held.take(current) { break }
        line = try reader.next()
      }
    } catch {
      failure = FileFailure(path, error).reason
    }
    held.finish(failure: failure, interruption: options.budget.exhaustion?.text)
    return .success(.log(held.input))
  }

  private func holdCapture(
    _ path: String,
    _ conformance: Conformance,
    _ options: ConformanceOptions
  ) throws(UnusableSpec) -> Result<Held, FileFailure> {
    var held = try CaptureConformance(
      conformance,
      path: path,
      ends: vantage.ends,
      connection: connection?.value
    ) { connection, frame in
      if output.quiet { return }
      Console.printError("\(path): \(connection) violates the spec at frame \(frame)\n")
    }
    if keepsSegments { held.keepSegments() }
    var failure: String?
    do throws(CaptureError) {
      var file = try CaptureFile(path: path)
      repeat {
        do throws(CaptureError) {
          while try file.next({ frame, bytes in held.take(frame, bytes) }) {
            if file.frameCount % 1024 == 0, options.budget.isExhausted { break }
          }
        } catch {
          // The rest of a frame may still come.
          guard follow, case .cutOff = error else { throw error }
        }
      } while waits(for: path, options)
    } catch {
      switch error {
      case .cannotOpen(let reason):
        return .failure(FileFailure(message: "error: cannot read '\(path)': \(reason)\n"))
      default: failure = "\(error)"
      }
    }
    held.finish(failure: failure, interruption: options.budget.exhaustion?.text)
    return .success(.capture(held.held))
  }
}

/// Ends a command that reads captures where libpcap is missing.
func requireCaptureLibrary() throws {
  if let path = ProcessInfo.processInfo.environment["LINGER_PCAP"], !path.isEmpty {
    CaptureLibrary.choose(path)
  }
  guard let problem = CaptureLibrary.problem else { return }
  Console.printError("error: \(problem)\n")
  throw ExitCode(exitCodeOfMissingPart)
}

/// `--connection`.
struct ConnectionArgument: ExpressibleByArgument {
  var value: ChosenConnection

  init?(argument: String) {
    if let number = Int(argument) {
      guard number >= 1 else { return nil }
      value = .number(number)
    } else {
      guard argument.contains(" - ") else { return nil }
      value = .name(argument)
    }
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
