import Foundation
import LingerExplore
import LingerModel
import LingerTestSupport
import Testing

@testable import LingerCommand

/// Compilers that do not do what they shall: nothing is lost by them, and the reason is told.
@Suite struct CompilerTests {
  /// Explores with a script as the compiler.
  private func explored(
    _ script: String,
    patience: Duration = .seconds(60),
    budget: Budget = .unlimited
  ) throws -> (report: CheckReport, reason: String?) {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("linger-compiler-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("cc")
    let content = Data("#!/bin/sh\n\(script)\n".utf8)
    #expect(FileManager.default.createFile(atPath: file.path, contents: content))
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: file.path)
    let shell = CompilerShell(isRequired: true, path: folder.path, patience: patience)
    let compiler = try #require(shell)
    var options = ExploreOptions(budget: budget)
    options.statesAtOnce = 16
    options.usesSymmetry = false
    options.nativeCompiler = compiler
    return (explore(try model(), options: options), compiler.failureReason)
  }

  private func model() throws -> Model {
    try Model(
      spec: """
        protocol Square
        role A {
          var n: 0...30
          transition up on internal when n < 30 { n += 1 }
        }
        instances a, b: A
        final { a.n == 30 && b.n == 30 }
        """
    )
  }

  @Test(
    "one that fails, or lies",
    arguments: [
      ("echo no such thing >&2; exit 3", "failed with exit code 3: no such thing"),
      ("exit 0", "did not make what it was asked for"),
      (": >\"$7\"", "did not make what it was asked for"),
      ("kill -9 $$", "failed with exit code 137"),
    ]
  )
  func wrong(script: String, reason: String) throws {
    let (report, told) = try explored(script)
    #expect(report.statistics.isComplete && report.statistics.states == 961)
    #expect(told?.hasSuffix(reason) == true, "\(told ?? "nothing")")
  }

  @Test(
    "code of another text is not taken",
    .enabled(if: machineCompiler() != nil, "no C compiler")
  )
  func anotherText() throws {
    let script = """
      echo 'unsigned long long linger_stamp = 1; int linger_scan(void *p) { return 0; }' >"$7.c"
      PATH=\(ProcessInfo.processInfo.environment["PATH"] ?? "") cc -shared -fPIC -o "$7" "$7.c"
      """
    let (report, reason) = try explored(script)
    #expect(report.statistics.isComplete && report.statistics.states == 961)
    #expect(reason?.hasSuffix("did not make what it was asked for") == true)
  }

  @Test("one that hangs is ended, with what it has started")
  func hanging() throws {
    let mark = FileManager.default.temporaryDirectory
      .appendingPathComponent("linger-mark-\(UUID().uuidString)")
    let script = "(sleep 3; : >'\(mark.path)') & wait"
    let (report, reason) = try explored(script, patience: .milliseconds(300))
    #expect(report.statistics.isComplete && report.statistics.states == 961)
    #expect(reason?.hasSuffix("does not come to an end") == true)
    Thread.sleep(forTimeInterval: 4)
    #expect(!FileManager.default.fileExists(atPath: mark.path))
  }

  @Test("a reason to stop is heard while it is waited for")
  func stopped() throws {
    let stop = Countdown(50)
    let (report, _) = try explored("sleep 1000", budget: stop.budget())
    #expect(report.statistics.limit == "stopped by the test")
  }
}
