/// The fields of a spec's message that stand for a TCP segment, by their names. Export knows `data`
/// besides, for specs that have no length.
enum SegmentField: Int, CaseIterable {
  case seq, ack, length, syn, fin, rst, hasAck, psh, urg, window, timestamp

  /// Nil for a field that does not stand for anything.
  init?(named name: String) {
    guard let field = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = field
  }

  var name: String { "\(self)" }

  /// Its place among all of them.
  var place: Int { rawValue }
}
