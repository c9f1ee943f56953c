import ExampleTCP
import Foundation
import LingerReport
@testable import LingerTesting
import Testing

/// Every fault of the example is found with the default number of runs; docs/faults.md says how.
///
/// `UPDATE_SNAPSHOTS=1` writes that table anew.
@Suite("faults are found")
struct FaultTests {
  struct Found: Sendable {
    var fault: Fault
    var result: DrivenSpec
  }

  /// Each once, for all tests of the suite.
  static let found = Result {
    try Fault.allCases.map { Found(fault: $0, result: try DrivenTCP(fault: $0).driven()) }
  }

  @Test("all of them, and shrunk to what the table says")
  func table() throws {
    let found = try Self.found.get()
    #expect(found.filter { $0.result.failure == nil }.map(\.fault.rawValue) == [])
    let file = DrivenTCP.root.appendingPathComponent("docs/faults.md")
    let text = Self.introduction + found.map(Self.row).joined(separator: "\n") + "\n"
    if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1" {
      try Data(text.utf8).write(to: file)
    }
    let expected = (try? String(contentsOf: file, encoding: .utf8)) ?? "(there is no such file)"
    for (line, wanted) in zip(text.split(separator: "\n"), expected.split(separator: "\n")) {
      #expect(line == wanted)
    }
    #expect(text == expected, "differs from docs/faults.md")
  }

  @Test("each run fails in the same way again, and an honest subject passes it")
  func replay() throws {
    for found in try Self.found.get() {
      guard let failure = found.result.failure else { continue }
      let again = try DrivenTCP(fault: found.fault).replayed(failure.replayFile)
      #expect(again.failure?.kind == failure.kind, "\(found.fault.rawValue)\n\(again.report)")
      #expect(again.exitCode == 1)
      let honest = try DrivenTCP().replayed(failure.replayFile)
      #expect(honest.exitCode == 0, "\(found.fault.rawValue)\n\(honest.report)")
      #expect(failure.rate?.failed == failure.rate?.of)
    }
  }

  private static let introduction = """
    # Faults that are found

    The TCP of `Examples/InProcess` makes each of these mistakes when it is asked to. It was driven
    against `specs/tcp-close/TCPClose.linger` with the default settings; a test keeps this table.
    *Run* is the number of the first run that failed, of \(DrivenTCP().settings.runs); *steps* are
    what the subject was told in it, before and after shrinking.

    | Fault | What it is like | Failure | Run | Steps | Shrunk to |
    |---|---|---|---:|---:|---:|

    """

  private static func row(_ found: Found) -> String {
    guard let failure = found.result.failure else {
      return "| `\(found.fault.rawValue)` | \(found.fault.likeness) | **not found** | | | |"
    }
    let cells = [
      "`\(found.fault.rawValue)`", found.fault.likeness, failure.kind, "\(failure.run ?? 0)",
      "\(failure.originalCount)", "\(failure.steps.count)",
    ]
    return "| " + cells.joined(separator: " | ") + " |"
  }
}
