import LingerCapture
import Testing

/// Captures of real stacks, held against the log of the relay that carried them. They are no part
/// of the project: where they are not beside it, nothing is tested.
@Suite(.enabled(if: RealCapture.areThere, "no captures beside the project"))
struct RealCaptureTests {
  @Test("every segment is as the relay logged it", arguments: RealCapture.all)
  func log(_ capture: RealCapture) throws {
    guard let log = capture.label.log else { return }
    for end in ["A", "B"] {
      let reading = Reading(path: capture.path(end))
      #expect(reading.error == nil)
      #expect(reading.counts.segments == reading.counts.frames)
      #expect(reading.segments.allSatisfy { $0.checksum == .good })
      // A delivery is logged after it was answered: only each direction has an order of its own.
      for isSent in [true, false] {
        let logged = log.filter { $0.end == end && $0.flags != nil && ($0.ev == "sent") == isSent }
        let port = end == "A" ? 40000 : 8080
        let seen = reading.segments.filter { segment in
          let connection = reading.connections[segment.connection]
          return (Int(connection.endpoint(segment.sender).port) == port) == isSent
        }
        // The log counts from the last SYN of all, forged ones too.
        let hasNumbers =
          reading.segments.allSatisfy { !$0.flags.contains(.syn) || $0.seq == 0 }
          && !log.contains { $0.ev == "inject" && $0.flags == "S" }
        var lines = seen.map { text($0, withNumbers: hasNumbers) }
        // A RST of an end that has no numbers yet.
        for (place, entry) in logged.enumerated()
        where entry.seq == nil && hasNumbers && place < lines.count {
          lines[place] = text(entry, withNumbers: true)
        }
        #expect(
          lines == logged.map { text($0, withNumbers: hasNumbers) },
          "\(capture) \(end)"
        )
      }
    }
  }

  private func text(_ segment: SegmentEvent, withNumbers: Bool) -> String {
    let letters: [(TCPFlags, String)] = [
      (.syn, "S"), (.fin, "F"), (.rst, "R"), (.psh, "P"), (.ack, "A"),
    ]
    let flags = letters.filter { segment.flags.contains($0.0) }.map(\.1).joined()
    return text(
      flags,
      segment.payloadLength,
      withNumbers,
      UInt32(truncatingIfNeeded: segment.seq),
      segment.ack.map(UInt32.init(truncatingIfNeeded:))
    )
  }

  private func text(_ entry: RealCapture.Label.Entry, withNumbers: Bool) -> String {
    text(entry.flags ?? "", entry.len ?? -1, withNumbers, entry.seq, entry.ack)
  }

  private func text(
    _ flags: String,
    _ length: Int,
    _ withNumbers: Bool,
    _ seq: UInt32?,
    _ ack: UInt32?
  ) -> String {
    let numbers =
      withNumbers ? " \(seq.map(String.init) ?? "-") \(ack.map(String.init) ?? "-")" : ""
    return "\(flags) \(length)\(numbers)"
  }
}
