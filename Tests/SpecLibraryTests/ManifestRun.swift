import Foundation
import Linger
import LingerReport

/// One entry of a manifest: a spec, its settings, and what is expected of it.
struct ManifestRun: Sendable, CustomStringConvertible {
  var folder: String
  var entry: JSONValue

  var file: String { entry["file"]?.string ?? "" }
  /// Too long for every test run.
  var isSlow: Bool { entry["slow"] == .bool(true) }
  private var profile: String? { entry["profile"]?.string }
  private var parameters: [(name: String, value: String)] {
    let members = entry["set"]?.object ?? [:]
    return members.keys.sorted().map { (name: $0, value: members[$0]?.string ?? "") }
  }

  var description: String {
    var words = ["\(folder)/\(file)"]
    if let profile { words.append("--profile \(profile)") }
    words += parameters.map { "--set \($0.name)=\($0.value)" }
    return words.joined(separator: " ")
  }

  /// The spec with its settings.
  var specification: Specification {
    let path = SpecFolder.specs.appendingPathComponent("\(folder)/\(file)").path
    return Specification.load(path, profile: profile, parameters: parameters) {
      path throws(SourceReadError) in
      guard let data = FileManager.default.contents(atPath: path) else { throw .notFound }
      return [UInt8](data)
    }
  }
}
