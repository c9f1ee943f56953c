import Foundation
import LingerDiagnostics
import LingerModel
import LingerSema
import LingerTestSupport
import Testing

/// Every kind of mistake, a file each under `Cases`; `UPDATE_SNAPSHOTS=1` writes the diagnostics
/// anew, to be read before they are believed.
@Suite("diagnostics")
struct CaseTests {
  @Test("a mistake gets its diagnostics, exactly", arguments: try Cases.all())
  func diagnostics(_ spec: SpecCase) throws {
    let found = describeDiagnostics(spec.compile())
    if Cases.areUpdated {
      try Cases.write(found, to: spec)
      return
    }
    #expect(found == spec.expected, "\(spec.name)")
  }

  @Test("a model comes out exactly where there are no errors", arguments: try Cases.all())
  func modelWithoutErrors(_ spec: SpecCase) {
    let compilation = spec.compile()
    #expect((compilation.model == nil) == compilation.diagnostics.hasErrors)
  }

  @Test("every code is triggered by a case")
  func everyCodeIsTriggered() throws {
    // Bytes and sizes: see LoaderTests. Initial states: see SpecificationTests.
    var seen: Set<String> = ["L0442", "L0602", "L0604"]
    for spec in try Cases.all() {
      for diagnostic in spec.compile().diagnostics { seen.insert(diagnostic.code.name) }
    }
    let codes =
      DiagnosticCode.naming + DiagnosticCode.typing + DiagnosticCode.structure
      + DiagnosticCode.limits.filter { $0.name >= "L0510" } + DiagnosticCode.files
    #expect(codes.map(\.name).filter { !seen.contains($0) } == [])
  }

  @Test("a case is named after a code that it triggers", arguments: try Cases.all())
  func nameSaysTheCode(_ spec: SpecCase) {
    let codes = spec.compile().diagnostics.map(\.code.name)
    #expect(codes.contains(String(spec.name.prefix(5))))
  }

  @Test("fix-its, applied, remove what they were offered for", arguments: try Cases.all())
  func fixItsRepair(_ spec: SpecCase) throws {
    let before = spec.compile()
    let offered = before.diagnostics.filter { !$0.fixIts.isEmpty }
    guard !offered.isEmpty else { return }
    var repaired = spec
    for (number, file) in before.sources.files.enumerated() where spec.files[file.name] != nil {
      let bytes = Diagnostic.FixIt.apply(
        offered.compactMap(\.fixIts.first),
        to: file.bytes,
        file: number
      )
      repaired.files[file.name] = String(decoding: bytes, as: UTF8.self)
    }
    let after = repaired.compile()
    for diagnostic in offered {
      let isStillThere = after.diagnostics.contains {
        $0.code == diagnostic.code && $0.message == diagnostic.message
      }
      #expect(!isStillThere, "\(spec.name): \(diagnostic.message)")
    }
    #expect(after.diagnostics.count < before.diagnostics.count, "\(spec.name)")
  }
}

/// The case files beside this one.
enum Cases {
  static var areUpdated: Bool { ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1" }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Cases")

  static func all() throws -> [SpecCase] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".linger") }.sorted()
    return try names.map { name in
      let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      return SpecCase(name: String(name.dropLast(".linger".count)), file: text)
    }
  }

  static func write(_ diagnostics: String, to spec: SpecCase) throws {
    let file = folder.appendingPathComponent("\(spec.name).linger")
    let text = try String(contentsOf: file, encoding: .utf8)
    let marker = "// ---- diagnostics\n"
    let source = text.range(of: marker).map { String(text[..<$0.lowerBound]) } ?? text
    let lines = diagnostics.split(separator: "\n").map { "// \($0)\n" }.joined()
    try Data((source + marker + lines).utf8).write(to: file, options: .atomic)
  }
}
