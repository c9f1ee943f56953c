import Foundation
import Testing

/// Runs `Transcripts/*.md`, the README and the page on formats against the built program;
/// `UPDATE_SNAPSHOTS=1` writes them anew.
@Suite struct TranscriptTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Transcripts")

  static let names: [String] = {
    let found = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (found ?? []).filter { $0.hasSuffix(".md") }.sorted()
      + ["../../../README.md", "../../../docs/formats.md"]
  }()

  @Test("the program prints what the transcript says", arguments: names)
  func transcript(name: String) throws {
    let file = Self.folder.appendingPathComponent(name)
    let text = try String(contentsOf: file, encoding: .utf8)
    let transcript = Transcript(text)
    let shell = try Shell()
    defer { shell.remove() }
    let responses = try transcript.exchanges.map { try shell.run($0.command).lines }
    if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1" {
      try Data(transcript.text(with: responses).utf8).write(to: file)
      return
    }
    for (exchange, response) in zip(transcript.exchanges, responses) {
      #expect(
        exchange.response == response,
        "\(name):\(exchange.line + 1): $ \(exchange.command)"
      )
    }
  }
}
