import LingerDiagnostics
import LingerEval
import LingerExplore
import LingerModel
package import LingerReport
import LingerSema

/// A protocol specification, loaded and compiled, ready to be checked.
///
/// ```swift
/// let spec = Specification.load("specs/tcp-close/TCPClose.linger", read: readFile)
/// let result = spec.check()
/// print(result.text())
/// ```
///
/// Loading never fails: a spec with errors is a value whose ``diagnosticsText(hasColor:)`` says
/// what is wrong and whose check ends with ``CheckResult/Outcome/invalid``.
public struct Specification: Sendable {
  /// The path that it was loaded from.
  public let path: String
  /// The profile in force, if any.
  public let profile: String?
  /// Parameters that were set by hand, in order.
  public let parameters: [(name: String, value: String)]
  let sources: SourceMap
  let diagnostics: [Diagnostic]
  /// Nil exactly for a spec with errors.
  let model: Model?

  /// Loads and compiles the spec at a path, with what it imports.
  ///
  /// - Parameters:
  ///   - path: where the spec is, in the words of `read`.
  ///   - profile: the profile whose parameter values are taken.
  ///   - parameters: values of parameters as a spec would write them; they win over the profile.
  ///   - read: gives the bytes of a file; the library itself touches no files.
  /// - Returns: the spec, which may have errors.
  public static func load(
    _ path: String,
    profile: String? = nil,
    parameters: [(name: String, value: String)] = [],
    read: (String) throws(SourceReadError) -> [UInt8]
  ) -> Specification {
    load(path, profile: profile, parameters: parameters, following: false, read: read)
  }

  /// Loads a spec; `following` for implementations to be held against it: its profile `conformance`
  /// is taken before any other, and messages may have more values than an explorer can number.
  package static func load(
    _ path: String,
    profile: String?,
    parameters: [(name: String, value: String)],
    following: Bool,
    read: (String) throws(SourceReadError) -> [UInt8]
  ) -> Specification {
    var options = CompileOptions()
    options.profile = profile
    if following {
      options.baseProfile = "conformance"
      options.allowsWideValues = true
    }
    options.parameters = parameters
    let compilation = compile(path: path, options: options) { path in
      do throws(SourceReadError) {
        return .success(try read(path))
      } catch {
        return .failure(error.failure)
      }
    }
    let failures = compilation.model.map { Evaluator($0).initialStateDiagnostics } ?? []
    return Specification(
      path: path,
      profile: profile,
      parameters: parameters,
      sources: compilation.sources,
      diagnostics: compilation.diagnostics + failures,
      model: failures.isEmpty ? compilation.model : nil
    )
  }

  /// Whether it compiled without errors.
  public var isValid: Bool { model != nil }

  /// The names of everything that a check decides: the open-state audit, then the properties.
  public var questionNames: [String] {
    guard let model else { return [] }
    return model.allQuestions.map { $0.name(in: model) } + model.properties.compactMap(\.family)
      + model.allQuestions.compactMap { $0.auditCheck?.code }
  }

  /// The checks of the audit that can be left out, by name and by code.
  package static var optionalCheckNames: [String] {
    let checks = AuditCheck.allCases.filter(\.canBeSwitchedOff)
    return checks.map(\.rawValue) + checks.map(\.code)
  }

  /// The names of the timed invariants.
  package var timedInvariantNames: [String] {
    model?.properties.filter { $0.kind == .timedInvariant }.flatMap { property in
      [property.name] + (property.family.map { [$0] } ?? [])
    } ?? []
  }

  /// What the compiler has to say, warnings included; empty when it is content.
  public func diagnosticsText(hasColor: Bool = false) -> String {
    render(diagnostics, in: sources, hasColor: hasColor)
  }

  /// The spec as reports have it.
  package var reported: ReportedSpec {
    ReportedSpec(path: path, diagnostics: diagnostics, sources: sources, context: context)
  }

  /// What reports say about the spec; nil for one with errors.
  var context: ReportContext? {
    guard let model else { return nil }
    return ReportContext(
      text: BriefText(model: model, sources: sources),
      path: path,
      profile: profile,
      parameters: parameters
    )
  }
}

/// Why a file of a spec could not be read.
public enum SourceReadError: Error, Hashable, Sendable {
  /// There is nothing at the path.
  case notFound
  /// The path is a folder.
  case isDirectory
  /// The system's own words.
  case unreadable(String)
  /// The file is larger than a spec may be.
  case tooLarge(limitBytes: Int)

  var failure: ReadFailure {
    switch self {
    case .notFound: .notFound
    case .isDirectory: .isDirectory
    case .unreadable(let reason): .unreadable(reason)
    case .tooLarge(let limit): .tooLarge(limitBytes: limit)
    }
  }
}

extension Specification {
  /// The names of its profiles, without the one that is always taken where implementations are held
  /// against it.
  package var profileNames: [String] {
    model?.profiles.map(\.name).filter { $0 != "conformance" } ?? []
  }
}
