import Foundation
import Linger
import LingerCapture
import LingerModel
import LingerReport
import Testing

/// Real connections between two namespaces of this machine, captured at both ends.
@Suite("live connections")
struct LiveTests {
  private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Live/connections.py").path

  /// The captures, or why the machine does not let them be made.
  private static let made: Result<URL, Reason> = {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("linger-live-\(ProcessInfo.processInfo.processIdentifier)")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", script, folder.path]
    let output = Pipe()
    process.standardOutput = output
    do { try process.run() } catch { return .failure(Reason(text: "env cannot be started")) }
    let words = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    switch process.terminationStatus {
    case 0: return .success(folder)
    case 77: return .failure(Reason(text: words))
    case 127: return .failure(Reason(text: "python3 is missing"))
    default: return .failure(Reason(text: "", isFault: true))
    }
  }()

  private struct Reason: Error {
    var text: String
    var isFault = false
  }

  private static var skipReason: String? {
    if case .failure(let reason) = made, !reason.isFault { reason.text } else { nil }
  }

  @Test(
    "connections of this machine's kernel conform under linux, at both ends",
    .enabled(if: skipReason == nil, "no connections can be made: \(skipReason ?? "")")
  )
  func bothEnds() throws {
    let folder = try Self.made.get()
    defer { try? FileManager.default.removeItem(at: folder) }
    var held: [HeldCapture] = []
    for name in ["a.pcap", "b.pcap"] {
      let capture = try HeldCaptures.hold(
        folder.appendingPathComponent(name).path,
        profile: "linux"
      )
      for trace in capture.input.traces {
        #expect(trace.verdict == .conforms, "\(name): \(trace.name): \(trace.reason ?? "")")
      }
      #expect(capture.input.traces.count >= 8)
      held.append(capture)
    }
    let compared = ComparedEnds(held[0], held[1])
    let comparison = try #require(compared.comparison)
    #expect(comparison.connections.count >= 8)
    for connection in comparison.connections {
      for way in connection.ways { #expect(way.fates.isEmpty, "\(connection.name): \(way)") }
    }
  }
}
