package import LingerDiagnostics

/// Diagnostics as JSON: lines and columns count from 0 in characters, offsets in bytes.
package enum JSONDiagnostics {
  package static func encode(_ diagnostics: [Diagnostic], in sources: SourceMap) -> JSONValue {
    .array(diagnostics.map { encode($0, in: sources) })
  }

  private static func encode(_ diagnostic: Diagnostic, in sources: SourceMap) -> JSONValue {
    .members([
      "code": .string(diagnostic.code.name), "severity": .string(diagnostic.severity.rawValue),
      "message": .string(diagnostic.message), "label": .optional(diagnostic.label),
      "help": .optional(diagnostic.help), "location": encode(diagnostic.span, in: sources),
      "notes": .array(
        diagnostic.notes.map {
          .members([
            "message": .string($0.message), "location": encode($0.span, in: sources),
          ])
        }
      ),
      "fixIts": .array(
        diagnostic.fixIts.map { fixIt in
          .object([
            "message": .string(fixIt.message),
            "edits": .array(
              fixIt.edits.map {
                .members([
                  "location": encode($0.span, in: sources),
                  "replacement": .string($0.replacement),
                ])
              }
            ),
          ])
        }
      ),
    ])
  }

  /// A place; nil for a span that is nowhere.
  package static func encode(_ span: Span, in sources: SourceMap) -> JSONValue? {
    guard sources.files.indices.contains(span.file) else { return nil }
    let file = sources.files[span.file]
    return .object([
      "file": .string(file.name), "start": position(span.start, in: file),
      "end": position(span.end, in: file),
    ])
  }

  private static func position(_ offset: Int, in file: SourceFile) -> JSONValue {
    let line = file.line(at: offset)
    let start = file.lineStarts[line]
    return .object([
      "line": .integer(line),
      "column": .integer(file.text(start..<max(start, offset)).count),
      "offset": .integer(offset),
    ])
  }
}
