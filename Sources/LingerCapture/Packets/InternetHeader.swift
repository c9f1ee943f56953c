/// What an IPv4 or IPv6 header says of a packet that carries TCP.
struct InternetHeader {
  var source: IPAddress
  var destination: IPAddress
  /// Where the TCP header begins, and where the TCP segment ends, as places in the frame. The
  /// capture may end before that.
  var start: Int
  var end: Int
  var ipID: UInt16 = 0
  var timeToLive: UInt8
  var lengthIsFromFrame = false
  /// A routing header still has hops to name: the checksum is over another destination.
  var isRouted = false

  /// Reads the header at a place of a frame whose length on the wire was `frameEnd`.
  @inline(__always)
  static func read(
    _ bytes: Span<UInt8>,
    at start: Int,
    frameEnd: Int
  ) -> Result<InternetHeader, FrameObstacle> {
    guard bytes.count > start else { return .failure(.cutHeader) }
    switch bytes[start] >> 4 {
    case 4: return readIPv4(bytes, at: start, frameEnd: frameEnd)
    case 6: return readIPv6(bytes, at: start, frameEnd: frameEnd)
    default: return .failure(.malformed)
    }
  }

  /// The addresses of the header at a place of a frame, where they are there.
  @inline(__always)
  static func addresses(
    _ bytes: Span<UInt8>,
    at start: Int
  ) -> (source: IPAddress, destination: IPAddress)? {
    guard bytes.count > start else { return nil }
    switch bytes[start] >> 4 {
    case 4 where bytes.count >= start + 20:
      return (
        IPAddress(ipv4: bytes.word32(start + 12)), IPAddress(ipv4: bytes.word32(start + 16))
      )
    case 6 where bytes.count >= start + 40:
      return (
        IPAddress(ipv6: bytes.word64(start + 8), bytes.word64(start + 16)),
        IPAddress(ipv6: bytes.word64(start + 24), bytes.word64(start + 32))
      )
    default: return nil
    }
  }

  @inline(__always)
  private static func readIPv4(
    _ bytes: Span<UInt8>,
    at start: Int,
    frameEnd: Int
  ) -> Result<InternetHeader, FrameObstacle> {
    guard let addresses = addresses(bytes, at: start) else { return .failure(.cutHeader) }
    let headerLength = Int(bytes[start] & 0x0F) * 4
    guard headerLength >= 20 else { return .failure(.malformed) }
    let fragment = bytes.word16(start + 6)
    guard bytes[start + 9] == 6 else { return .failure(.otherTransport) }
    // The flag "more fragments", or an offset.
    guard fragment & 0x3FFF == 0 else { return .failure(.fragment) }
    let totalLength = Int(bytes.word16(start + 2))
    let header = InternetHeader(
      source: addresses.source,
      destination: addresses.destination,
      start: start + headerLength,
      end: totalLength == 0 ? frameEnd : start + totalLength,
      ipID: bytes.word16(start + 4),
      timeToLive: bytes[start + 8],
      lengthIsFromFrame: totalLength == 0
    )
    return header.checked(frameEnd: frameEnd)
  }

  private static func readIPv6(
    _ bytes: Span<UInt8>,
    at start: Int,
    frameEnd: Int
  ) -> Result<InternetHeader, FrameObstacle> {
    guard let addresses = addresses(bytes, at: start) else { return .failure(.cutHeader) }
    let payloadLength = Int(bytes.word16(start + 4))
    var header = InternetHeader(
      source: addresses.source,
      destination: addresses.destination,
      start: start + 40,
      end: payloadLength == 0 ? frameEnd : start + 40 + payloadLength,
      timeToLive: bytes[start + 7],
      lengthIsFromFrame: payloadLength == 0
    )
    if let obstacle = header.stepOverExtensions(bytes, next: bytes[start + 6]) {
      return .failure(obstacle)
    }
    return header.checked(frameEnd: frameEnd)
  }

  /// Moves `start` to the TCP header: RFC 8200 §4, RFC 7045.
  private mutating func stepOverExtensions(
    _ bytes: Span<UInt8>,
    next first: UInt8
  ) -> FrameObstacle? {
    var next = first
    // Every header takes eight bytes or more, so that this ends with the packet.
    while next != 6 {
      guard Self.isExtension(next) else { return .otherTransport }
      guard bytes.count >= start + 8 else { return .cutHeader }
      var length = (Int(bytes[start + 1]) + 1) * 8
      switch next {
      case 43: isRouted = isRouted || bytes[start + 3] > 0
      case 44:
        // A fragment that is the whole packet is read on: RFC 6946.
        guard bytes.word16(start + 2) & 0xFFF9 == 0 else { return .fragment }
        length = 8
      case 51: length = (Int(bytes[start + 1]) + 2) * 4
      default: break
      }
      next = bytes[start]
      start += length
    }
    return nil
  }

  /// The extension headers of the usual form; what ESP hides cannot be read.
  private static func isExtension(_ number: UInt8) -> Bool {
    switch number {
    case 0, 43, 44, 51, 60, 135, 139, 140: true
    default: false
    }
  }

  /// A packet that claims to be longer than its frame was is damaged.
  @inline(__always)
  private func checked(frameEnd: Int) -> Result<InternetHeader, FrameObstacle> {
    end <= frameEnd ? .success(self) : .failure(.malformed)
  }
}
