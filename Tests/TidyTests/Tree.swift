import Foundation

/// The files of the project, found from where this file stands.
enum Tree {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// A file of the project: its path from the root and its text.
  struct File: Sendable, CustomStringConvertible {
    var path: String
    var text: String

    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    var description: String { path }
    /// The target that a source file belongs to.
    var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
  }

  /// The files below a folder whose names end so, in order; build folders are left out.
  static func files(in folder: String, ending suffix: String) -> [File] {
    let base = folder.isEmpty ? root : root.appendingPathComponent(folder)
    let paths =
      FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
    return paths.filter { path in
      path.hasSuffix(suffix)
        && !path.split(separator: "/").contains { $0.hasPrefix(".") || $0 == "checkouts" }
    }.sorted().compactMap { path in
      let full = folder.isEmpty ? path : "\(folder)/\(path)"
      guard let text = try? String(contentsOf: root.appendingPathComponent(full), encoding: .utf8)
      else { return nil }
      return File(path: full, text: text)
    }
  }

  static let sources = files(in: "Sources", ending: ".swift")
  static let tests = files(in: "Tests", ending: ".swift")
  static let prose = files(in: "", ending: ".md")
}

/// A place that breaks a rule, as `path:line: what`.
func violation(_ file: Tree.File, _ line: Int, _ what: String) -> String {
  "\(file.path):\(line + 1): \(what)"
}

/// A line of Swift without its comment, so that prose may name what code may not do.
func code(_ line: Substring) -> Substring {
  guard let comment = line.range(of: "//") else { return line }
  return line[..<comment.lowerBound]
}
