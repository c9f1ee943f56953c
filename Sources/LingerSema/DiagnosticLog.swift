import LingerDiagnostics
import LingerSyntax

/// What every phase has to say of a spec, in the order in which it is said.
final class DiagnosticLog {
  private(set) var diagnostics: [Diagnostic] = []
  private var suggestionsLeft = 200

  fileprivate func add(_ diagnostic: Diagnostic) {
    if diagnostics.count < Diagnostic.mostKept { diagnostics.append(diagnostic) }
  }

  /// Takes what was found elsewhere, in full.
  func add(_ found: [Diagnostic]) {
    diagnostics += found
  }

  /// Whether names may still be compared: that is costly, so hostile input gets only so many.
  fileprivate func spendSuggestion() -> Bool {
    guard suggestionsLeft > 0 else { return false }
    suggestionsLeft -= 1
    return true
  }
}

/// What reports to a log.
protocol DiagnosticReporting {
  var log: DiagnosticLog { get }
}

extension DiagnosticReporting {
  func error(
    _ code: DiagnosticCode,
    _ message: String,
    at span: Span,
    label: String? = nil,
    notes: [Diagnostic.Note] = [],
    help: String? = nil,
    fixIts: [Diagnostic.FixIt] = []
  ) {
    log.add(
      Diagnostic(
        code,
        message,
        at: span,
        label: label,
        notes: notes,
        help: help,
        fixIts: fixIts
      )
    )
  }

  func warn(
    _ code: DiagnosticCode,
    _ message: String,
    at span: Span,
    label: String? = nil,
    notes: [Diagnostic.Note] = [],
    help: String? = nil
  ) {
    log.add(
      Diagnostic(
        code,
        severity: .warning,
        message,
        at: span,
        label: label,
        notes: notes,
        help: help
      )
    )
  }

  /// A fix-it with the nearest name.
  func suggest(_ name: Identifier, among candidates: [String]) -> [Diagnostic.FixIt] {
    log.spendSuggestion() ? fixIts(replacing: name, among: candidates) : []
  }

  func reportDuplicate(_ name: Identifier, first: Span, what: String) {
    let isOfBase = first.isSomewhere && first.file != name.span.file
    error(
      .duplicateName,
      "\(what.isEmpty ? "" : what + " ")'\(name.text)' is declared twice",
      at: name.span,
      label: "declared again",
      notes: [Diagnostic.Note("the first one is here", at: first)],
      help: isOfBase ? "in a variant, 'replace' before a declaration takes its place" : nil
    )
  }

  /// Reports every name that an earlier one of the list has too.
  func checkDistinct(_ names: [Identifier], what: String) {
    var first: [String: Span] = [:]
    for name in names where !name.text.isEmpty {
      if let span = first[name.text] {
        reportDuplicate(name, first: span, what: what)
      } else {
        first[name.text] = name.span
      }
    }
  }
}
