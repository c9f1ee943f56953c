package import LingerKernel

/// One choice of a driven run: what happens next around the subject.
///
/// A move is a name, not a place in a list, so that it means the same in a run from which others
/// were taken away; one that does not apply there is passed over.
package enum Move: Hashable, Sendable {
  /// The application calls; each argument as registers.
  case call(name: String, arguments: [[Int]])
  /// A message arrives. The network may keep a copy where it duplicates. Another party answers with
  /// this step, or with the first that it can take.
  case deliver(Pick, to: Int, keepsCopy: Bool, answer: PartyChoice? = nil)
  /// The network loses a message.
  case lose(Pick, to: Int)
  /// A message that nobody sent comes to the subject.
  case forge(SeenMessage)
  /// Another party takes a step by itself.
  case party(Int, PartyChoice)
  /// Time passes.
  case wait(Wait)

  /// Which of the messages that are on their way to somebody.
  package enum Pick: Hashable, Sendable {
    case oldest
    case newest
    case message(SeenMessage)
    /// This one; where it is not there the oldest that differs in numbers only.
    case like(SeenMessage)
  }

  /// One of the steps that another party can take.
  package struct PartyChoice: Hashable, Sendable {
    package var transition: Int
    /// Its number among those of the transition.
    package var way: Int
    /// What values are read off that it chooses from more than can be tried: what it sends.
    package var hints: SeenMessage?

    package init(_ transition: Int, way: Int = 0, hints: SeenMessage? = nil) {
      self.transition = transition
      self.way = way
      self.hints = hints
    }
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
