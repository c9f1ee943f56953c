import Foundation
import Testing

/// Compares a text with the file `Snapshots/<name>`; `UPDATE_SNAPSHOTS=1` writes it anew.
func checkSnapshot(
  _ name: String,
  _ text: String,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Snapshots").appendingPathComponent(name)
  if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1" {
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try Data(text.utf8).write(to: file)
    return
  }
  let expected = (try? String(contentsOf: file, encoding: .utf8)) ?? "(there is no such file)"
  #expect(text == expected, "differs from Snapshots/\(name)", sourceLocation: sourceLocation)
}
