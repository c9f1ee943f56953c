import LingerCapture

/// A run as a script for packetdrill, with the kernel in the place of the subject: its
/// application's calls are made, what came to it is injected, what it sent is expected.
///
/// The language: <https://github.com/google/packetdrill>, `gtests/net/packetdrill/syntax.md`.
struct PacketdrillScript {
  private var lines: [String] = []
  private var hasBegun = false
  private var lastTime: Int64
  /// The socket of the connection; nil until it is open.
  private var connection: Int?
  /// The listening or connecting socket is there.
  private var isAsked = false
  private var isActive = false
  private var hasShutDown = false
  /// What was remarked last: a call and what is sent at once have the same remarks.
  private var lastRemarks: [String] = []
  /// The number after the last that was sent.
  private var sentEnd = 1

  /// What is later than that after the event before is not expected at a time, but in its turn.
  private static let prompt: Int64 = 1_000_000

  /// Throws where the run is not that of one connection.
  static func text(of run: ExportedRun) throws(UnusableSpec) -> String {
    let partners = run.partners
    guard partners.count == 1 else {
      throw .unfit(
        partners.isEmpty
          ? "the run has no segment of the subject: there is nothing to script"
          : "a packetdrill script has one connection, and the run has \(partners.count)"
      )
    }
    var script = PacketdrillScript(run)
    if !run.hasOpening { script.open() }
    for event in run.events {
      if script.isOver(before: event) { break }
      script.add(event)
    }
    return script.lines.joined(separator: "\n") + "\n"
  }

  private init(_ run: ExportedRun) {
    lastTime = run.events.first?.time ?? 0
    for line in run.title { remark(line) }
    remark("CLOSE is shutdown(SHUT_WR), which leaves receiving open as RFC 9293 does")
  }

  private mutating func remark(_ text: String) {
    for line in text.split(separator: "\n") { lines.append("// \(line)") }
  }

  private mutating func act(_ text: String, after delay: String = "+0") {
    lines.append("\(hasBegun ? delay : "0") \(text)")
    hasBegun = true
  }

  /// A connection that a peer has opened.
  private mutating func open() {
    remark("the opening, which the spec leaves out")
    listen()
    act("< S 0:0(0) win 65535 <mss 1460>")
    act("> S. 0:0(0) ack 1 <...>")
    act("< . 1:1(0) ack 1 win 65535")
    accept()
  }

  private mutating func listen() {
    isAsked = true
    act("socket(..., SOCK_STREAM, IPPROTO_TCP) = 3")
    act("setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0")
    act("bind(3, ..., ...) = 0")
    act("listen(3, 1) = 0")
  }

  private mutating func accept() {
    act("accept(3, ..., ...) = 4")
    connection = 4
  }

  private mutating func connect() {
    isAsked = true
    isActive = true
    act("socket(..., SOCK_STREAM, IPPROTO_TCP) = 3")
    act("fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0")
    act("connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)")
  }

  /// One script has one connection: nothing is told of a second one.
  private func isOver(before event: ExportedRun.Event) -> Bool {
    guard connection != nil else { return false }
    switch event.act {
    case .sent(let segment, _), .received(let segment, _):
      return segment.flags.contains(.syn) && segment.ack == nil && segment.seq != 0
    case .called: return false
    }
  }

  private mutating func add(_ event: ExportedRun.Event) {
    if event.remarks != lastRemarks { for line in event.remarks { remark(line) } }
    lastRemarks = event.remarks
    let delay = max(0, event.time - lastTime)
    lastTime = max(lastTime, event.time)
    switch event.act {
    case .called(let name): call(name, delay)
    case .received(let segment, _) where !Self.isExpressible(segment),
      .sent(let segment, _) where !Self.isExpressible(segment):
      remark("a script has no segment of \(segment.length) bytes from number \(segment.seq)")
    case .received(let segment, _):
      if !isAsked { listen() }
      act(text(segment, isSent: false), after: Self.text(delay))
      guard connection == nil, segment.ack != nil, !segment.flags.contains(.rst) else { return }
      if isActive { connection = 3 } else { accept() }
    case .sent(let segment, _):
      if !isAsked, segment.ack == nil { connect() }
      if !isAsked { listen() }
      let isCalled = prepare(segment, delay)
      act(text(segment, isSent: true), after: isCalled || delay <= Self.prompt ? "+0" : "*")
      sentEnd = max(sentEnd, segment.end)
    }
  }

