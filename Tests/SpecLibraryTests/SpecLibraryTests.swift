import Foundation
import Linger
import LingerReport
import Testing

@testable import LingerCommand

/// Every manifest of `specs/`, with exact counts.
///
/// `UPDATE_SNAPSHOTS=1` writes the counts anew, to be read before they are believed. Slow checks
/// run in release builds, slow syntheses with `LINGER_SLOW=1` only.
@Suite struct SpecLibraryTests {
  @Test("a check says what the manifest says", arguments: SpecFolder.all.flatMap(\.checks))
  func check(_ check: ManifestCheck) {
    guard !isUpdating, !check.run.isSlow || isOptimized || isPatient else { return }
    let found = check.found()
    #expect(
      found == check.expected,
      "found \(found.text)\nbut the manifest has \(check.expected.text)"
    )
  }

  /// Large enough for native code to be worth it, and none that takes long without it.
  private static let largeChecks = SpecFolder.all.flatMap(\.checks).filter { check in
    guard let states = check.expected["states"]?.integer else { return false }
    return states >= 200_000 && !check.run.isSlow
  }

  @Test("the largest say the same with native code", arguments: largeChecks)
  func nativeCheck(_ check: ManifestCheck) {
    guard !isUpdating, let compiler = CompilerShell(isRequired: true) else { return }
    let found = check.found(with: compiler)
    #expect(compiler.failureReason == nil)
    #expect(found == check.expected, "found \(found.text)")
  }

  @Test(
    "a synthesis finds the condition of the manifest",
    arguments: SpecFolder.all.flatMap(\.syntheses)
  )
  func synthesis(_ synthesis: ManifestSynthesis) {
    guard !isUpdating, !synthesis.run.isSlow || isPatient else { return }
    #expect(synthesis.found() == synthesis.expected)
  }

  @Test("manifests are written anew when asked", arguments: SpecFolder.all)
  func update(_ folder: SpecFolder) throws {
    guard isUpdating else { return }
    try folder.update()
  }

  @Test("every spec of a folder is in its manifest", arguments: SpecFolder.all)
  func everyFileIsChecked(_ folder: SpecFolder) {
    #expect(folder.specFiles == Set(folder.checks.map(\.file)).sorted())
  }

  @Test("every faulty variant is caught by what it names", arguments: SpecFolder.all)
  func faultsAreCaught(_ folder: SpecFolder) {
    let faults = folder.checks.filter { $0.caughtBy != nil }
    #expect(faults.map(\.file).sorted() == folder.specFiles.filter { $0.hasPrefix("faults/") })
    for fault in faults {
      #expect(fault.expected["exit"] == .integer(1), "\(fault)")
      #expect(fault.expected["set"] == nil && fault.expected["profile"] == nil, "\(fault)")
      for property in fault.caughtBy ?? [] {
        let result = fault.expected["properties"]?[property]
        #expect(result?["verdict"]?.string == "violated", "\(fault): \(property)")
        #expect(result?["traceLength"] != nil, "\(fault): \(property) has no trace")
      }
    }
  }

  @Test("a faulty variant names in its first lines what catches it", arguments: SpecFolder.all)
  func faultsSayWhatCatchesThem(_ folder: SpecFolder) throws {
    for fault in folder.checks {
      guard let caughtBy = fault.caughtBy else { continue }
      let text = try String(
        contentsOf: folder.url.appendingPathComponent(fault.file),
        encoding: .utf8
      )
      let header = text.prefix { $0 != "{" }
      for property in caughtBy {
        #expect(header.contains("/// Caught by: \(property)"), "\(fault)")
      }
    }
  }

  private var isUpdating: Bool {
    ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1"
  }

  private var isPatient: Bool {
    ProcessInfo.processInfo.environment["LINGER_SLOW"] == "1"
  }

  /// Whether this is a release build, in which the large rows take seconds and not minutes.
  private var isOptimized: Bool {
    #if DEBUG
    false
    #else
    true
    #endif
  }
}
