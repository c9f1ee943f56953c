import Foundation
import LingerDiagnostics
package import LingerModel
package import LingerSema
package import Testing

/// A spec with everything that its compilation needs, in memory.
///
/// A case file holds the root first, then a section `// ---- file: NAME` for each other file,
/// then a section `// ---- diagnostics` with what must be said. Leading lines `// set: n=v` and
/// `// profile: p` stand for the options.
package struct SpecCase: Sendable, CustomTestStringConvertible {
  package static let rootPath = "main.linger"

  package var name: String
  package var files: [String: String]
  package var options: CompileOptions
  /// The diagnostics as ``describeDiagnostics(_:)`` writes them; nil where the file has none.
  package var expected: String?

  package var testDescription: String { name }

  package init(name: String, _ source: String, options: CompileOptions = CompileOptions()) {
    self.name = name
    files = [Self.rootPath: source]
    self.options = options
    expected = nil
  }

  /// Reads a case file.
  package init(name: String, file text: String) {
    self.init(name: name, "")
    var section = Self.rootPath
    var sections: [String: [Substring]] = [section: []]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("// ---- file: ") {
        section = String(line.dropFirst("// ---- file: ".count))
        sections[section] = []
      } else if line == "// ---- diagnostics" {
        section = "// diagnostics"
        sections[section] = []
      } else {
        if section == Self.rootPath { readOption(line) }
        sections[section, default: []].append(line)
      }
    }
    expected = sections.removeValue(forKey: "// diagnostics").map {
      $0.filter { !$0.isEmpty }.map { $0.dropFirst(3) }.joined(separator: "\n")
    }
    files = sections.mapValues { $0.joined(separator: "\n") }
  }

  private mutating func readOption(_ line: Substring) {
    if line.hasPrefix("// profile: ") {
      options.profile = String(line.dropFirst("// profile: ".count))
    } else if line.hasPrefix("// set: ") {
      let parts = line.dropFirst("// set: ".count).split(separator: "=", maxSplits: 1)
      if parts.count == 2 { options.parameters.append((String(parts[0]), String(parts[1]))) }
    }
  }

  /// Compiles it. A file called `folder` is one, `locked.linger` cannot be opened.
  package func compile() -> Compilation {
    LingerSema.compile(path: Self.rootPath, options: options) { path in
      switch path {
      case "folder": return .failure(.isDirectory)
      case "locked.linger": return .failure(.unreadable("permission denied"))
      default: break
      }
      guard let text = files[path] else { return .failure(.notFound) }
      return .success(Array(text.utf8))
    }
  }
}

/// Every diagnostic with its place, notes, help and fix-its, a line each.
package func describeDiagnostics(_ compilation: Compilation) -> String {
  var lines: [String] = []
  func place(_ span: Span) -> String {
    guard let start = compilation.sources.location(span) else { return "-" }
    let end = compilation.sources.location(
      Span(file: span.file, start: span.end, end: span.end)
    )
    let file = start.file == SpecCase.rootPath ? "" : "\(start.file):"
    guard let end, (end.line, end.column) != (start.line, start.column) else {
      return "\(file)\(start.line):\(start.column)"
    }
    let last = end.line == start.line ? "\(end.column)" : "\(end.line):\(end.column)"
    return "\(file)\(start.line):\(start.column)-\(last)"
  }
  for found in compilation.diagnostics {
    let label = found.label.map { " [\($0)]" } ?? ""
    lines.append(
      "\(found.code.name) \(found.severity.rawValue) \(place(found.span)): "
        + "\(found.message)\(label)"
    )
    for note in found.notes {
      lines.append(
        "  note\(note.span.isSomewhere ? " \(place(note.span))" : ""): \(note.message)"
      )
    }
    if let help = found.help { lines.append("  help: \(help)") }
    for fixIt in found.fixIts {
      let edits = fixIt.edits.map { "\(place($0.span)) '\($0.replacement)'" }
      lines.append("  fix: \(fixIt.message) \(edits.joined(separator: ", "))")
    }
  }
  return lines.joined(separator: "\n")
}

/// Compiles a spec and demands exactly these diagnostics.
package func checkDiagnostics(
  _ spec: SpecCase,
  _ expected: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let found = describeDiagnostics(spec.compile())
  #expect(found == expected, "\(spec.name)", sourceLocation: sourceLocation)
}

/// Compiles a spec that must be free of errors; records what is wrong otherwise.
package func checkCompiles(
  _ spec: SpecCase,
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> (model: Model, compilation: Compilation) {
  let compilation = spec.compile()
  let errors = compilation.diagnostics.hasErrors ? describeDiagnostics(compilation) : ""
  #expect(errors == "", "\(spec.name)", sourceLocation: sourceLocation)
  let model = compilation.model
  return (try #require(model, "\(spec.name)", sourceLocation: sourceLocation), compilation)
}
