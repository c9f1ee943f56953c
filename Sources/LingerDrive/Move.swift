package import LingerKernel

/// One choice of a driven run: what happens next around the subject.
///
/// A move is a name, not a place in a list, so that it means the same in a run from which others
/// were taken away; one that does not apply there is passed over.
package enum Move: Hashable, Sendable {
  /// The application calls; each argument as registers.
  case call(name: String, arguments: [[Int]])
  /// A message arrives. The network may keep a copy where it duplicates.
  case deliver(Pick, to: Int, keepsCopy: Bool)
  /// The network loses a message.
  case lose(Pick, to: Int)
  /// A message that nobody sent comes to the subject.
  case forge(SeenMessage)
  /// Another party takes a step by itself: of a transition the way with this number. Values that it
  /// chooses and that stand in what it sends are those of `hints`.
  case party(Int, transition: Int, way: Int, hints: SeenMessage?)
  /// Time passes.
  case wait(Wait)

  /// Which of the messages that are on their way to somebody.
  package enum Pick: Hashable, Sendable {
    case oldest
    case newest
    case message(SeenMessage)
  }

  /// For how long.
  package enum Wait: Hashable, Sendable {
    /// Until the next moment at which a timer is due, the subject's or another party's.
    case untilDue
    /// Half of the time until then.
    case halfway
    /// Until a thousandth of a second before it.
    case justBefore
  }
}
