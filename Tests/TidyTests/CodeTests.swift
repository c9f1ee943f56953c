import Foundation
import Testing

/// What code may not do, and where the exceptions stand.
@Suite struct CodeTests {
  /// The only folders with unsafe code: memory of the explorer's own, threads, compiled code and
  /// how it is come by, and Z3.
  static let unsafeFolders = [
    "Sources/LingerExplore/Store/", "Sources/LingerExplore/Threads/",
    "Sources/LingerExplore/Native/Running/", "Sources/LingerCommand/Native/Calls/",
    "Sources/LingerSolve/Z3/",
    // Pipes to the programs that are driven.
    "Sources/LingerCommand/Driving/Calls/",
    // libpcap's reader and its streams.
    "Sources/LingerCapture/File/",
  ]

  private func lines(
    in files: [Tree.File],
    holding words: [String]
  ) -> [String] {
    var found: [String] = []
    for file in files {
      for (number, line) in file.lines.enumerated() {
        let code = code(line)
        for word in words where code.contains(word) {
          found.append(violation(file, number, word))
        }
      }
    }
    return found
  }

  @Test("unsafe code stands in its folders only")
  func unsafeCode() {
    let files = Tree.sources.filter { file in
      !Self.unsafeFolders.contains { file.path.hasPrefix($0) }
    }
    let words = [
      "unsafe ", "unsafe(", "@unchecked", "UnsafeMutable", "UnsafePointer", "UnsafeRaw",
      "UnsafeBuffer", "@unsafe", "withUnsafe", "unsafeBitCast",
    ]
    #expect(lines(in: files, holding: words) == [])
  }

  @Test("no shortcut that turns a mistake into a crash without words")
  func shortcuts() {
    let words = ["try!", "fatalError(", "as!", "@_exported", "// MARK:", "// TODO", "// FIXME"]
    #expect(lines(in: Tree.sources, holding: Array(words.prefix(4))) == [])
    var found: [String] = []
    for file in Tree.sources + Tree.tests where !file.path.hasPrefix("Tests/TidyTests/") {
      for (number, line) in file.lines.enumerated() {
        for word in words.suffix(3) where line.contains(word) {
          found.append(violation(file, number, word))
        }
      }
    }
    #expect(found == [])
  }

  @Test("files are short, and lines fit the screen")
  func sizes() {
    var found: [String] = []
    for file in Tree.sources + Tree.tests {
      let limit = file.path.hasPrefix("Tests/") ? 800 : 600
      if file.lines.count > limit + 1 { found.append("\(file.path): \(file.lines.count) lines") }
      for (number, line) in file.lines.enumerated() where line.count > 100 {
        found.append(violation(file, number, "\(line.count) columns"))
      }
    }
    #expect(found == [])
  }

  @Test("only the command line touches files, clocks and standard output")
  func pureCore() {
    // Z3's wrapper tells by the clock which of its limits stopped a question.
    let files = Tree.sources.filter {
      // What users' tests call reads their specs.
      !["LingerCommand", "LingerTesting"].contains($0.target)
        && !$0.path.hasPrefix("Sources/LingerSolve/Z3/")
    }
    let words = [
      "FileManager", "FileHandle", "ContinuousClock", "ProcessInfo", "CommandLine.", "Date()",
      "Swift.print(", "readLine(", " exit(", "Task.sleep",
    ]
    #expect(lines(in: files, holding: words) == [])
  }
}
