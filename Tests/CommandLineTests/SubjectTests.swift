import Foundation
import Testing

/// `linger test` with the TCP close in C of Examples/subjects, built with whatever compiler is
/// there.
@Suite(.enabled(if: Subject.compiler != nil, "no C compiler is found"))
struct SubjectTests {
  private let shell: Shell
  private let program: String

  init() throws {
    shell = try Shell()
    program = try Subject.build(in: shell)
  }

  private func test(_ options: String, _ switches: String = "") throws -> Response {
    try shell.run(
      "linger test specs/tcp-close/TCPClose.linger \(options) -- \(program) \(switches)"
    )
  }

  @Test("the honest one conforms, and every transition is taken")
  func honest() throws {
    defer { shell.remove() }
    for options in ["", "--set dataSegments=2", "--set resends=0 --seed 7", "--set resets=0"] {
      let response = try test("--runs 300 " + options)
      #expect(response.exitCode == 0, "\(options): \(response.output)")
    }
    #expect(try test("--runs 100").output.contains("27 of 27 transitions taken"))
  }

  @Test("every planted fault is found, saved and found again; the honest one passes what was saved")
  func faults() throws {
    defer { shell.remove() }
    let list = try shell.run("\(program) --faults")
    let faults = list.output.split(separator: "\n").compactMap { $0.split(separator: ":").first }
    #expect(faults.count >= 40)
    for fault in faults {
      let response = try test("--save-trace run.jsonl", "--fault \(fault)")
      #expect(response.exitCode == 1, "\(fault): \(response.output)")
      let again = try test("--replay run.jsonl", "--fault \(fault)")
      #expect(again.exitCode == 1, "\(fault): \(again.output)")
      let honest = try test("--replay run.jsonl")
      #expect(honest.exitCode == 0, "\(fault): \(honest.output)")
    }
  }

  @Test(
    "subjects that die, hang, flood or talk nonsense fail as what they do",
    arguments: [
      ("--crash-at 7", "crash"), ("--exit-at 7", "crash"), ("--hang-at 7", "hang"),
      ("--garbage-at 7", "garbage"), ("--flood-at 7", "garbage"), ("--twice-at 7", "garbage"),
    ]
  )
  func mischief(_ mischief: String, _ kind: String) throws {
    defer { shell.remove() }
    let response = try test("--runs 40 --step-timeout 1s", mischief)
    #expect(response.exitCode == 1)
    #expect(response.output.contains(" fails: \(kind) in run 1\n"), "\(response.output)")
  }

  @Test("without reset it is started afresh; the same seed gives the same bytes, on any threads")
  func fresh() throws {
    defer { shell.remove() }
    #expect(try test("--runs 60", "--no-reset").exitCode == 0)
    let fault = "--fault reset-with-wrong-number"
    let first = try test("--format json", fault)
    let second = try test("--format json", fault)
    #expect(first.output == second.output)
    #expect(first.exitCode == 1)
    #expect(try test("--format json --threads 3", fault).output == first.output)
    let other = try test("--seed 2 --runs 60 --format json")
    #expect(try test("--runs 60 --format json").output != other.output)
  }

  @Test("the adapter passes its own check")
  func adapter() throws {
    defer { shell.remove() }
    let response = try test("--check-adapter")
    #expect(response.exitCode == 0, "\(response.output)")
  }
}

private enum Subject {
  /// A C compiler in `PATH`.
  static let compiler: String? = ["cc", "clang", "gcc"].first { name in
    let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
    return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
  }

  struct NotBuilt: Error {
    var output: String
  }

  /// Builds the subject in a shell's folder; its path there.
  static func build(in shell: Shell) throws -> String {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Examples/subjects/c").standardized.path
    let sources = ["tcp_close", "subject", "json", "mischief"].map { "'\(folder)/\($0).c'" }
    let response = try shell.run(
      "\(compiler ?? "cc") -std=c99 -D_GNU_SOURCE -O1 -I '\(folder)' -o tcp_close "
        + sources.joined(separator: " ")
    )
    guard response.exitCode == 0 else { throw NotBuilt(output: response.error) }
    return "./tcp_close"
  }
}
