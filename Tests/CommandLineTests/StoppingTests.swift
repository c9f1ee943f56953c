import Foundation
import Testing

/// Work that has no end, stopped in the middle by an interrupt or a time limit.
///
/// How much is decided by then depends on the machine, so each run is repeated with twice the time
/// until what can be decided has been. What must be true of every run is asserted of every run.
@Suite struct StoppingTests {
  private static let checkEndless = ["check", "Endless.linger"]
  private static let checkVast = ["check", "Vast.linger"]
  private static let synthesize = [
    "synthesize", "Pieces.linger", "--property", "inTime", "--for", "deadline",
  ]
  /// What a synthesis says before the cuts that it has found.
  private static let cutsFound = "it fails for all values that do not satisfy"
  /// Ends a program that no interrupt reached: its exit code is a failure, not an endless test.
  private static let lastResort = ["--time-limit", "10min"]

  /// Interrupts the program until it had decided something.
  private func interrupted(
    _ arguments: [String],
    by stop: Shell.Stop = .interrupt,
    having decided: String
  ) throws -> Response {
    try repeated(having: decided) { shell, seconds in
      let all = arguments + Self.lastResort
      let response = try shell.stop(all, after: Double(seconds) / 2, by: stop)
      // Before the program looks out for signals, one just ends it.
      guard response.exitCode != -stop.signal else { return response }
      #expect(response.exitCode == stop.exitCode)
      #expect(response.output.contains(stop.reason), "\(response)")
      return response
    }
  }

  /// Runs the program with time limits until it had decided something.
  private func limited(
    _ arguments: [String],
    exitCode: Int32 = 3,
    having decided: String
  ) throws -> Response {
    try repeated(having: decided) { shell, seconds in
      let limit = ["--time-limit", "\(seconds)s"]
      let response = try shell.run((["linger"] + arguments + limit).joined(separator: " "))
      #expect([3, exitCode].contains(response.exitCode))
      let reason = "unknown: time limit of \(seconds)s reached"
      #expect(response.output.contains(reason), "\(response)")
      return response
    }
  }

  private func repeated(
    having decided: String,
    _ attempt: (Shell, _ seconds: Int) throws -> Response
  ) throws -> Response {
    let shell = try Shell()
    defer { shell.remove() }
    var response = Response(output: "", error: "", exitCode: 0)
    for doubling in 0..<10 {
      response = try attempt(shell, 1 << doubling)
      if response.output.contains(decided) { break }
    }
    #expect(response.output.contains(decided), "\(response)")
    return response
  }

  @Test("an interrupted check keeps the verdicts of every engine")
  func interruptedCheck() throws {
    let response = try interrupted(Self.checkEndless, having: "✓ timed invariant lateIsIdle")
    #expect(response.exitCode == 130)
    #expect(response.output.contains("✓ deadlock"))
    #expect(response.output.contains("✓ invariant lateIsOver"))
    #expect(response.output.contains("? timed invariant inTime"))
    #expect(response.output.contains("Endless: 1 unknown, 8 hold"))
  }

  @Test("the JSON of a stopped search has the exit code", arguments: Shell.Stop.allCases)
  func stoppedJSON(stop: Shell.Stop) throws {
    let arguments = Self.checkVast + ["--format", "json"]
    let response = try interrupted(arguments, by: stop, having: "\"verdict\": \"violated\"")
    #expect(response.output.hasPrefix("{\n  \"exitCode\": \(stop.exitCode),\n"))
    #expect(response.output.contains("\"limit\": \"\(stop.reason)\""))
    #expect(response.output.contains("\"isComplete\": false"))
  }

  @Test("every format tells what a stopped search knows", arguments: Shell.Stop.allCases)
  func stoppedFormats(stop: Shell.Stop) throws {
    let files = ["json": "r.json", "junit": "r.xml", "sarif": "r.sarif", "github": "r.txt"]
    let expected = [
      "json": ["\"exitCode\": \(stop.exitCode)", "\"limit\": \"\(stop.reason)\""],
      "junit": ["<failure ", "<skipped message=\"unknown: \(stop.reason)\">"],
      "sarif": ["\"exitCode\": \(stop.exitCode)", "\"kind\": \"open\"", "\"codeFlows\""],
      "github": ["::error file=Vast.linger", "::unknown: \(stop.reason)"],
    ]
    let formats = files.keys.sorted()
    let requests = formats.flatMap { ["--format", "\($0)=\(files[$0] ?? "")"] }
    var written: [String: String] = [:]
    let response = try repeated(having: "✗ invariant belowThree") { shell, seconds in
      let all = Self.checkVast + requests + ["--format", "text"] + Self.lastResort
      let response = try shell.stop(all, after: Double(seconds) / 2, by: stop)
      for (name, file) in files { written[name] = try shell.run("cat \(file)").output }
      return response
    }
    #expect(response.exitCode == stop.exitCode)
    for name in formats {
      for words in expected[name] ?? [] {
        #expect(written[name]?.contains(words) == true, "\(name): \(words)")
      }
    }
  }

  @Test("a stopped walk shows its steps so far", arguments: Shell.Stop.allCases)
  func stoppedWalk(stop: Shell.Stop) throws {
    let arguments = ["simulate", "Pendulum.linger", "--steps", "2000000000", "--format", "json"]
    let response = try interrupted(arguments, by: stop, having: "the walk was stopped")
    #expect(response.exitCode == stop.exitCode)
  }

  @Test("an interrupted search keeps the violations and covers that it found")
  func interruptedSearch() throws {
    let response = try interrupted(Self.checkVast, having: "✗ invariant belowThree")
    #expect(response.exitCode == 130)
    #expect(response.output.contains("✓ cover two"))
    #expect(response.output.contains("? invariant inRange"))
    #expect(response.output.contains("invariant belowThree is violated after 3 steps"))
  }

  @Test("an interrupted synthesis keeps the values that it cut off")
  func interruptedSynthesis() throws {
    let response = try interrupted(Self.synthesize, having: Self.cutsFound)
    #expect(response.exitCode == 130)
    #expect(response.output.contains("\n    deadline > "))
    #expect(response.output.contains("the weakest condition for 'inTime' is unknown"))
  }

  @Test("a check at its time limit keeps the verdicts of every engine")
  func limitedCheck() throws {
    let response = try limited(Self.checkEndless, having: "✓ timed invariant lateIsIdle")
    #expect(response.exitCode == 3)
    #expect(response.output.contains("✓ invariant lateIsOver"))
    #expect(response.output.contains("? timed invariant inTime"))
    #expect(response.output.contains("Endless: 1 unknown, 8 hold"))
  }

  @Test("a search at its time limit keeps the violations and covers that it found")
  func limitedSearch() throws {
    let all = try limited(Self.checkVast, exitCode: 1, having: "✗ invariant belowThree")
    #expect(all.exitCode == 1)
    #expect(all.output.contains("invariant belowThree is violated after 3 steps"))
    let some = Self.checkVast + ["--property", "two", "--property", "inRange"]
    let rest = try limited(some, having: "✓ cover two")
    #expect(rest.exitCode == 3)
    #expect(rest.output.contains("? invariant inRange"))
  }

  @Test("a synthesis at its time limit keeps the values that it cut off")
  func limitedSynthesis() throws {
    let response = try limited(Self.synthesize, having: Self.cutsFound)
    #expect(response.exitCode == 3)
    #expect(response.output.contains("\n    deadline > "))
    #expect(response.output.contains("the weakest condition for 'inTime' is unknown"))
  }
}
