/// What a capture file says of a frame, apart from its bytes.
package struct CapturedFrame: Hashable, Sendable {
  /// The place in the file, counted from 1 as Wireshark does.
  package var number: Int
  /// Nanoseconds since 1970. Frames need not stand in the order of their times.
  package var time: Int64
  package var linkType: LinkType
  /// How many bytes were captured: fewer than the frame had where the snap length cut it.
  package var capturedLength: Int
  package var originalLength: Int

  package init(
    number: Int,
    time: Int64,
    linkType: LinkType,
    capturedLength: Int,
    originalLength: Int
  ) {
    self.number = number
    self.time = time
    self.linkType = linkType
    self.capturedLength = capturedLength
    self.originalLength = originalLength
  }
}
