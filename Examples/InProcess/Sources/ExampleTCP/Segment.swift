/// What one TCP sends to the other. It has the ACK bit set unless it is a reset.
///
/// Each data segment takes one sequence number, and so does the FIN.
public struct Segment: Codable, Hashable, Sendable {
  /// Its sequence number.
  public var seq: Int
  /// The next sequence number that its sender expects.
  public var ack: Int
  /// Whether it carries data: one sequence number of it.
  public var data: Bool
  /// Whether nothing comes after it.
  public var fin: Bool
  /// Whether the connection is at an end.
  public var rst: Bool

  /// A segment; without more it is an acknowledgement.
  public init(seq: Int, ack: Int = 0, data: Bool = false, fin: Bool = false, rst: Bool = false) {
    self.seq = seq
    self.ack = ack
    self.data = data
    self.fin = fin
    self.rst = rst
  }

  /// Whether it takes no sequence number.
  var isPure: Bool { !data && !fin }
}
