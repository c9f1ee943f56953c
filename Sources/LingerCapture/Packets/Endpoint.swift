/// An IPv4 or IPv6 address.
package struct IPAddress: Hashable, Sendable {
  /// The first eight bytes of an IPv6 address; 0 for IPv4.
  package var high: UInt64
  /// The last eight bytes, or the four of IPv4.
  package var low: UInt64
  package var isIPv6: Bool

  package init(ipv4: UInt32) {
    high = 0
    low = UInt64(ipv4)
    isIPv6 = false
  }

  package init(ipv6 high: UInt64, _ low: UInt64) {
    self.high = high
    self.low = low
    isIPv6 = true
  }

  /// Whether it always means the host itself: RFC 1122 §3.2.1.3, RFC 4291 §2.5.3.
  package var isLoopback: Bool {
    isIPv6 ? high == 0 && low == 1 : low >> 24 == 127
  }

  /// Leaves out what is 0 in every IPv4 address.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(low)
    if isIPv6 { hasher.combine(high) }
  }
}

extension IPAddress: Comparable {
  package static func < (left: IPAddress, right: IPAddress) -> Bool {
    if left.high != right.high { return left.high < right.high }
    if left.low != right.low { return left.low < right.low }
    return !left.isIPv6 && right.isIPv6
  }
}

extension IPAddress: CustomStringConvertible {
  /// Dotted decimals, or RFC 5952's form of IPv6.
  package var description: String {
    guard isIPv6 else {
      return [24, 16, 8, 0].map { String(low >> UInt64($0) & 0xFF) }.joined(separator: ".")
    }
    let groups = (0..<8).map { place in
      UInt16(truncatingIfNeeded: (place < 4 ? high : low) >> UInt64(48 - place % 4 * 16))
    }
    var longest = 0..<0
    var start = 0
    for place in 0...8 where place == 8 || groups[place] != 0 {
      if place - start > max(1, longest.count) { longest = start..<place }
      start = place + 1
    }
    func text(_ range: Range<Int>) -> String {
      groups[range].map { String($0, radix: 16) }.joined(separator: ":")
    }
    if longest.isEmpty { return text(0..<8) }
    return text(0..<longest.lowerBound) + "::" + text(longest.upperBound..<8)
  }
}

/// One end of a TCP connection: RFC 9293's socket.
package struct Endpoint: Hashable, Sendable {
  package var address: IPAddress
  package var port: UInt16

  package init(address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }
}

extension Endpoint: Comparable {
  package static func < (left: Endpoint, right: Endpoint) -> Bool {
    left.address == right.address ? left.port < right.port : left.address < right.address
  }
}

extension Endpoint: CustomStringConvertible {
  package var description: String {
    address.isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)"
  }
}
