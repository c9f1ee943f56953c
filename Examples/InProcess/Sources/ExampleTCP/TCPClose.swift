/// A TCP from ESTABLISHED to CLOSED, as RFC 9293 says in sections 3.6 and 3.10.
///
/// It looks at no clock and touches no network: it is told what happens and when, and what comes
/// out waits in ``outputs``. Times are since the connection began.
public struct TCPClose: Sendable {
  /// RFC 9293, section 3.3.2.
  public enum State: String, Sendable {
    case established = "ESTABLISHED"
    case finWait1 = "FIN_WAIT_1"
    case finWait2 = "FIN_WAIT_2"
    case closing = "CLOSING"
    case timeWait = "TIME_WAIT"
    case closeWait = "CLOSE_WAIT"
    case lastAck = "LAST_ACK"
    case closed = "CLOSED"
  }

  /// What differs from one TCP to another.
  public struct Options: Sendable {
    /// How long TIME-WAIT lasts.
    public var timeWait = Duration.seconds(240)
    /// Time until a segment that was not acknowledged is sent again.
    public var rto = Duration.seconds(1)
    /// How often one segment is sent again before the connection is given up.
    public var resends = 2
    /// Nil where FIN-WAIT-2 has no limit.
    public var finWait2Timeout: Duration? = .seconds(60)
    /// Whether a reset ends TIME-WAIT; RFC 1337 advises against it.
    public var resetEndsTimeWait = true
    /// Whether TIME-WAIT starts anew with every segment that it answers.
    public var answersRestartTimeWait = true
    /// How many resets are sent once it is closed.
    public var resets = 1
    /// How many data segments the application writes before it closes.
    public var dataSegments = 1

    /// The values that the spec has by default.
    public init() {}
  }

  /// Why a call cannot be made in this state; then nothing has happened.
  public enum CallError: Error {
    case nothingToWrite
    case dataNotWritten
    case isClosed
  }

  /// What comes out.
  public enum Output: Hashable, Sendable {
    case segment(Segment)
    case received
    case connectionClosing
    case connectionReset
    case connectionTimedOut
  }

  enum Timer: CaseIterable { case retransmission, timeWait, finWait2 }

  /// Where the connection is.
  public internal(set) var state = State.established
  /// The oldest number not acknowledged.
  public internal(set) var sndUna = 0
  /// The next number to send.
  public internal(set) var sndNxt = 0
  /// The next number expected from the peer.
  public internal(set) var rcvNxt = 0
  /// What came out since it was taken away last, with the time of each.
  public private(set) var outputs: [(time: Duration, output: Output)] = []

  var options: Options
  var resent = 0
  var resetsLeft: Int
  private var now = Duration.zero
  /// When each timer is due, in the order of ``Timer``.
  private var deadlines: [Duration?] = [nil, nil, nil]
  private let fault: Fault?

  /// - Parameters:
  ///   - options: what it is like.
  ///   - fault: a mistake that it makes; none by default.
  public init(_ options: Options = Options(), fault: Fault? = nil) {
    self.options = options
    self.fault = fault
    resetsLeft = options.resets
    switch fault {
    case .rtoTooLong: self.options.rto += options.rto / 2
    case .timeWaitTooShort: self.options.timeWait = options.timeWait / 2
    case .givesUpEarly: self.options.resends = max(0, options.resends - 1)
    case .givesUpLate: self.options.resends += 1
    case .finWait2Unlimited: self.options.finWait2Timeout = nil
    default: break
    }
  }

  /// The FIN comes after all data.
  var finNumber: Int { options.dataSegments }

  func has(_ fault: Fault) -> Bool { self.fault == fault }

  /// Hands over what came out.
  public mutating func takeOutputs() -> [(time: Duration, output: Output)] {
    defer { outputs.removeAll(keepingCapacity: true) }
    return outputs
  }

  // The application. RFC 9293, sections 3.10.2 and 3.10.4.

  /// Sends one segment of data.
  public mutating func write() throws(CallError) {
    guard state == .established || state == .closeWait else { throw .isClosed }
    guard sndNxt < finNumber else { throw .nothingToWrite }
    transmit(sndNxt)
    sndNxt += 1
    start(.retransmission, for: options.rto)
  }

  /// Says that no more data comes; the peer's may still come.
  public mutating func close() throws(CallError) {
    guard state == .established || state == .closeWait else { throw .isClosed }
    guard sndNxt == finNumber else { throw .dataNotWritten }
    let forgetsFin = has(.ownFinNeverSent) && state == .closeWait
    state = state == .established ? .finWait1 : .lastAck
    if forgetsFin { return }
    transmit(sndNxt)
    if has(.finSentTwice) { transmit(sndNxt) }
    sndNxt += 1
    if !has(.lostFinNeverSentAgain) { start(.retransmission, for: options.rto) }
  }

  // Time. RFC 9293, section 3.10.8.

  /// When the next timer is due.
  public var nextDeadline: Duration? { deadlines.compactMap { $0 }.min() }

  /// Time passes: what is due by then expires, in order, each at its own moment.
  public mutating func advance(to moment: Duration) {
    while let due = nextDeadline, due <= moment,
      let timer = Timer.allCases.first(where: { deadlines[$0.place] == due })
    {
      now = due
      stop(timer)
      expire(timer)
    }
    now = moment
  }

  private mutating func expire(_ timer: Timer) {
    switch timer {
    case .retransmission: retransmissionTimeout()
    case .timeWait, .finWait2: state = .closed
    }
  }

  private mutating func retransmissionTimeout() {
    if resent >= options.resends && !has(.neverGivesUp) {
      state = .closed
      if !has(.timeOutNotSignalled) { signal(.connectionTimedOut) }
      return
    }
    let isSilent =
      has(.finWait1DoesNotRetransmit) && state == .finWait1
      || has(.lastAckDoesNotRetransmit) && state == .lastAck
    let newest = has(.retransmitsNewest) || sndUna == sndNxt
    if !isSilent { transmit(newest ? sndNxt - 1 : sndUna) }
    resent += 1
    start(.retransmission, for: options.rto)
  }

  mutating func start(_ timer: Timer, for duration: Duration) {
    deadlines[timer.place] = now + duration
  }

  mutating func stop(_ timer: Timer) { deadlines[timer.place] = nil }

  func isRunning(_ timer: Timer) -> Bool { deadlines[timer.place] != nil }

  mutating func stopTimers() {
    for timer in Timer.allCases { stop(timer) }
  }

  // What goes out.

  /// Sends the segment that takes this number: data, or the FIN after all data.
  private mutating func transmit(_ number: Int) {
    let isBare = has(.closingRetransmitsWithoutFin) && state == .closing
    let isFin = number == finNumber
    send(Segment(seq: number, ack: rcvNxt, data: !isFin && !isBare, fin: isFin && !isBare))
  }

  mutating func acknowledge() { send(Segment(seq: sndNxt, ack: rcvNxt)) }

  mutating func send(_ segment: Segment) { outputs.append((now, .segment(segment))) }

  mutating func signal(_ output: Output) { outputs.append((now, output)) }
}

extension TCPClose.Timer {
  fileprivate var place: Int {
    switch self {
    case .retransmission: 0
    case .timeWait: 1
    case .finWait2: 2
    }
  }
}
