import ExampleTCP
import LingerTesting
import Testing

/// The spec that the TCP is held against; relative to this package.
private let spec = "../../specs/tcp-close/TCPClose.linger"

@Suite("a TCP that closes")
struct TCPCloseTests {
  @Test("does what the spec says", .runs(2000))
  func conforms() throws {
    let summary = try expectConformance(to: spec, role: "Peer") { TCPSubject() }
    #expect(summary.notTaken == [])
  }

  @Test("sends nothing but the FIN", .parameter("dataSegments", "0"))
  func withoutData() throws {
    try expectConformance(to: spec, role: "Peer") { TCPSubject() }
  }

  @Test("sends several segments", .parameter("dataSegments", "2"), .parameter("resends", "1"))
  func withMoreData() throws {
    try expectConformance(to: spec, role: "Peer") { TCPSubject() }
  }

  @Test("gives up at once", .parameter("resends", "0"))
  func givesUpAtOnce() throws {
    try expectConformance(to: spec, role: "Peer") { TCPSubject() }
  }

  @Test("does it over a network that only delays", .faults([]), .seed(7))
  func reliableNetwork() throws {
    try expectConformance(to: spec, role: "Peer") { TCPSubject() }
  }

  @Suite("by the letter of the RFC", .profile("rfc9293"))
  struct Letter {
    @Test("does what the spec says") func conforms() throws {
      try expectConformance(to: spec, role: "Peer") { TCPSubject() }
    }
  }

  @Suite("with FreeBSD's values", .profile("freebsd"))
  struct FreeBSD {
    @Test("does what the spec says") func conforms() throws {
      try expectConformance(to: spec, role: "Peer") { TCPSubject() }
    }
  }

  /// What a failure looks like: take `withKnownIssue` away to see the whole of it.
  @Test(
    "mistakes are found",
    arguments: [Fault.finWait1ToCloseWait, .lostFinNeverSentAgain, .timeWaitTooShort]
  )
  func finds(fault: Fault) {
    withKnownIssue {
      try expectConformance(to: spec, role: "Peer") { TCPSubject(fault: fault) }
    }
  }
}
