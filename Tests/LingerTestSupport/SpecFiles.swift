package import Foundation
import LingerDiagnostics
package import LingerModel
import LingerSema

/// The specs of `specs/`, for tests that want their models.
package enum SpecFiles {
  package static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../specs").standardizedFileURL

  /// Paths below `specs/`, in order; those in `parts/` are only imported.
  package static let paths: [String] = {
    let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    return (files ?? []).filter { $0.hasSuffix(".linger") && !$0.contains("parts/") }.sorted()
  }()

  /// The text of a spec.
  package static func text(_ path: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
  }

  /// The model of a spec; profile and parameters as on the command line, `following` as for
  /// implementations that are held against it.
  package static func model(
    _ path: String,
    setting values: [(name: String, value: String)] = [],
    profile: String? = nil,
    following: Bool = false
  ) throws -> Model {
    var options = CompileOptions()
    options.parameters = values
    options.profile = profile
    if following {
      options.baseProfile = "conformance"
      options.allowsWideValues = true
    }
    let file = folder.appendingPathComponent(path).path
    let compilation = compile(path: file, options: options) { path in
      guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: path)) else {
        return .failure(.notFound)
      }
      return .success(Array(bytes))
    }
    guard let model = compilation.model else {
      let problems = compilation.diagnostics.map(\.message).joined(separator: "\n")
      throw SpecTextError(description: "\(path): \(problems)")
    }
    return model
  }
}
