import Foundation
import LingerCapture

/// A pair of captures beside the project, and the label that tells how they came about.
struct RealCapture: Sendable, CustomStringConvertible {
  var description: String
  var label: Label

  struct Label: Decodable, Sendable {
    var log: [Entry]?

    struct Entry: Decodable, Sendable {
      var ev: String
      var end: String?
      var flags: String?
      /// Relative to the initial number of the connection at the time.
      var seq: UInt32?
      var len: Int?
      var ack: UInt32?
      /// Names a packet: in the log of its sending and of its arrivals.
      var n: Int?
    }
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../shared/captures/real").standardizedFileURL

  static var areThere: Bool { !all.isEmpty }

  static let all: [RealCapture] = {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (names ?? []).filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
      guard let data = try? Data(contentsOf: folder.appendingPathComponent(name)),
        let label = try? JSONDecoder().decode(Label.self, from: data)
      else { return nil }
      return RealCapture(description: String(name.dropLast(5)), label: label)
    }
  }()

  func path(_ end: String) -> String {
    Self.folder.appendingPathComponent("\(description).\(end).pcap").path
  }
}
