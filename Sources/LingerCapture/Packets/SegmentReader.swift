/// Reads the TCP segment out of a captured frame.
package enum SegmentReader {
  /// The segment of a frame, or why there is none.
  package static func read(
    _ bytes: Span<UInt8>,
    of frame: CapturedFrame
  ) -> Result<TCPSegment, FrameObstacle> {
    switch LinkLayer.read(bytes, frame.linkType) {
    case .failure(let obstacle): .failure(obstacle)
    case .success(let link):
      switch InternetHeader.read(bytes, at: link.end, frameEnd: frame.originalLength) {
      case .failure(let obstacle): .failure(obstacle)
      case .success(let header): segment(bytes, header, link)
      }
    }
  }

  /// The addresses of a frame's IP packet, as far as they can be read.
  package static func addresses(
    _ bytes: Span<UInt8>,
    of frame: CapturedFrame
  ) -> (source: IPAddress, destination: IPAddress)? {
    guard case .success(let link) = LinkLayer.read(bytes, frame.linkType) else { return nil }
    return InternetHeader.addresses(bytes, at: link.end)
  }

  @inline(__always)
  private static func segment(
    _ bytes: Span<UInt8>,
    _ header: InternetHeader,
    _ link: LinkLayer
  ) -> Result<TCPSegment, FrameObstacle> {
    let start = header.start
    guard header.end - start >= 20 else { return .failure(.malformed) }
    guard bytes.count >= start + 20 else { return .failure(.cutHeader) }
    let headerLength = Int(bytes[start + 12] >> 4) * 4
    guard headerLength >= 20 && start + headerLength <= header.end else {
      return .failure(.malformed)
    }
    guard bytes.count >= start + headerLength else { return .failure(.cutHeader) }
    let isWhole = bytes.count >= header.end
    let sum = isWhole ? Checksum.sum(bytes, start..<header.end) : nil
    let segment = TCPSegment(
      source: Endpoint(address: header.source, port: bytes.word16(start)),
      destination: Endpoint(address: header.destination, port: bytes.word16(start + 2)),
      sequence: bytes.word32(start + 4),
      acknowledgment: bytes.word32(start + 8),
      flags: TCPFlags(rawValue: bytes[start + 13]),
      window: bytes.word16(start + 14),
      payloadLength: header.end - start - headerLength,
      lengthIsFromFrame: header.lengthIsFromFrame,
      ipID: header.ipID,
      timeToLive: header.timeToLive,
      checksum: checksum(bytes, header, sum),
      options: options(bytes, start + 20..<start + headerLength),
      passing: link.passing,
      // Of the data the sum is enough, which the checksum needs too.
      fingerprint: Fingerprint.of(
        bytes,
        link.end..<(isWhole ? start + headerLength : bytes.count),
        beside: sum ?? 0
      )
    )
    return .success(segment)
  }

  /// What the checksum says of a segment, the sum over which is nil where it was not captured as a
  /// whole.
  @inline(__always)
  private static func checksum(
    _ bytes: Span<UInt8>,
    _ header: InternetHeader,
    _ sum: UInt64?
  ) -> ChecksumStatus {
    if header.isRouted { return .unknown }
    let pseudo = Checksum.pseudoHeader(
      from: header.source,
      to: header.destination,
      length: header.end - header.start
    )
    if let sum, Checksum.folded(pseudo + sum) == 0xFFFF { return .good }
    if bytes.word16(header.start + 16) == Checksum.folded(pseudo) { return .partial }
    return sum != nil ? .bad : .unknown
  }

  /// The options that matter; a list that is damaged is read up to there.
  private static func options(_ bytes: Span<UInt8>, _ range: Range<Int>) -> TCPOptions {
    var options = TCPOptions()
    var place = range.lowerBound
    while place < range.upperBound {
      let kind = bytes[place]
      if kind == 0 { break }
      if kind == 1 {
        place += 1
        continue
      }
      guard place + 1 < range.upperBound else { break }
      let length = Int(bytes[place + 1])
      guard length >= 2 && place + length <= range.upperBound else { break }
      switch (kind, length) {
      case (2, 4): options.maximumSegmentSize = bytes.word16(place + 2)
      case (3, 3): options.windowScale = min(14, bytes[place + 2])
      case (4, 2): options.allowsSelectiveAcknowledgment = true
      case (8, 10): options.hasTimestamps = true
      default: break
      }
      place += length
    }
    return options
  }
}
