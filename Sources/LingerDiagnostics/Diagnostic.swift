/// One thing to tell the author of a spec: what is wrong, where, why, and a way out.
///
/// Wording: lower case, no full stop, one sentence, names in single quotes; `label` says what the
/// caret points at, notes point at related places, help says what to do.
package struct Diagnostic: Sendable, Equatable {
  /// How much it matters. Only an error stops a compilation.
  package enum Severity: String, Sendable {
    case error
    case warning
  }

  /// Errors kept for one file, and for one spec: nobody reads more, and a damaged file of megabytes
  /// has one on every line.
  package static let mostKept = 500

  /// A related place, or a reason without one.
  package struct Note: Sendable, Equatable {
    package var message: String
    package var span: Span

    package init(_ message: String, at span: Span = .none) {
      self.message = message
      self.span = span
    }
  }

  /// A mechanical repair: texts that replace spans, and what that does in words.
  package struct FixIt: Sendable, Equatable {
    package struct Edit: Sendable, Equatable {
      package var span: Span
      package var replacement: String

      package init(_ span: Span, _ replacement: String) {
        self.span = span
        self.replacement = replacement
      }
    }

    package var message: String
    package var edits: [Edit]

    package init(_ message: String, _ edits: [Edit]) {
      self.message = message
      self.edits = edits
    }
  }

  package var code: DiagnosticCode
  package var severity: Severity
  package var message: String
  package var span: Span
  package var label: String?
  package var notes: [Note]
  /// Advice that is not a mechanical edit.
  package var help: String?
  package var fixIts: [FixIt]

  package init(
    _ code: DiagnosticCode,
    severity: Severity = .error,
    _ message: String,
    at span: Span,
    label: String? = nil,
    notes: [Note] = [],
    help: String? = nil,
    fixIts: [FixIt] = []
  ) {
    self.code = code
    self.severity = severity
    self.message = message
    self.span = span
    self.label = label
    self.notes = notes
    self.help = help
    self.fixIts = fixIts
  }
}

extension [Diagnostic] {
  /// Whether any of them stops the compilation.
  package var hasErrors: Bool { contains { $0.severity == .error } }
}
