/// What the first bytes of a file tell about its kind.
enum CaptureMagic {
  /// Whether they begin a pcap file, of micro- or nanoseconds and either byte order, or pcapng.
  static func isCapture(_ sample: [UInt8]) -> Bool {
    captures.contains { sample.starts(with: $0) }
  }

  private static let captures: [[UInt8]] = [
    [0xD4, 0xC3, 0xB2, 0xA1], [0xA1, 0xB2, 0xC3, 0xD4], [0x4D, 0x3C, 0xB2, 0xA1],
    [0xA1, 0xB2, 0x3C, 0x4D], [0x0A, 0x0D, 0x0D, 0x0A],
  ]

  /// Kinds of files that are met in place of captures, captures among them that must be unpacked.
  private static let others: [(magic: [UInt8], name: String)] = [
    ([0x1F, 0x8B], "compressed by gzip; unpack it first"),
    ([0x28, 0xB5, 0x2F, 0xFD], "compressed by zstd; unpack it first"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed by xz; unpack it first"),
    ([0x42, 0x5A, 0x68], "compressed by bzip2; unpack it first"),
    ([0x04, 0x22, 0x4D, 0x18], "compressed by lz4; unpack it first"),
    ([0x50, 0x4B, 0x03, 0x04], "a zip archive; unpack it first"),
    ([0x7F, 0x45, 0x4C, 0x46], "a program"),
  ]

  static func description(of sample: [UInt8]) -> String {
    if sample.isEmpty { return "an empty file" }
    if let other = others.first(where: { sample.starts(with: $0.magic) }) { return other.name }
    let isText = sample.allSatisfy { (0x20...0x7E).contains($0) || (0x09...0x0D).contains($0) }
    if isText {
      let words = String(decoding: sample, as: UTF8.self).split { !$0.isASCII || $0.isWhitespace }
      return "text that begins with \"\(words.joined(separator: " "))\""
    }
    let digits = sample.map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    return "a file that begins with the bytes \(digits.joined(separator: " "))"
  }
}
