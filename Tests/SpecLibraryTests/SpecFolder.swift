import Foundation
import Linger
import LingerReport

/// A folder of `specs/` with its manifest; `specs/README.md` has the schema.
struct SpecFolder: Sendable, CustomStringConvertible {
  var name: String
  var checks: [ManifestCheck]

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
      let checks = JSONValue.parse([UInt8](bytes))?["checks"]?.array ?? []
      return SpecFolder(
        name: name,
        checks: checks.map { ManifestCheck(folder: name, expected: $0) }
      )
    }
  }()

  /// The spec files of the folder, as the manifest writes their paths.
  var specFiles: [String] {
    let files = FileManager.default.enumerator(atPath: url.path)?.compactMap { $0 as? String }
    return (files ?? []).filter { $0.hasSuffix(".linger") }.sorted()
  }

  /// Writes the manifest anew with what the checks say now.
  func update() throws {
    let manifest = JSONValue.object([
      "version": .integer(1), "checks": .array(checks.map { $0.run() }),
    ])
    try Data(manifest.text.utf8).write(to: url.appendingPathComponent("manifest.json"))
  }
}

/// One entry of a manifest: one run of `linger check`.
struct ManifestCheck: Sendable, CustomStringConvertible {
  var folder: String
  var expected: JSONValue

  var file: String { expected["file"]?.string ?? "" }
  var caughtBy: [String]? { expected["caughtBy"]?.array?.compactMap(\.string) }
  /// Too long for a debug build.
  var isSlow: Bool { expected["slow"] == .bool(true) }
  private var profile: String? { expected["profile"]?.string }
  private var parameters: [(name: String, value: String)] {
    let members = expected["set"]?.object ?? [:]
    return members.keys.sorted().map { (name: $0, value: members[$0]?.string ?? "") }
  }

  var description: String {
    var words = ["\(folder)/\(file)"]
    if let profile { words.append("--profile \(profile)") }
    words += parameters.map { "--set \($0.name)=\($0.value)" }
    return words.joined(separator: " ")
  }

  /// The entry as it should be: its settings with what the check says now.
  func run() -> JSONValue {
    let path = SpecFolder.specs.appendingPathComponent("\(folder)/\(file)").path
    let spec = Specification.load(path, profile: profile, parameters: parameters) {
      path throws(SourceReadError) in
      guard let data = FileManager.default.contents(atPath: path) else { throw .notFound }
      return [UInt8](data)
    }
    let result = spec.check()
    let report = JSONValue.parse(Array(result.json().utf8))?["specs"]?.array?.first
    var entry = expected.object ?? [:]
    entry["exit"] = .integer(Int(result.exitCode))
    for count in ["states", "transitions", "depth"] {
      entry[count] = report?["statistics"]?[count]
    }
    var properties: [String: JSONValue] = [:]
    for property in report?["properties"]?.array ?? [] {
      properties[property["name"]?.string ?? ""] = summary(property)
    }
    entry["properties"] = .object(properties)
    return .object(entry)
  }

  private func summary(_ property: JSONValue) -> JSONValue {
    let isUndecided = property["verdict"]?.string == "unknown"
    return .members([
      "verdict": property["verdict"], "engine": .string(isUndecided ? "none" : "explorer"),
      "traceLength": property["traceLength"],
    ])
  }
}
