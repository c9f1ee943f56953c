package import LingerDiagnostics
package import LingerModel

/// What the user may choose about a compilation.
package struct CompileOptions: Sendable {
  /// The profile whose parameter values are taken.
  package var profile: String?
  /// A profile whose values are taken before those of ``profile``, if the spec has it.
  package var baseProfile: String?
  /// Whether messages and variables may have more values than can be numbered: for engines that
  /// never number them.
  package var allowsWideValues = false
  /// `--set` options in order; a later one wins over an earlier one and over the profile.
  package var parameters: [(name: String, value: String)] = []
  /// Whether expressions of constants are replaced by their values, which changes no meaning: a
  /// test compiles both ways and compares.
  package var foldsConstants = true

  package init() {}
}

/// The outcome of a compilation; `model` is nil exactly where there are errors.
package struct Compilation: Sendable {
  package var sources: SourceMap
  /// Sorted by file and position.
  package var diagnostics: [Diagnostic]
  package var model: Model?

  package init(sources: SourceMap, diagnostics: [Diagnostic], model: Model?) {
    self.sources = sources
    self.diagnostics = diagnostics
    self.model = model
  }
}

/// Why a file could not be read; the caller owns all input, Sema never touches files.
package enum ReadFailure: Error, Hashable {
  case notFound
  case isDirectory
  case unreadable(String)
  case tooLarge(limitBytes: Int)
}

/// Compiles the spec at a path, with its imports and the bases of variants, to a model.
///
/// Loads (`SourceLoader`) and merges variants (`Merger`). Then come the phases: names
/// (``Declarations``), what the user chose (``ChosenValues``), routes (``RouteTable``), each a
/// value that stays; types, constants and helpers on demand (``Resolution``), the parts of the
/// model, and the audit of the whole (``Usage``), which ``Program`` goes through.
package func compile(
  path: String,
  options: CompileOptions,
  read: (String) -> Result<[UInt8], ReadFailure>
) -> Compilation {
  // Only what was read leaves the closure: the loader keeps hold of `read`.
  let (loaded, sources, found) = withoutActuallyEscaping(read) { read in
    var loader = SourceLoader(read: read)
    let loaded = loader.load(path)
    return (loaded, loader.sources, loader.diagnostics)
  }
  var diagnostics = found
  let hasSyntaxErrors = diagnostics.hasErrors
  guard let loaded else {
    return Compilation(sources: sources, diagnostics: diagnostics.sorted(), model: nil)
  }
  var merger = Merger()
  let merged = merger.merge(loaded)
  let log = DiagnosticLog()
  log.add(merger.diagnostics)
  let declared = DeclarationCollector(merged, sources: sources, log: log).declared
  let chosen = ChosenValues(declared, options, sources: sources, log: log)
  let routes = RouteCollector(declared, log: log).table
  let program = Program(declared, chosen, routes, options: options, log: log)
  program.build()
  diagnostics += log.diagnostics.withoutFollowUps(of: diagnostics)
  let model = diagnostics.hasErrors || hasSyntaxErrors ? nil : program.model
  return Compilation(sources: program.sources, diagnostics: diagnostics.sorted(), model: model)
}

extension [Diagnostic] {
  /// By position, each once: a parameter's default may be checked twice, as value and as symbol.
  fileprivate func sorted() -> [Diagnostic] {
    var result: [Diagnostic] = []
    for diagnostic in sortedByPosition() {
      let place = diagnostic.span
      let isRepeated = result.reversed().prefix { $0.span == place }.contains(diagnostic)
      if !isRepeated { result.append(diagnostic) }
    }
    return result
  }

  /// Drops what a syntax error may have caused: names that a skipped declaration would have
  /// brought, warnings, and whatever overlaps the error itself.
  ///
  /// An error with a fix-it skipped nothing: the parser went on as if it were applied.
  fileprivate func withoutFollowUps(of syntax: [Diagnostic]) -> [Diagnostic] {
    let errors = syntax.filter { $0.severity == .error }
    guard !errors.isEmpty else { return self }
    let isWhole = errors.allSatisfy { !$0.fixIts.isEmpty }
    return filter { found in
      found.severity == .error
        && (isWhole || !DiagnosticCode.causedByAbsence.contains(found.code))
        && !errors.contains { $0.span.file == found.span.file && $0.span.touches(found.span) }
    }
  }
}

extension Span {
  /// Whether the spans share a byte or an end.
  fileprivate func touches(_ other: Span) -> Bool { start <= other.end && other.start <= end }
}
