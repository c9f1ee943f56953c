import Foundation
import LingerDiagnostics
import Testing

/// What is written for people.
@Suite struct ProseTests {
  @Test("every link of a Markdown file to a file of the project leads somewhere")
  func links() {
    var found: [String] = []
    for file in Tree.prose {
      let folder = Tree.root.appendingPathComponent(file.path).deletingLastPathComponent()
      var isCode = false
      for (number, line) in file.lines.enumerated() {
        if line.hasPrefix("```") { isCode.toggle() }
        guard !isCode else { continue }
        for link in links(in: line) {
          let path = link.split(separator: "#", omittingEmptySubsequences: false)[0]
          guard !path.isEmpty, !path.contains(":") else { continue }
          let target = folder.appendingPathComponent(String(path)).standardizedFileURL
          if !FileManager.default.fileExists(atPath: target.path) {
            found.append(violation(file, number, "no file \(path)"))
          }
        }
      }
    }
    #expect(found == [])
  }

  /// The targets of `[words](target)`.
  private func links(in line: Substring) -> [Substring] {
    var found: [Substring] = []
    var rest = line
    while let start = rest.range(of: "](") {
      rest = rest[start.upperBound...]
      guard let end = rest.firstIndex(of: ")") else { break }
      found.append(rest[..<end])
      rest = rest[end...]
    }
    return found
  }

  @Test("the codes of diagnostics are unique, in order and explained")
  func diagnosticCodes() {
    let names = DiagnosticCode.all.map(\.name)
    #expect(names == names.sorted())
    #expect(Set(names).count == names.count)
    for code in DiagnosticCode.all {
      let isWellFormed =
        code.name.count == 5 && "AL".contains(code.name.prefix(1))
        && code.name.dropFirst().allSatisfy(\.isNumber)
      #expect(isWellFormed, "\(code.name)")
      #expect(!code.summary.isEmpty && !code.summary.hasSuffix("."), "\(code.name)")
      #expect(code.explanation.count > 20, "\(code.name) has no explanation")
      let lines = code.explanation.split(separator: "\n")
      #expect(lines.allSatisfy { $0.count <= 84 }, "\(code.name) is wider than a terminal")
    }
  }
}
