/// The fields of a spec's message that stand for a TCP segment, by their names. Export knows `data`
/// besides, for specs that have no length.
enum SegmentField: String, CaseIterable {
  case seq, ack, length, syn, fin, rst, hasAck, psh, urg, window, timestamp
}
