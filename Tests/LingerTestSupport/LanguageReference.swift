import Foundation

/// The examples of docs/language.md: its blocks marked `linger`, each a complete file.
package enum LanguageReference {
  package struct Example: Sendable, CustomStringConvertible {
    /// What other examples import it as, or its number.
    package var name: String
    package var text: String

    package var description: String { name }
  }

  package static let examples: [Example] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../docs/language.md").standardizedFileURL
    let page = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    var examples: [Example] = []
    var block: [Substring]?
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if line == "```linger" {
        block = []
      } else if line == "```", let lines = block {
        let name = lines.first?.wholeMatch(of: /\/\/ file: (.+)/)?.1
        examples.append(
          Example(
            name: name.map(String.init) ?? "example-\(examples.count + 1).linger",
            text: lines.map { $0 + "\n" }.joined()
          )
        )
        block = nil
      } else {
        block?.append(line)
      }
    }
    return examples
  }()

  /// The example of that name, for imports.
  package static func text(of name: String) -> String? {
    examples.first { $0.name == name }?.text
  }
}
