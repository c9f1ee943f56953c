import ArgumentParser
import Foundation
import Linger
import LingerDrive
import LingerModel
import LingerReport

/// `linger test`: an implementation driven against a spec.
struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Drive an implementation against a spec.",
    discussion: """
      The command after -- is started and spoken to in the line protocol \
      (docs/line-protocol.md): it is one party of the spec, and Linger plays the others and the \
      network. The first thing that the spec does not allow is shrunk to the shortest run that \
      shows it. Exit codes: 0 it conforms, 1 it does not, 2 the spec or a replay has errors, 3 \
      nothing could be decided, 69 the command cannot be run, or the kernel's TCP not be driven.
      """
  )

  @Argument(help: "The spec file.")
  var spec: String

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("The program that is tested, with its arguments, after --.")
  )
  var command: [String] = []

  @Flag(
    help: ArgumentHelp(
      "Test the TCP of the kernel that this runs on, behind the program kernel_tcp, which what "
        + "follows -- is handed to (Linux; needs root or user namespaces, and a TUN device)."
    )
  )
  var kernel = false

  @Option(
    help: ArgumentHelp(
      "Which party it is: an instance or a role of the spec (default: the first).",
      valueName: "name"
    )
  )
  var subject: String?

  @Option(help: ArgumentHelp("How many runs.", valueName: "count"))
  var runs = 1000

  @Option(help: ArgumentHelp("Longest run, in moves.", valueName: "count"))
  var steps = 40

  @Option(
    help: ArgumentHelp(
      "What goes wrong around it, separated by commas: loss, duplication, reordering (each where "
        + "the spec's network does it), forgery (messages that nobody sent), or none.",
      valueName: "faults"
    )
  )
  var faults = FaultsArgument(.network)

  @Option(
    help: ArgumentHelp("How long a reply may take, such as 5s or 200ms.", valueName: "time")
  )
  var stepTimeout = TimeLimit(milliseconds: 5000)

  @Option(
    help: ArgumentHelp(
      "How long a program on the wall clock must be quiet to be silent.",
      valueName: "time"
    )
  )
  var quietTime = TimeLimit(milliseconds: 50)

  @Option(
    help: ArgumentHelp(
      "How long it is waited for a timer of a program on the wall clock, at most.",
      valueName: "time"
    )
  )
  var longestWait = TimeLimit(milliseconds: 2000)

  @Option(help: ArgumentHelp("The most beliefs that are followed at once.", valueName: "count"))
  var beliefs = 4096

  @Option(help: ArgumentHelp("Run a saved run again, and nothing else.", valueName: "file"))
  var replay: String?

  @Option(
    help: ArgumentHelp(
      "A folder of saved runs (*.jsonl) that are run first; a new failure is saved there.",
      valueName: "folder"
    )
  )
  var regressions: String?

  @Option(help: ArgumentHelp("Save the failing run.", valueName: "file"))
  var saveTrace: String?

  @Flag(
    name: .customLong("all"),
    help: "Go on after a failure, and tell one of each sort."
  )
  var findsAll = false

  @Flag(help: "Check the adapter itself: what the line protocol asks of it.")
  var checkAdapter = false

  @OptionGroup var specification: SpecificationOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var common: RunOptions

  mutating func validate() throws {
    guard kernel || !command.isEmpty else {
      throw ValidationError("Name the program to test after --: linger test SPEC -- PROGRAM.")
    }
    guard runs >= 1 else { throw ValidationError("--runs is 1 or more.") }
    guard steps >= 1 else { throw ValidationError("--steps is 1 or more.") }
    guard beliefs >= 1 else { throw ValidationError("--beliefs is 1 or more.") }
  }

  func run() throws {
    let loaded = specification.loadToFollow(spec)
    let name = subjectName
    guard loaded.isValid else {
      Console.printError(loaded.diagnosticsText(hasColor: output.errorsHaveColor))
      try output.finish(.driving(DrivenSpec(loaded.reported, subject: name)), [2])
    }
    Signals.noteStops()
    let budget = Budget(common.timeLimit)
    var options = DrivingOptions()
    options.subject = subject
    options.runs = runs
    options.steps = steps
    options.seed = common.seed
    options.threads = common.threadCount
    options.subjects = common.threads ?? 1
    options.faults = faults.value
    options.findsAll = findsAll
    let quiet = Int64(quietTime.milliseconds) * 1_000_000
    options.quietTime = quiet
    options.longestWait = Int64(longestWait.milliseconds) * 1_000_000
    options.mostBeliefs = beliefs
    options.budget = budget
    let program = try program(loaded)
    var processes: [SubjectProcess] = []
    let driving: Driving
    do throws(UnusableSpec) {
      driving = try Driving(loaded, name: name, options) { conformance in
        let process = self.process(program, budget)
        processes.append(process)
        return LineSubject(conformance, process, quietTime: quiet)
      }
    } catch {
      let reason: String
      switch error {
      case .unfit(let words): reason = words
      case .invalid: reason = "the spec has errors"
      }
      Console.printError("error: '\(spec)' cannot be driven: \(reason)\n")
      var result = DrivenSpec(loaded.reported, subject: name)
      result.inputError = reason
      try output.finish(.driving(result), [2])
    }
    if checkAdapter {
      driving.checkAdapter(self.process(program, budget))
    } else {
      drive(driving)
    }
    var result = driving.result
    let log = String(decoding: processes.first?.errorTail ?? [], as: UTF8.self)
    if kernel, let said = log.split(separator: "\n").first, result.problem != nil {
      result.problem = "\(KernelHelper.name) says: \(said)"
    }
    for place in result.failures.indices { result.failures[place].log = log }
    var codes = [result.exitCode]
    codes += save(result)
    try output.finish(.driving(result), codes)
  }

  private var subjectName: String {
    let words = command.joined(separator: " ")
    return kernel ? "the kernel's TCP" + (command.isEmpty ? "" : " (\(words))") : words
  }

  /// What is started, with its arguments; ends where there is nothing.
  private func program(_ loaded: Specification) throws -> [String] {
    guard kernel else { return command }
    do throws(KernelHelper.Missing) {
      return [try KernelHelper.path()] + command
    } catch {
      var result = DrivenSpec(loaded.reported, subject: subjectName)
      result.problem = "it cannot be driven: \(error.reason)"
      try output.finish(.driving(result), [result.exitCode])
    }
  }

  private func process(
    _ program: [String],
    _ budget: Budget
  ) -> SubjectProcess {
    SubjectProcess(
      program,
      patience: .milliseconds(stepTimeout.milliseconds),
      isAlone: (common.threads ?? 1) == 1,
      budget
    )
  }

  /// Replays first, then runs.
  private func drive(_ driving: Driving) {
    if let replay {
      again(replay, driving)
      return
    }
    for path in regressions.map(Files.runs(in:)) ?? [] {
      again(path, driving)
      if driving.result.failure != nil || driving.result.inputError != nil { return }
    }
    driving.plan(exploring: specification.load(spec))
    driving.run()
  }

  private func again(_ path: String, _ driving: Driving) {
    switch Files.read(path) {
    case .success(let bytes): driving.replay(bytes, named: path)
    case .failure(let failure):
      Console.printError(failure.message)
      driving.cannotRead(path)
    }
  }

  /// Saves a new failure; the exit codes of what could not be written.
  private func save(_ result: DrivenSpec) -> [Int32] {
    var isWhole = true
    for (number, failure) in result.failures.enumerated() where failure.replay == nil {
      var paths = number == 0 ? saveTrace.map { [$0] } ?? [] : []
      if let regressions, Files.createDirectory(regressions) {
        paths.append("\(regressions)/\(failure.fileName)")
      }
      for path in paths where !Files.write(failure.replayFile, to: path) { isWhole = false }
    }
    return isWhole ? [] : [2]
  }
}

/// `--faults`.
struct FaultsArgument: ExpressibleByArgument {
  var value: Faults

  init(_ value: Faults) { self.value = value }

  init?(argument: String) {
    value = []
    if argument == "none" { return }
    for name in argument.split(separator: ",") {
      switch name {
      case "loss": value.insert(.loss)
      case "duplication": value.insert(.duplication)
      case "reordering": value.insert(.reordering)
      case "forgery": value.insert(.forgery)
      default: return nil
      }
    }
  }

  var defaultValueDescription: String { "loss,duplication,reordering" }
}
