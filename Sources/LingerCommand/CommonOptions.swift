import ArgumentParser
import Linger

/// How a spec is loaded.
struct SpecificationOptions: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Set a parameter of the spec; repeatable.", valueName: "name=value")
  )
  var assignments: [ParameterAssignment] = []

  @Option(help: ArgumentHelp("Take the parameter values of a profile.", valueName: "name"))
  var profile: String?

  /// Loads a spec; `inherited` are settings that the command line may override.
  func load(
    _ path: String,
    inheritedProfile: String? = nil,
    inherited: [(name: String, value: String)] = []
  ) -> Specification {
    Specification.load(
      path,
      profile: profile ?? inheritedProfile,
      parameters: inherited + assignments.map { ($0.name, $0.value) },
      read: Files.readSource
    )
  }
}

/// `NAME=VALUE`.
struct ParameterAssignment: ExpressibleByArgument {
  var name: String
  var value: String

  init?(argument: String) {
    guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else { return nil }
    name = String(argument[..<sign]).trimmingBlanks
    value = String(argument[argument.index(after: sign)...]).trimmingBlanks
  }
}

/// How output looks and where it goes.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .customLong("format"),
    help: ArgumentHelp(
      "Report format: text or json; repeatable, each with an --output of its own behind it.",
      valueName: "format"
    )
  )
  var requests: [OutputRequest] = []

  /// Joined to the format before it by ``OutputPairs`` already; declared for the help.
  @Option(
    name: .customLong("output"),
    help: ArgumentHelp(
      "Write the report of the --format before it to a file instead of standard output.",
      valueName: "file"
    )
  )
  var files: [String] = []

  @Flag(help: "Say nothing on standard error but errors.")
  var quiet = false

  @Flag(help: "No colours, not even on a terminal.")
  var noColor = false

  @Flag(help: "Draw with ASCII characters only.")
  var ascii = false

  @Option(help: ArgumentHelp("Columns of charts and prose.", valueName: "columns"))
  var width = 100

  mutating func validate() throws {
    guard (40...1000).contains(width) else {
      throw ValidationError("--width is from 40 to 1000 columns.")
    }
    let toStandardOutput = effectiveRequests.filter { $0.file == nil }
    guard toStandardOutput.count <= 1 else {
      throw ValidationError("Only one format can go to standard output; give the others --output.")
    }
    let files = effectiveRequests.compactMap(\.file)
    guard Set(files).count == files.count else {
      throw ValidationError("Two formats cannot go to the same --output file.")
    }
  }

  /// What was asked for; text on standard output where nothing was.
  var effectiveRequests: [OutputRequest] {
    requests.isEmpty ? [OutputRequest(format: .text, file: nil)] : requests
  }

  /// Writes each report to its place, and ends with the worst of the exit codes: those so far, the
  /// one of a signal, and 2 for a report that could not be written.
  ///
  /// Standard output comes last, for its reader may leave early, and JSON after text, for it says
  /// what the program exits with.
  func finish(
    _ codes: [Int32],
    text: (ReportStyle) -> String,
    json: (_ exitCode: Int32) -> String
  ) throws {
    Signals.beginReport()
    var codes = codes
    if let code = Signals.exitCode { codes.append(code) }
    if MemoryCeiling.isReached {
      Console.printError("linger: out of memory; what was found before is reported\n")
      codes.append(MemoryCeiling.exitCode)
    }
    let all = effectiveRequests
    let files = all.filter { $0.file != nil }
    let ordered = files.filter { $0.format == .text } + files.filter { $0.format == .json }
    for request in ordered + all.filter({ $0.file == nil }) {
      let content =
        switch request.format {
        case .text: text(style(isTerminal: request.file == nil && Console.outputIsTerminal))
        case .json: json(worstExitCode(codes))
        }
      let isWritten = request.file.map { Files.write(content, to: $0) } ?? Console.print(content)
      if !isWritten { codes.append(2) }
    }
    throw ExitCode(worstExitCode(codes))
  }

  func style(isTerminal: Bool) -> ReportStyle {
    var style = ReportStyle()
    style.isASCII = ascii
    style.width = width
    style.hasColor = isTerminal && !noColor && Console.allowsColor
    return style
  }

  /// For what goes to standard error.
  var errorsHaveColor: Bool { Console.errorsAreTerminal && !noColor && Console.allowsColor }
}

/// Options that every command which runs a model accepts, so that scripts can pass them to all.
struct RunOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Seed of everything random.", valueName: "number"))
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp("Threads to use; results do not depend on it.", valueName: "count")
  )
  var threads = 1

  @Option(help: ArgumentHelp("Stop after a time such as 30s, 5m or 1h.", valueName: "time"))
  var timeLimit: TimeLimit?

  mutating func validate() throws {
    guard threads >= 1 else { throw ValidationError("--threads is 1 or more.") }
  }
}
