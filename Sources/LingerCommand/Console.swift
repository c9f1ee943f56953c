import Foundation

/// Standard output and standard error.
enum Console {
  static let outputIsTerminal = isatty(STDOUT_FILENO) == 1
  static let errorsAreTerminal = isatty(STDERR_FILENO) == 1

  /// Whether the environment has nothing against colours. https://no-color.org
  static let allowsColor: Bool = {
    let environment = ProcessInfo.processInfo.environment
    return environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
  }()

  enum Outcome {
    case written
    /// It was said on standard error why.
    case failed
    case nobodyReads
  }

  /// Writes to standard output; says on standard error when that fails.
  static func write(_ text: String) -> Outcome { write(Array(text.utf8)) }

  static func write(_ bytes: [UInt8]) -> Outcome {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(bytes))
      return .written
    } catch {
      guard let reason = Files.knownReason(error) else { return .nobodyReads }
      printError("error: cannot write to standard output: \(reason)\n")
      return .failed
    }
  }

  /// The same for a command that does nothing else: where nobody reads any more there is nothing
  /// left to do but end, as if the signal had done it.
  static func print(_ text: String) -> Bool {
    let outcome = write(text)
    if outcome == .nobodyReads { exit(Signals.exitCodeOfBrokenPipe) }
    return outcome == .written
  }

  /// Writes to standard error; failing to is nothing to speak of.
  static func printError(_ text: String) {
    guard !text.isEmpty else { return }
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