  /// The calls without which a segment would not be sent, after a delay; whether there are any.
  private mutating func prepare(_ segment: ExportedSegment, _ delay: Int64) -> Bool {
    guard let connection, !segment.flags.contains(.rst), !segment.flags.contains(.syn) else {
      return false
    }
    var delay = delay
    var isCalled = false
    let dataEnd = segment.seq + segment.length
    let isFin = segment.flags.contains(.fin) && !hasShutDown
    if segment.length > 0, dataEnd > sentEnd {
      let count = dataEnd - max(segment.seq, sentEnd)
      // Data waits for the FIN that goes with it.
      act(
        isFin
          ? "send(\(connection), ..., \(count), MSG_MORE) = \(count)"
          : "write(\(connection), ..., \(count)) = \(count)",
        after: Self.text(delay)
      )
      isCalled = true
      delay = 0
    }
    if isFin { shutDown(after: delay) }
    return isCalled || isFin
  }

  private mutating func shutDown(after delay: Int64) {
    hasShutDown = true
    act(
      connection.map { "shutdown(\($0), SHUT_WR) = 0" } ?? "close(3) = 0",
      after: Self.text(delay)
    )
  }

  /// The calls of RFC 9293 §3.10 by their names; what is written follows from what is sent.
  private mutating func call(_ name: String, _ delay: Int64) {
    switch name {
    case "listen" where !isAsked: listen()
    case "connect" where !isAsked: connect()
    case "close" where isAsked && !hasShutDown: shutDown(after: delay)
    case "abort" where connection != nil:
      let socket = connection ?? 3
      act(
        "setsockopt(\(socket), SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0",
        after: Self.text(delay)
      )
      act("close(\(socket)) = 0")
    case "listen", "connect", "open", "send", "write", "close", "abort": break
    default: remark("the call \(name) is not one of a socket")
    }
  }

  /// Lengths have 16 bits in a script, and numbers do not wrap within a segment.
  private static func isExpressible(_ segment: ExportedSegment) -> Bool {
    let low = Int(UInt32(truncatingIfNeeded: segment.seq))
    return segment.length <= 0xFFFF && low + segment.length <= Int(UInt32.max)
  }

  private static func text(_ delay: Int64) -> String {
    if delay == 0 { return "+0" }
    let micros = (delay + 999) / 1000
    let digits = "\(1_000_000 + micros % 1_000_000)".dropFirst()
    return "+\(micros / 1_000_000).\(digits)"
  }

  private func text(_ segment: ExportedSegment, isSent: Bool) -> String {
    let letters: [(TCPFlags, String)] = [
      (.syn, "S"), (.fin, "F"), (.rst, "R"), (.psh, "P"), (.urg, "U"), (.ack, "."),
    ]
    let flags = letters.filter { segment.flags.contains($0.0) }.map(\.1).joined()
    // The numbers of packetdrill are those of the wire less the initial one, without a sign.
    let low = UInt32(truncatingIfNeeded: segment.seq)
    let high = low &+ UInt32(segment.length)
    var words = ["\(isSent ? ">" : "<")", flags.isEmpty ? "-" : flags]
    words.append("\(low):\(high)(\(segment.length))")
    if let ack = segment.ack { words.append("ack \(UInt32(truncatingIfNeeded: ack))") }
    if !isSent { words.append("win \(UInt16(clamping: segment.window ?? 0xFFFF))") }
    if segment.flags.contains(.syn) { words.append(isSent ? "<...>" : "<mss 1460>") }
    return words.joined(separator: " ")
  }
}
