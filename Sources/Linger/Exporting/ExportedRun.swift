/// What one end of TCP connections sent, received and was asked to do, in order: the common form of
/// a run of a spec and of a connection of a capture, from which files are written.
struct ExportedRun {
  /// What the whole of it is, a line each.
  var title: [String]
  /// The number of the end that all is seen from, among those of its partners.
  var subject: Int
  /// Whether the opening of connections is among the events; else one is put before them.
  var hasOpening: Bool
  var events: [Event] = []

  struct Event {
    /// Nanoseconds since the beginning.
    var time: Int64
    var act: Act
    /// Where it comes from and what is believed after it, a line each.
    var remarks: [String]
  }

  enum Act {
    /// To or from the partner of this number.
    case sent(ExportedSegment, partner: Int)
    case received(ExportedSegment, partner: Int)
    /// A call of the application, with its name.
    case called(String)
  }

  /// The partners that segments go to or come from, in the order of the first ones.
  var partners: [Int] {
    var result: [Int] = []
    for event in events {
      switch event.act {
      case .sent(_, let partner), .received(_, let partner):
        if !result.contains(partner) { result.append(partner) }
      case .called: break
      }
    }
    return result
  }
}
