/// Segments that arrive. RFC 9293, section 3.10.7.
extension TCPClose {
  /// A segment arrives.
  public mutating func receive(_ segment: Segment) {
    if state == .closed {
      answerInClosed(segment)
    } else if segment.rst {
      resetArrives(segment)
    } else if segment.seq < rcvNxt {
      oldSegmentArrives(segment)
    } else if segment.seq == rcvNxt {
      nextSegmentArrives(segment)
    } else if has(.finOverGap) && segment.fin {
      rcvNxt = segment.seq
      nextSegmentArrives(segment)
    }
    // Else it is dropped: what precedes it comes again, and it too.
  }

  private mutating func answerInClosed(_ segment: Segment) {
    if segment.rst || resetsLeft == 0 || has(.closedDoesNotReset) { return }
    resetsLeft -= 1
    send(Segment(seq: has(.resetWithWrongNumber) ? segment.seq : segment.ack, rst: true))
  }

  private mutating func resetArrives(_ segment: Segment) {
    if has(.resetAnsweredWithAck) { acknowledge() }
    let isWanted = segment.seq == rcvNxt && !has(.resetIgnored)
    let isOld = segment.seq < rcvNxt
    guard isWanted || isOld && has(.resetOutsideWindowTaken) else { return }
    if state == .timeWait && !options.resetEndsTimeWait { return }
    stopTimers()
    state = .closed
    if !has(.resetNotSignalled) { signal(.connectionReset) }
  }

  /// It was received before: our acknowledgement was lost, or it is late.
  private mutating func oldSegmentArrives(_ segment: Segment) {
    if has(.oldSegmentNotAnswered) { return }
    if segment.data && has(.oldDataDeliveredAgain) { signal(.received) }
    if segment.fin && has(.closingSignalledTwice) { signal(.connectionClosing) }
    if state == .timeWait && has(.timeWaitDoesNotAcknowledge) { return }
    acknowledge()
    if state == .timeWait && (segment.fin || options.answersRestartTimeWait)
      && !has(.timeWaitNotRestarted)
    {
      start(.timeWait, for: options.timeWait)
    }
    if segment.fin && has(.oldFinCloses) && (state == .closing || state == .lastAck) {
      finAcknowledged()
    }
  }

  private mutating func nextSegmentArrives(_ segment: Segment) {
    // Of what was not sent yet.
    guard segment.ack <= sndNxt else { return acknowledge() }
    if segment.fin && state == .finWait2 && segment.ack < sndUna
      && has(.finWait2DropsFinWithOldAck)
    {
      return
    }
    acknowledgementArrives(segment)
    if segment.data {
      textArrives()
    } else if segment.fin {
      finArrives()
    }
  }

  private mutating func acknowledgementArrives(_ segment: Segment) {
    guard segment.ack > sndUna else { return oldAcknowledgementArrives(segment) }
    sndUna = segment.ack
    if !has(.resentNotCleared) { resent = 0 }
    if sndUna < sndNxt {
      if !has(.rtoNotRestarted) { start(.retransmission, for: options.rto) }
    } else if !has(.retransmissionNotStopped) {
      stop(.retransmission)
    }
    if sndUna > finNumber { finAcknowledged() }
  }

  /// It tells nothing new and is ignored.
  private mutating func oldAcknowledgementArrives(_ segment: Segment) {
    guard segment.isPure else { return }
    if has(.lastAckClosesOnAnyAck) && state == .lastAck {
      stopTimers()
      state = .closed
    }
    if has(.lastAckResetsOldAck) && state == .lastAck {
      send(Segment(seq: segment.ack, rst: true))
    }
    if has(.finWait2TimerLost) && state == .finWait2 { stop(.finWait2) }
  }

  private mutating func finAcknowledged() {
    switch state {
    case .finWait1:
      state = .finWait2
      if let limit = options.finWait2Timeout { start(.finWait2, for: limit) }
    case .closing: enterTimeWait()
    case .lastAck:
      stopTimers()
      state = .closed
    default: break
    }
  }

  /// Whether the peer may still send: neither data nor another FIN comes after its FIN.
  private var awaitsFin: Bool {
    state == .established || state == .finWait1 || state == .finWait2
  }

  private mutating func textArrives() {
    guard awaitsFin else { return }
    if has(.dataDroppedAfterClose) && state != .established { return }
    if has(.finWait2Restarted) && isRunning(.finWait2), let limit = options.finWait2Timeout {
      start(.finWait2, for: limit)
    }
    signal(.received)
    if has(.ackOneBehind) { acknowledge() }
    rcvNxt += 1
    if !has(.ackOneBehind) { acknowledge() }
    if has(.dataAcknowledgedTwice) { acknowledge() }
  }

  private mutating func finArrives() {
    guard awaitsFin else { return }
    if !has(.finNotCounted) { rcvNxt += 1 }
    if !has(.closingNotSignalled) { signal(.connectionClosing) }
    acknowledge()
    switch state {
    case .established: state = .closeWait
    case .finWait2:
      stop(.finWait2)
      enterTimeWait()
    default: finArrivesInFinWait1()
    }
  }

  /// Both close at once. Where it acknowledges ours too, the state is FIN-WAIT-2 by now.
  private mutating func finArrivesInFinWait1() {
    if has(.finWait1ToCloseWait) {
      state = .closeWait
    } else if has(.finWait1ToLastAck) {
      state = .lastAck
    } else if has(.finWait1ToTimeWait) {
      stopTimers()
      enterTimeWait()
    } else {
      state = .closing
    }
  }

  private mutating func enterTimeWait() {
    if has(.timeWaitSkipped) {
      state = .closed
      return
    }
    state = .timeWait
    start(.timeWait, for: options.timeWait)
  }
}
