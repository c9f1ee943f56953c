import Foundation
import Linger
import LingerReport

/// A folder of `specs/` with its manifest; `specs/README.md` has the schema.
struct SpecFolder: Sendable, CustomStringConvertible {
  var name: String
  var checks: [ManifestCheck]
  var syntheses: [ManifestSynthesis]

  var description: String { name }
  var url: URL { Self.specs.appendingPathComponent(name) }

  static let specs = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("specs")

  /// Every folder of `specs/`, in order; one without a manifest has no checks.
  static let all: [SpecFolder] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: specs.path)) ?? []
    return names.sorted().compactMap { name in
      let url = specs.appendingPathComponent(name)
      let isFolder = (try? url.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory
      guard isFolder == true else { return nil }
      let bytes = (try? Data(contentsOf: url.appendingPathComponent("manifest.json"))) ?? Data()
      let manifest = JSONValue.parse([UInt8](bytes))
      return SpecFolder(
        name: name,
        checks: (manifest?["checks"]?.array ?? []).map {
          ManifestCheck(run: ManifestRun(folder: name, entry: $0))
        },
        syntheses: (manifest?["syntheses"]?.array ?? []).map {
          ManifestSynthesis(run: ManifestRun(folder: name, entry: $0))
        }
      )
    }
  }()

  /// The spec files of the folder, as the manifest writes their paths; those in `parts/` are only
  /// imported.
  var specFiles: [String] {
    let files = FileManager.default.enumerator(atPath: url.path)?.compactMap { $0 as? String }
    return (files ?? []).filter { $0.hasSuffix(".linger") && !$0.hasPrefix("parts/") }.sorted()
  }

  /// Writes the manifest anew with what the checks and syntheses say now.
  func update() throws {
    var members: [String: JSONValue] = [
      "version": .integer(1), "checks": .array(checks.map { $0.found() }),
    ]
    if !syntheses.isEmpty { members["syntheses"] = .array(syntheses.map { $0.found() }) }
    let text = JSONValue.object(members).text
    try Data(text.utf8).write(to: url.appendingPathComponent("manifest.json"))
  }
}
