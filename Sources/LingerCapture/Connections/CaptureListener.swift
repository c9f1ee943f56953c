/// Is told what a capture says, in the order of its frames: the cases of ``CaptureEvent`` one by
/// one, so that none is made, and copied, for each segment.
package protocol CaptureListener {
  /// Comes before the first segment of a connection.
  mutating func hear(opened connection: CapturedConnection)
  mutating func hear(_ segment: SegmentEvent, of connection: CapturedConnection)
  /// Nothing of this connection follows.
  mutating func hear(dropped connection: CapturedConnection, _ reason: DropReason)
  /// A frame may have held a segment of some connection.
  mutating func hear(unread frame: UnreadFrame)
}

/// Hands everything on as events.
private struct Teller: CaptureListener {
  let tell: (CaptureEvent) -> Void

  func hear(opened connection: CapturedConnection) { tell(.opened(connection)) }
  func hear(_ segment: SegmentEvent, of connection: CapturedConnection) {
    tell(.segment(segment))
  }
  func hear(dropped connection: CapturedConnection, _ reason: DropReason) {
    tell(.dropped(connection, reason))
  }
  func hear(unread frame: UnreadFrame) { tell(.unread(frame)) }
}

extension CaptureDecoder {
  /// Takes the next frame in and tells what it means.
  package mutating func take(
    _ frame: CapturedFrame,
    _ bytes: Span<UInt8>,
    _ tell: (CaptureEvent) -> Void
  ) {
    withoutActuallyEscaping(tell) { tell in
      var teller = Teller(tell: tell)
      take(frame, bytes, telling: &teller)
    }
  }

  /// The capture is over: tells that nothing follows of any connection.
  package mutating func finish(_ tell: (CaptureEvent) -> Void) {
    withoutActuallyEscaping(tell) { tell in
      var teller = Teller(tell: tell)
      finish(telling: &teller)
    }
  }
}
