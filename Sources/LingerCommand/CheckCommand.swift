import ArgumentParser
import Linger
import LingerModel
import LingerReport

/// `linger check`: every state, every property.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Explore every state of specs and decide their properties.",
    discussion: """
      With several specs the exit code is the worst of theirs: 70, then 2, 1, 69, 3, 0.
      """
  )

  @Argument(help: ArgumentHelp("Spec files; - is standard input.", valueName: "spec"))
  var specs: [String]

  @OptionGroup var specification: SpecificationOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var common: RunOptions

  @Option(
    name: .customLong("property"),
    help: ArgumentHelp(
      "Decide only this property or audit check; repeatable.",
      valueName: "name"
    )
  )
  var properties: [String] = []

  @Option(
    name: .customLong("without"),
    help: ArgumentHelp(
      "Leave out a check of the audit, such as orphan-timer or A0103; repeatable.",
      valueName: "check"
    )
  )
  var switchedOff: [String] = []

  @Flag(help: "The applications act: what is left open because one does not is a violation.")
  var strict = false

  @Flag(
    name: .customLong("all"),
    help: "Visit every state, even if each --property is decided before."
  )
  var visitsAllStates = false

  /// What is made of `symmetric` instances.
  enum SymmetryUse: String, ExpressibleByArgument, CaseIterable {
    case auto
    case off
  }

  @Option(
    help: ArgumentHelp(
      "Whether states that differ in symmetric instances alone count once: auto or off.",
      valueName: "use"
    )
  )
  var symmetry = SymmetryUse.auto

  /// Whether a C compiler may help.
  enum NativeUse: String, ExpressibleByArgument, CaseIterable {
    case off
    case auto
    case on
  }

  @Option(
    help: ArgumentHelp(
      "Explore with code that a C compiler makes of the spec: off, auto (where there is one and it "
        + "pays) or on; results do not depend on it.",
      valueName: "use"
    )
  )
  var native = NativeUse.auto

  @Flag(
    help: ArgumentHelp(
      "Store what wide states have in common once: less memory, more time, no native code for "
        + "them; results do not depend on it."
    )
  )
  var compress = false

  @Option(help: ArgumentHelp("Visit at most this many states.", valueName: "count"))
  var stateLimit: Int?

  @Option(help: ArgumentHelp("Stop at this much memory, such as 512M or 2G.", valueName: "bytes"))
  var memoryLimit: ByteCount?

  @Option(
    help: ArgumentHelp(
      "Save the first violation's run for 'linger replay'.",
      valueName: "file"
    )
  )
  var saveTrace: String?

  @Option(
    help: ArgumentHelp(
      "Save every violation's and cover's run in a folder, as PROTOCOL-PROPERTY.json.",
      valueName: "folder"
    )
  )
  var traceDir: String?

  @OptionGroup var timing: TimingOptions
  @OptionGroup var timed: TimedEngineOptions
  @OptionGroup var proofs: ProofOptions

  mutating func validate() throws {
    guard !specs.isEmpty else { throw ValidationError("Missing expected argument '<spec> ...'.") }
    guard specs.count(where: { $0 == "-" }) <= 1 else {
      throw ValidationError("Standard input can be one spec only.")
    }
    for check in switchedOff where check == "spec-errors" || check == "A0106" {
      throw ValidationError(
        "'\(check)' cannot be switched off: without it no other verdict would mean anything."
      )
    }
    let optional = Specification.optionalCheckNames
    try requireKnown(switchedOff, among: optional, what: "check to leave out")
    if let stateLimit, stateLimit < 1 { throw ValidationError("--state-limit is 1 or more.") }
  }

  func run() throws {
    let loaded = specs.map { specification.load($0) }
    try requireKnownProperties(in: loaded)
    // What needs no solver is decided all the same.
    let isSolverMissing =
      loaded.contains { $0.needsSolver(for: properties) } && !announceSolver()
    Signals.noteStops()
    let budget = Budget(common.timeLimit)
    let compiler = try compilerShell()
    var results: [CheckResult] = []
    for spec in loaded {
      results.append(check(spec, budget, compiler))
      if Signals.exitCode != nil { break }
    }
    var codes = results.map(\.exitCode)
    if isSolverMissing { codes.append(exitCodeOfMissingPart) }
    if native == .on {
      for reason in compiler?.declined ?? [] {
        Console.printError("linger: no native code for a spec: \(reason)\n")
      }
    }
    if native == .on, let reason = compiler?.failureReason {
      Console.printError("linger: no native code: \(reason)\n")
      codes.append(exitCodeOfMissingPart)
    }
    if !save(results) { codes.append(2) }
    if !proofs.save(results.flatMap(\.certificates), quiet: output.quiet) { codes.append(2) }
    try output.finish(.check(results.map(\.checked)), codes)
  }

  /// The compiler, where one is wanted and there.
  private func compilerShell() throws -> CompilerShell? {
    if native == .off { return nil }
    let shell = CompilerShell(isRequired: native == .on)
    guard shell == nil, native == .on else { return shell }
    let names = CompilerShell.names.joined(separator: ", ")
    Console.printError(
      "linger: no C compiler is found (\(names)), which --native on needs; on Debian: "
        + "apt install gcc\n"
    )
    throw ExitCode(exitCodeOfMissingPart)
  }

  private func check(
    _ spec: Specification,
    _ budget: Budget,
    _ compiler: CompilerShell?
  ) -> CheckResult {
    Console.printError(warningsAndErrors(of: spec))
    var options = CheckOptions()
    options.properties = properties
    options.visitsAllStates = visitsAllStates
    options.usesSymmetry = symmetry == .auto
    options.switchedOff = switchedOff
    options.isStrict = strict
    options.threads = common.threadCount
    options.nativeCompiler = compiler
    options.compressesStates = compress
    options.budget = budget
    options.budget.states = stateLimit
    options.budget.bytes = memoryLimit?.bytes
    options.locationLimit = timing.locationLimit
    options.wantsCertificates = proofs.certificate != nil
    options.timedEngine = timed.timedEngine
    options.lemmas = timed.lemmas
    let progress = ProgressLine(isTerminal: Console.errorsAreTerminal)
    if !output.quiet { options.progress = { progress.show($0) } }
    let result = spec.check(options)
    progress.end()
    return result
  }

  /// Errors always; warnings unless the user wants quiet.
  private func warningsAndErrors(of spec: Specification) -> String {
    guard !spec.isValid || !output.quiet else { return "" }
    return spec.diagnosticsText(hasColor: output.errorsHaveColor)
  }

  /// A name that no spec knows is a slip of the pen; specs with errors do not tell their names.
  private func requireKnownProperties(in specs: [Specification]) throws {
    guard specs.allSatisfy(\.isValid) else { return }
    let names = specs.flatMap(\.questionNames)
    try requireKnown(properties, among: names, what: "property or audit check")
    try timed.requireKnownLemmas(in: specs)
  }

  private func save(_ results: [CheckResult]) -> Bool {
    var isSaved = true
    let traces = results.flatMap { result in
      result.savedTraces.map { (protocolName: result.protocolName ?? "spec", trace: $0) }
    }
    if let saveTrace, let first = traces.first(where: \.trace.isViolation) {
      isSaved = Files.write(first.trace.text, to: saveTrace)
    }
    if let traceDir {
      guard Files.createDirectory(traceDir) else { return false }
      for (protocolName, trace) in traces {
        let file = "\(traceDir)/\(protocolName)-\(trace.name).json"
        isSaved = Files.write(trace.text, to: file) && isSaved
      }
    }
    return isSaved
  }
}
