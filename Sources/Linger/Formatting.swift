import LingerDiagnostics
package import LingerReport
import LingerSyntax

/// The canonical layout of a spec.
package struct Formatting: Sendable {
  /// What was found; for a text that is not UTF-8 and for one with errors why it is left alone.
  package let file: LaidOutFile
  /// The laid-out text; nil where there is none.
  package let output: String?

  package init(_ bytes: [UInt8], path: String) {
    let source = SourceFile(name: path, bytes: bytes)
    guard String(validating: bytes, as: UTF8.self) != nil else {
      let message = "error: '\(path)' is not UTF-8\n"
      file = LaidOutFile(path: path, .unreadable(message: message))
      output = nil
      return
    }
    var sources = SourceMap()
    _ = sources.add(source)
    let (text, diagnostics) = LingerSyntax.format(source)
    guard !diagnostics.hasErrors else {
      file = LaidOutFile(path: path, .invalid(diagnostics, sources))
      output = nil
      return
    }
    let isChanged = Array(text.utf8) != bytes
    file = LaidOutFile(path: path, isChanged ? .changed : .canonical)
    output = text
  }

  /// Of a file that could not be read; the message says why.
  package init(unreadable path: String, message: String) {
    file = LaidOutFile(path: path, .unreadable(message: message))
    output = nil
  }

  /// For standard error: why the text is left alone; empty where it is not.
  package func message(hasColor: Bool) -> String {
    switch file.result {
    case .canonical, .changed: ""
    case .unreadable(let message): message
    case .invalid(let diagnostics, let sources):
      render(diagnostics, in: sources, hasColor: hasColor)
    }
  }
}
