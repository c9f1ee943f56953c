/// Finds frames that were captured twice, as on a bridge or on all interfaces at once: the same
/// IP packet, by its headers and the sum of its data, with an identification that tells it from a
/// retransmission, a moment later.
///
/// It remembers a fixed number of packets. A network that duplicates packets within the same
/// moment cannot be told from it.
struct CopyFilter {
  private let window: Int64
  private var seen: [Sighting]

  private struct Sighting {
    var fingerprint: UInt64 = 0
    var time = Int64.min / 4
  }

  /// Nanoseconds. Interfaces of one host see a packet within some microseconds of each other, a
  /// hundred or more where packets are handled in batches.
  static let usualWindow: Int64 = 200_000
  /// Far more packets than pass in such a time; a power of two.
  private static let capacity = 4096

  init(window: Int64) {
    self.window = window
    seen = Array(repeating: Sighting(), count: Self.capacity)
  }

  mutating func isCopy(_ segment: TCPSegment, at time: Int64) -> Bool {
    guard segment.ipID != 0 else { return false }
    let place = Int(truncatingIfNeeded: segment.fingerprint) & (Self.capacity - 1)
    let last = seen[place]
    seen[place] = Sighting(fingerprint: segment.fingerprint, time: time)
    return last.fingerprint == segment.fingerprint && abs(time - last.time) <= window
  }
}
