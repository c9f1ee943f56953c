import ExampleTCP
@testable import ExampleTCPSubject
import Foundation
import LingerReport
@testable import LingerTesting

/// The example's TCP, driven as `expectConformance` does it, with the whole result at hand.
struct DrivenTCP {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../..").standardizedFileURL
  static let spec = root.appendingPathComponent("specs/tcp-close/TCPClose.linger").path

  var fault: Fault?
  var settings = ConformanceSettings()

  init(fault: Fault? = nil, seed: UInt64? = nil) {
    self.fault = fault
    if let seed { settings.seed = seed }
  }

  /// Makes the runs.
  func driven() throws -> DrivenSpec {
    try drive(Self.spec, "Peer", settings, Self.name, subject)
  }

  /// Makes one run, of the lines of a file.
  func replayed(_ text: String) throws -> DrivenSpec {
    let run = (name: "run", bytes: Array(text.utf8))
    return try drive(Self.spec, "Peer", settings, replaying: run, Self.name, subject)
  }

  private static let name = "\(TCPSubject.self)"

  private func subject() -> SubjectHandle { SubjectHandle { TCPSubject(fault: fault) } }
}

extension DrivenSpec {
  /// What a user reads.
  var report: String {
    let report = RunReport(.driving(self), exitCode: exitCode)
    return TextFormat().render(report, ReportStyle())
  }

  var json: String {
    JSONFormat().render(RunReport(.driving(self), exitCode: exitCode), ReportStyle())
  }
}
