import Foundation
import Linger
import LingerModel
import LingerReport
import Testing

/// The captures of both ends of a connection, compared.
@Suite("captures of both ends")
struct BothEndsTests {
  /// What the relay between the two ends noted down.
  private struct Log: Decodable {
    struct Entry: Decodable {
      var ev: String
      var end: String?
      var n: Int?
    }

    var ends: [String: String]?
    var log: [Entry]?
  }

  private static let names: [String] = {
    let folder = LabelledCaptureTests.folder.appendingPathComponent("real")
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".A.pcap") }.map { String($0.dropLast(7)) }.sorted()
  }()

  /// Segments whose fate the comparison of captures can tell: a forged one, or one that was sent
  /// again by hand, looks like any other.
  private static func log(_ name: String) -> Log? {
    let file = LabelledCaptureTests.folder.appendingPathComponent("real/\(name).json")
    guard let data = try? Data(contentsOf: file),
      let log = try? JSONDecoder().decode(Log.self, from: data),
      let entries = log.log, !entries.contains(where: { $0.ev == "inject" })
    else { return nil }
    return log
  }

  @Test(
    "what was lost and duplicated on the way is what the relay did",
    .enabled(if: !names.isEmpty, "the captures are not beside the project")
  )
  func relay() throws {
    var pairs = 0
    var lost = 0
    for name in Self.names {
      guard let log = Self.log(name), let entries = log.log else { continue }
      let held = try ["A", "B"].map { end in
        try HeldCaptures.hold(real: "\(name).\(end).pcap", profile: "linux")
      }
      let compared = ComparedEnds(held[0], held[1])
      let ways = compared.comparison?.connections.flatMap(\.ways) ?? []
      func count(_ kind: ComparedConnection.Fate.Kind) -> Int {
        ways.reduce(0) { $0 + $1.fates.count { $0.kind == kind } }
      }
      let sent = Set(entries.filter { $0.ev == "sent" }.compactMap(\.n))
      var delivered: [Int: Int] = [:]
      for entry in entries where entry.ev == "deliver" {
        if let number = entry.n { delivered[number, default: 0] += 1 }
      }
      let expected = sent.count { delivered[$0] == nil }
      #expect(count(.lost) == expected, "\(name): \(ways)")
      #expect(count(.duplicated) == delivered.values.count { $0 > 1 }, "\(name)")
      #expect(count(.notSeenLeaving) == 0, "\(name)")
      pairs += 1
      lost += expected
      // Neither verdict is worse for the other capture.
      for (before, after) in zip(held.map(\.input), [compared.first, compared.second]) {
        #expect(before.counts[.violates, default: 0] == after.counts[.violates, default: 0])
      }
    }
    print("captures of both ends: \(pairs) pairs, \(lost) segments lost on the way")
    #expect(pairs > 20 && lost > 20)
  }

  @Test(
    "a finding is told with what the other end saw of it",
    .enabled(if: !names.isEmpty, "the captures are not beside the project")
  )
  func evidence() throws {
    // Under `rfc9293` some violate: Linux ends TIME-WAIT early.
    var told = 0
    for name in Self.names {
      let held = try ["A", "B"].map { end in
        try HeldCaptures.hold(real: "\(name).\(end).pcap", profile: "rfc9293")
      }
      let compared = ComparedEnds(held[0], held[1])
      for (input, other) in [(compared.first, "B"), (compared.second, "A")] {
        for trace in input.traces {
          guard let finding = trace.finding, finding.seen.hasPrefix("sent") else { continue }
          let words = try #require(finding.elsewhere, "\(name): \(finding.seen)")
          #expect(words.contains("\(name).\(other).pcap"))
          told += 1
        }
      }
    }
    #expect(told > 0)
  }

  @Test(
    "one capture given twice, or captures of other connections, are not both ends",
    .enabled(if: names.count > 1, "the captures are not beside the project")
  )
  func noPair() throws {
    let held = try [Self.names[0], Self.names[0], Self.names[1]].map { name in
      try HeldCaptures.hold(real: "\(name).A.pcap", profile: "linux")
    }
    let twice = try #require(ComparedEnds(held[0], held[1]).comparison)
    #expect(twice.connections.isEmpty)
    #expect(twice.notes == ["1 connection seen at the same end in both: nothing to compare"])
    #expect(ComparedEnds(held[0], held[2]).comparison == nil)
  }
}
