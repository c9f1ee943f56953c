import ArgumentParser
import Linger
import LingerReport

/// Which reports are written, and where to.
struct ReportOptions: ParsableArguments {
  @Option(name: .customLong("format"), help: ReportOptions.help)
  var requests: [ReportRequest] = []

  private static let help: ArgumentHelp = {
    let formats = ReportFormats.all.map { "\($0.name) (\($0.purpose))" }.joined(separator: ", ")
    return ArgumentHelp(
      "Report format: \(formats). NAME=FILE writes to a file; repeatable.",
      valueName: "name[=file]"
    )
  }()

  mutating func validate() throws {
    for request in requests where request.file == "" {
      let name = request.format.name
      throw ValidationError("--format \(name)= needs a file: --format \(name)=FILE.")
    }
    let printed = requests.filter { $0.file == nil }.map(\.format.name)
    guard printed.count <= 1 else {
      throw ValidationError(
        "Only one format can go to standard output, not \(printed.joined(separator: " and ")); "
          + "write the others to files: --format \(printed[1])=FILE."
      )
    }
    let files = requests.compactMap(\.file)
    for (index, file) in files.enumerated() where files[..<index].contains(file) {
      throw ValidationError("Two formats cannot go to the same file '\(file)'.")
    }
  }

  /// Writes each report to its place, and ends with the worst of the exit codes: those so far, the
  /// one of a signal, and 2 for a report that could not be written; or with that of a broken pipe.
  func finish(
    _ content: RunReport.Content,
    _ codes: [Int32],
    style: (_ isTerminal: Bool) -> ReportStyle
  ) throws -> Never {
    Signals.beginReport()
    var codes = codes
    if let code = Signals.exitCode { codes.append(code) }
    if MemoryCeiling.isReached {
      Console.printError("linger: out of memory; what was found before is reported\n")
      codes.append(MemoryCeiling.exitCode)
    }
    let requests =
      requests.isEmpty ? [ReportRequest(format: TextFormat(), file: nil)] : requests
    // Standard output comes last, for its reader may leave early. Behind reports that do not tell
    // the exit code come those that do, for a report that cannot be written changes it.
    let files = requests.filter { $0.file != nil }
    let ordered =
      files.filter { !$0.format.tellsExitCode } + files.filter(\.format.tellsExitCode)
      + requests.filter { $0.file == nil }
    var written: [(request: ReportRequest, exitCode: Int32)] = []
    var isUnread = false
    for request in ordered {
      let exitCode = worstExitCode(codes)
      switch request.write(RunReport(content, exitCode: exitCode), style) {
      case .written: written.append((request, exitCode))
      case .failed: codes.append(2)
      case .nobodyReads: isUnread = true
      }
    }
    let exitCode = isUnread ? Signals.exitCodeOfBrokenPipe : worstExitCode(codes)
    for (request, told) in written where told != exitCode && request.isRewritable {
      _ = request.write(RunReport(content, exitCode: exitCode), style)
    }
    throw ExitCode(exitCode)
  }
}

/// A report that was asked for: `NAME` or `NAME=FILE`.
struct ReportRequest: ExpressibleByArgument {
  var format: any ReportFormat
  /// Standard output where nil.
  var file: String?

  init(format: any ReportFormat, file: String?) {
    self.format = format
    self.file = file
  }

  init?(argument: String) {
    let sign = argument.firstIndex(of: "=")
    guard let format = ReportFormats.named(String(argument[..<(sign ?? argument.endIndex)])) else {
      return nil
    }
    self.init(format: format, file: sign.map { String(argument[argument.index(after: $0)...]) })
  }

  static var allValueStrings: [String] { ReportFormats.all.map(\.name) }

  /// Whether it tells an exit code and can be written again when that has changed: into a pipe it
  /// would come twice.
  fileprivate var isRewritable: Bool {
    format.tellsExitCode && file.map(Files.isRegular) == true
  }

  fileprivate func write(
    _ report: RunReport,
    _ style: (_ isTerminal: Bool) -> ReportStyle
  ) -> Console.Outcome {
    let text = format.render(report, style(file == nil && Console.outputIsTerminal))
    guard let file else { return Console.write(text) }
    return Files.write(text, to: file) ? .written : .failed
  }
}
