package import LingerDiagnostics

/// What `format --check` found of one file.
package struct LaidOutFile: Sendable {
  package enum Result: Sendable {
    case canonical
    /// It would change.
    case changed
    /// It has errors of syntax.
    case invalid([Diagnostic], SourceMap)
    /// Why it cannot be read, for standard error.
    case unreadable(message: String)
  }

  package var path: String
  package var result: Result

  package init(path: String, _ result: Result) {
    self.path = path
    self.result = result
  }

  /// 0 it is in the canonical layout, 1 it would change, 2 it has errors or cannot be read.
  package var exitCode: Int32 {
    switch result {
    case .canonical: 0
    case .changed: 1
    case .invalid, .unreadable: 2
    }
  }
}
