import Foundation
import Linger
import LingerCapture
import Synchronization

/// Captures judged against `specs/tcp/TCP.linger`, as `linger conform` does with two of them.
enum HeldCaptures {
  /// What becomes of a capture under a profile, kept to be compared with another.
  static func hold(_ path: String, profile: String) throws -> HeldCapture {
    let conformance = try conformance(profile: profile)
    var held = try CaptureConformance(conformance, path: path, ends: .guessed)
    held.keepSegments()
    var file = try CaptureFile(path: path)
    while try file.next({ held.take($0, $1) }) {}
    held.finish()
    return held.held
  }

  /// The spec under a profile, with nothing worked out yet.
  static func conformance(
    profile: String,
    _ options: ConformanceOptions = ConformanceOptions()
  ) throws -> Conformance {
    try Conformance(specification(profile: profile), profiles: [], .capture, options)
  }

  /// A spec of its own, given as text.
  static func conformance(
    text: String,
    _ options: ConformanceOptions = ConformanceOptions()
  ) throws -> Conformance {
    let specification = Specification.load(
      "Given.linger",
      profile: nil,
      parameters: [],
      following: true
    ) { _ throws(SourceReadError) in Array(text.utf8) }
    return try Conformance(specification, profiles: [], .capture, options)
  }

  /// By profile: to compile the spec takes longer than to judge most captures.
  private static let specifications = Mutex<[String: Specification]>([:])

  private static func specification(profile: String) -> Specification {
    specifications.withLock { known in
      if let specification = known[profile] { return specification }
      let specification = Specification.load(
        LabelledCaptureTests.spec,
        profile: profile,
        parameters: [],
        following: true
      ) { path throws(SourceReadError) in
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else { throw .notFound }
        return [UInt8](data)
      }
      known[profile] = specification
      return specification
    }
  }

  /// The same of a real capture beside the project.
  static func hold(real name: String, profile: String) throws -> HeldCapture {
    let file = LabelledCaptureTests.folder.appendingPathComponent("real/\(name)")
    return try hold(file.path, profile: profile)
  }
}
