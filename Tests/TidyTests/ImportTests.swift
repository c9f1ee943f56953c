import Foundation
import Testing

/// Which target may import which: docs/ARCHITECTURE.md draws the same.
@Suite struct ImportTests {
  /// Our own modules, and those from outside, that each target may import.
  static let allowed: [String: Set<String>] = [
    "CPrefetch": [],
    "CLoader": [],
    "CZ3": [],
    "CPcap": [],
    "CCrash": [],
    "LingerDiagnostics": [],
    "LingerSyntax": ["LingerDiagnostics"],
    "LingerModel": ["LingerDiagnostics", "BigInt"],
    "LingerSema": ["LingerDiagnostics", "LingerSyntax", "LingerModel"],
    "LingerEval": ["LingerDiagnostics", "LingerModel"],
    "LingerKernel": ["LingerDiagnostics", "LingerModel"],
    "LingerExplore": [
      "LingerDiagnostics", "LingerModel", "LingerEval", "LingerKernel", "CPrefetch",
      // For its threads.
      "Glibc", "Darwin", "Synchronization",
    ],
    "LingerSolve": [
      "LingerDiagnostics", "LingerModel", "LingerEval", "LingerKernel", "CZ3", "Glibc",
      "Synchronization",
    ],
    // For the streams that libpcap reads.
    "LingerCapture": ["CPcap", "Glibc", "Darwin"],
    "LingerConform": ["LingerDiagnostics", "LingerModel", "LingerKernel"],
    "LingerDrive": [
      "LingerDiagnostics", "LingerModel", "LingerEval", "LingerKernel", "LingerConform",
    ],
    "LingerReport": ["LingerDiagnostics", "LingerModel", "Foundation"],
    "Linger": [
      "LingerDiagnostics", "LingerSyntax", "LingerModel", "LingerSema", "LingerEval",
      "LingerExplore", "LingerSolve", "LingerKernel", "LingerCapture", "LingerConform",
      "LingerDrive", "LingerReport", "Foundation",
    ],
    "LingerTesting": [
      "Linger", "LingerConform", "LingerDrive", "LingerKernel", "LingerModel", "LingerReport",
      "Foundation", "Testing",
    ],
    "LingerCommand": [
      "Linger", "LingerCapture", "LingerDrive", "LingerExplore", "LingerModel", "LingerReport",
      "CCrash", "ArgumentParser", "Foundation",
      "Synchronization",
    ],
  ]

  @Test("every target imports only what it may")
  func imports() {
    #expect(!Tree.sources.isEmpty)
    var found: [String] = []
    for file in Tree.sources {
      let allowed = Self.allowed[file.target] ?? []
      for (number, line) in file.lines.enumerated() {
        guard let module = importedModule(line), !allowed.contains(module) else { continue }
        found.append(violation(file, number, "\(file.target) may not import \(module)"))
      }
    }
    #expect(found == [])
  }

  @Test("every target has its rules")
  func targetsAreKnown() {
    let targets = Set(Tree.sources.map(\.target))
    #expect(targets.subtracting(Self.allowed.keys) == [])
  }

  /// The module that a line imports, whatever stands before `import`.
  private func importedModule(_ line: Substring) -> String? {
    let words = code(line).split(separator: " ")
    guard let place = words.firstIndex(of: "import"), place + 1 < words.count else { return nil }
    let modifiers: Set<Substring> = [
      "package", "public", "internal", "private", "fileprivate", "@testable", "@preconcurrency",
      "@_exported", "@_implementationOnly", "@unsafe",
    ]
    guard words[..<place].allSatisfy(modifiers.contains) else { return nil }
    let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "typealias"]
    let name =
      kinds.contains(words[place + 1]) ? words.dropFirst(place + 2).first : words[place + 1]
    // In a text about specs, `import "common"` is not an import of ours.
    guard name?.first != "\"" else { return nil }
    return name?.split(separator: ".").first.map(String.init)
  }
}
