/// Writes a packet capture. It gives bytes; where they go is for others to say.
package struct CaptureWriter {
  /// What was written and not yet taken.
  package private(set) var bytes: [UInt8] = []
  private let format: CaptureFormat
  private let snapLength: Int

  /// The snap length that captures without one say: libpcap takes no frame that is longer.
  package static let longestFrame = 262_144

  /// Begins a capture of frames of one link type; those longer than the snap length are cut.
  package init(format: CaptureFormat, linkType: LinkType, snapLength: Int = longestFrame) {
    precondition((1...Self.longestFrame).contains(snapLength), "no such snap length")
    self.format = format
    self.snapLength = snapLength
    switch format.container {
    case .pcap: appendPcapHeader(linkType)
    case .pcapng: appendSection(linkType)
    }
  }

  /// The bytes since the last call: a long capture need not be held as a whole.
  package mutating func take() -> [UInt8] {
    let taken = bytes
    bytes.removeAll(keepingCapacity: true)
    return taken
  }

  /// Appends a frame. Times are nanoseconds since 1970; a comment is left out of pcap, which has
  /// no place for it.
  package mutating func append(
    _ frame: [UInt8],
    time: Int64,
    originalLength: Int? = nil,
    comment: String? = nil
  ) {
    precondition(time >= 0, "pcap has no times before 1970")
    let captured = frame.prefix(snapLength)
    let original = UInt32(originalLength ?? frame.count)
    switch format.container {
    case .pcap:
      let unit: Int64 = format.hasNanoseconds ? 1 : 1000
      append32(UInt32(truncatingIfNeeded: time / 1_000_000_000))
      append32(UInt32(time % 1_000_000_000 / unit))
      append32(UInt32(captured.count))
      append32(original)
      bytes += captured
    case .pcapng:
      appendPacketBlock(captured, time, original, comment)
    }
  }

  // <https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html>
  private mutating func appendPcapHeader(_ linkType: LinkType) {
    append32(format.hasNanoseconds ? 0xA1B2_3C4D : 0xA1B2_C3D4)
    append16(2)
    append16(4)
    append32(0)
    append32(0)
    append32(UInt32(snapLength))
    append32(UInt32(linkType.number))
  }

  // <https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html>
  private mutating func appendSection(_ linkType: LinkType) {
    append32(0x0A0D_0D0A)
    append32(28)
    append32(0x1A2B_3C4D)
    append16(1)
    append16(0)
    // The length of the section is not known yet.
    append32(0xFFFF_FFFF)
    append32(0xFFFF_FFFF)
    append32(28)

    append32(1)
    append32(32)
    append16(UInt16(linkType.number))
    append16(0)
    append32(UInt32(snapLength))
    // if_tsresol: a negative power of ten.
    append16(9)
    append16(1)
    bytes += [format.hasNanoseconds ? 9 : 6, 0, 0, 0]
    append32(0)
    append32(32)
  }

  private mutating func appendPacketBlock(
    _ captured: ArraySlice<UInt8>,
    _ time: Int64,
    _ original: UInt32,
    _ comment: String?
  ) {
    // A length has 16 bits; a longer comment is cut where a character ends.
    var text = comment ?? ""
    while text.utf8.count > 0xFFFC { text.removeLast() }
    let optionLength = comment == nil ? 0 : 4 + padded(text.utf8.count) + 4
    let length = UInt32(32 + padded(captured.count) + optionLength)
    let units = UInt64(format.hasNanoseconds ? time : time / 1000)
    append32(6)
    append32(length)
    append32(0)
    append32(UInt32(units >> 32))
    append32(UInt32(truncatingIfNeeded: units))
    append32(UInt32(captured.count))
    append32(original)
    bytes += captured
    pad(captured.count)
    if comment != nil {
      append16(1)
      append16(UInt16(text.utf8.count))
      bytes += text.utf8
      pad(text.utf8.count)
      append32(0)
    }
    append32(length)
  }

  /// Blocks and options of pcapng are filled up to four bytes.
  private func padded(_ count: Int) -> Int { (count + 3) / 4 * 4 }

  private mutating func pad(_ count: Int) {
    bytes += repeatElement(0, count: padded(count) - count)
  }

  private mutating func append16(_ value: UInt16) {
    let low = UInt8(truncatingIfNeeded: value)
    let high = UInt8(value >> 8)
    bytes += format.isBigEndian ? [high, low] : [low, high]
  }

  private mutating func append32(_ value: UInt32) {
    let low = UInt16(truncatingIfNeeded: value)
    let high = UInt16(value >> 16)
    append16(format.isBigEndian ? high : low)
    append16(format.isBigEndian ? low : high)
  }
}

/// The forms of a capture file.
package struct CaptureFormat: Hashable, Sendable {
  package enum Container: Hashable, Sendable { case pcap, pcapng }

  package var container: Container
  /// Else microseconds.
  package var hasNanoseconds: Bool
  package var isBigEndian: Bool

  package init(
    _ container: Container,
    hasNanoseconds: Bool = true,
    isBigEndian: Bool = false
  ) {
    self.container = container
    self.hasNanoseconds = hasNanoseconds
    self.isBigEndian = isBigEndian
  }
}
