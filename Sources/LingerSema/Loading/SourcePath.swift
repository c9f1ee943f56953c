/// Paths as text: no file system, `/` only.
enum SourcePath {
  /// The path of `name` as written in the file at `importer`.
  static func resolve(_ name: String, importedBy importer: String) -> String {
    if name.hasPrefix("/") { return normalize(name) }
    guard let slash = importer.lastIndex(of: "/") else { return normalize(name) }
    return normalize(importer[...slash] + name)
  }

  /// The same path without `.`, doubled `/`, and `..` after a folder.
  static func normalize(_ path: String) -> String {
    var parts: [Substring] = []
    let isAbsolute = path.hasPrefix("/")
    for part in path.split(separator: "/", omittingEmptySubsequences: true) where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else if part != ".." || !isAbsolute {
        parts.append(part)
      }
    }
    let joined = parts.joined(separator: "/")
    return isAbsolute ? "/" + joined : joined.isEmpty ? "." : joined
  }
}
