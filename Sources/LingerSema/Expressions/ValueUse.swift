import LingerDiagnostics

/// What a value is needed for: how messages name it, and what storing it means.
struct ValueUse {
  /// `'sndNxt'`, `argument 'ack'`.
  var what: String
  var declaredAt: Span
  /// A store checks the range when the protocol runs; elsewhere the expression must.
  var isStored: Bool
  /// The value must be in range before the protocol runs, whatever parameters say.
  var isInitial: Bool
  /// Whether the type that is needed depends on parameters.
  var isParametric: Bool

  init(
    _ what: String,
    _ declaredAt: Span,
    isStored: Bool = true,
    isInitial: Bool = false,
    isParametric: Bool = false
  ) {
    self.what = what
    self.declaredAt = declaredAt
    self.isStored = isStored
    self.isInitial = isInitial
    self.isParametric = isParametric
  }

  var declarationNote: [Diagnostic.Note] {
    declaredAt.isSomewhere ? [Diagnostic.Note("\(what) is declared here", at: declaredAt)] : []
  }
}
