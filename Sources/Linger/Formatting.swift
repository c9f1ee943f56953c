import LingerDiagnostics
import LingerSyntax

/// The canonical layout of a spec.
package enum Formatting {
  /// The laid-out text as output, or what is wrong with it as message and exit code 2.
  package static func format(_ bytes: [UInt8], path: String, hasColor: Bool) -> CommandResult {
    let file = SourceFile(name: path, bytes: bytes)
    guard String(validating: bytes, as: UTF8.self) != nil else {
      return CommandResult(exitCode: 2, message: "error: '\(path)' is not UTF-8\n")
    }
    var sources = SourceMap()
    _ = sources.add(file)
    let (text, diagnostics) = LingerSyntax.format(file)
    guard diagnostics.hasErrors else { return CommandResult(output: text) }
    return CommandResult(
      exitCode: 2,
      message: render(diagnostics, in: sources, hasColor: hasColor)
    )
  }
}
