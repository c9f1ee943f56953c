import ArgumentParser
import Foundation
import Linger
import LingerReport

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

  /// Loads a spec for implementations to be held against it; under another profile where one is
  /// named.
  func loadToFollow(_ path: String, profile other: String? = nil) -> Specification {
    Specification.load(
      path,
      profile: other ?? profile,
      parameters: assignments.map { ($0.name, $0.value) },
      following: true,
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
  @OptionGroup var reports: ReportOptions

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
  }

  /// Ends the command with its reports; see ``ReportOptions``.
  func finish(_ content: RunReport.Content, _ codes: [Int32]) throws -> Never {
    try reports.finish(content, codes, style: style)
  }

  private func style(isTerminal: Bool) -> ReportStyle {
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
    help: ArgumentHelp(
      "Threads to use (default: as many as there are processors); results do not depend on it.",
      valueName: "count"
    )
  )
  var threads: Int?

  /// How many threads to use.
  var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  @Option(help: ArgumentHelp("Stop after a time such as 30s, 5m or 1h.", valueName: "time"))
  var timeLimit: TimeLimit?

  mutating func validate() throws {
    guard (threads ?? 1) >= 1 else { throw ValidationError("--threads is 1 or more.") }
  }
}
