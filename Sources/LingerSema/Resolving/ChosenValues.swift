import LingerDiagnostics
import LingerModel
import LingerSyntax

/// Phase 2: what the user chose for parameters.
///
/// Reads the ``Declarations`` and the options. Gives an expression for each parameter that the
/// profile or `--set` sets, not yet looked at.
struct ChosenValues: DiagnosticReporting {
  let log: DiagnosticLog
  /// The files of the spec, and the texts of `--set` behind them.
  private(set) var sources: SourceMap
  private(set) var byParameter: [Int: ExpressionSyntax] = [:]

  /// Takes the values of the chosen profile, then those of `--set`, which win.
  init(
    _ declared: Declarations,
    _ options: CompileOptions,
    sources: SourceMap,
    log: DiagnosticLog
  ) {
    self.log = log
    self.sources = sources
    if let base = declared.profiles.first(where: { $0.name.text == options.baseProfile }) {
      take(base, declared)
    }
    if let wanted = options.profile {
      if let profile = declared.profiles.first(where: { $0.name.text == wanted }) {
        take(profile, declared)
      } else {
        let closest = Suggestion.nearest(to: wanted, among: declared.profiles.map(\.name.text))
        let known = declared.profiles.map { "'\($0.name.text)'" }.joined(separator: ", ")
        error(
          .unknownProfile,
          "there is no profile '\(wanted)'",
          at: .none,
          help: closest.map { "did you mean '\($0)'?" }
            ?? (known.isEmpty ? "the spec has no profiles" : "there are \(known)")
        )
      }
    }
    for (name, text) in options.parameters {
      guard let index = declared.parameterIndex(name) else {
        let known = declared.parameters.map(\.name.text)
        error(
          .unknownParameter,
          "there is no parameter '\(name)'",
          at: .none,
          help: Suggestion.nearest(to: name, among: known).map { "did you mean '\($0)'?" }
            ?? (known.isEmpty
              ? "the spec has no parameters" : "there are \(known.joined(separator: ", "))")
        )
        continue
      }
      let source = SourceFile(name: "--set \(name)", bytes: Array(text.utf8), isFile: false)
      let number = self.sources.add(source)
      let (value, found) = parseExpression(source, number: number)
      log.add(found)
      byParameter[index] = found.hasErrors ? ExpressionSyntax(.missing, value.span) : value
    }
  }

  private mutating func take(_ profile: ProfileEntry, _ declared: Declarations) {
    for value in profile.values {
      if let index = declared.parameterIndex(value.name.text) { byParameter[index] = value.value }
    }
  }
}
