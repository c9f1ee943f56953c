import LingerEval
package import LingerModel

/// How finely a control graph tells messages apart: which of them share a clock, and of which a
/// location says whether they were sent.
///
/// A coarser graph has all runs of the exact one, and more (docs/semantics.md, "Messages in
/// classes"). It is made finer where one of the others matters; see ``RunCheck``.
package struct MessageAbstraction: Hashable, Sendable {
  /// What two messages of one sender may differ in.
  package enum Attribute: Hashable, Sendable {
    case receiver
    case record
    case field(Int)
  }

  /// The messages that one sender sends in a network and that do, or do not, have some values.
  package struct MessageClass: Hashable, Sendable {
    package var network: Int
    package var sender: Int
    package var parts: [Part] = []
  }

  package struct Part: Hashable, Sendable {
    package var criterion: Criterion
    package var isMet: Bool
  }

  package struct Criterion: Hashable, Sendable {
    package var attribute: Attribute
    /// Nil for a field that the message does not have.
    package var value: Value?

    fileprivate func isMet(by envelope: Envelope) -> Bool { attribute.value(of: envelope) == value }
  }

  /// Every message has its own clock, and every location says what was sent.
  package static let exact = MessageAbstraction(isExact: true)
  /// All messages of one sender in one network have one clock, and no location says what was sent.
  package static let bySender = MessageAbstraction(isExact: false)

  /// Whether it is ``exact``: then nothing is left to refine.
  package let isExact: Bool
  /// By what the messages of a class are told apart, where they are.
  private var splits: [MessageClass: Criterion] = [:]
  private var tracked: Set<Envelope> = []
  private var own: Set<Envelope> = []
  /// Whether every class is split until its messages are alike.
  private var isSeparated = false

  private init(isExact: Bool) { self.isExact = isExact }

  /// The clock that tells a message's age, or at most its age where others share it.
  package func clock(of envelope: Envelope) -> Clock {
    isExact || own.contains(envelope) ? .message(envelope) : .messages(messageClass(of: envelope))
  }

  /// Whether a location says if the message was sent.
  package func tracks(_ envelope: Envelope) -> Bool { isExact || tracked.contains(envelope) }

  /// Whether locations say of the same messages if they were sent.
  func tracksSame(as other: MessageAbstraction) -> Bool {
    isExact == other.isExact && tracked == other.tracked
  }

  private func messageClass(of envelope: Envelope) -> MessageClass {
    var result = MessageClass(network: envelope.network, sender: envelope.sender)
    if isSeparated {
      result.parts = Attribute.all(of: [envelope]).map { attribute in
        Part(
          criterion: Criterion(attribute: attribute, value: attribute.value(of: envelope)),
          isMet: true
        )
      }
      return result
    }
    while let criterion = splits[result] {
      result.parts.append(Part(criterion: criterion, isMet: criterion.isMet(by: envelope)))
    }
    return result
  }
}

/// Refinement. Each says whether there was something to refine.
extension MessageAbstraction {
  /// Has locations say whether a message was sent.
  package mutating func track(_ envelope: Envelope) -> Bool {
    !isExact && tracked.insert(envelope).inserted
  }

  /// Tells a message that was not sent from those that were: from the last one that has set its
  /// clock. Without such a one locations have to say whether it was sent.
  package mutating func tell(
    _ unsent: Envelope,
    from sent: [Envelope],
    among messages: [Envelope]
  ) -> Bool {
    for other in sent.reversed() where separate(unsent, from: other, among: messages) {
      return true
    }
    return track(unsent)
  }

  /// Gives every message a clock, without locations that say what was sent: a clock says that its
  /// message is not alive, and so need not be tracked.
  package mutating func separateAll() -> Bool {
    if isExact || isSeparated { return false }
    isSeparated = true
    return true
  }

  /// Gives a message its own clock, and has locations say whether it was sent.
  package mutating func makeExact(_ envelope: Envelope) -> Bool {
    if isExact { return false }
    let isNew = own.insert(envelope).inserted
    return track(envelope) || isNew
  }

  /// Splits the class that two messages are in: into those that share a value with the first, which
  /// the second does not have, and all others. Of the attributes in which the two differ it is the
  /// one with the fewest values among the class's `messages`: a flag says more of what a message is
  /// for than a number does.
  package mutating func separate(
    _ one: Envelope,
    from other: Envelope,
    among messages: [Envelope]
  ) -> Bool {
    guard case .messages(let shared) = clock(of: one), clock(of: other) == .messages(shared) else {
      return false
    }
    let members = messages.filter { clock(of: $0) == .messages(shared) }
    var best: (attribute: Attribute, count: Int)?
    for attribute in Attribute.telling(one, from: other) {
      let count = Set(members.map { attribute.value(of: $0) }).count
      if count < best?.count ?? .max { best = (attribute, count) }
    }
    guard let attribute = best?.attribute else { return false }
    splits[shared] = Criterion(attribute: attribute, value: attribute.value(of: one))
    return true
  }
}

extension MessageAbstraction.Attribute {
  fileprivate func value(of envelope: Envelope) -> Value? {
    guard case .record(let record, let fields) = envelope.message else { return nil }
    return switch self {
    case .receiver: .instance(envelope.receiver)
    case .record: .integer(record)
    case .field(let index): fields.indices.contains(index) ? fields[index] : nil
    }
  }

  /// The attributes in which two messages differ.
  fileprivate static func telling(_ one: Envelope, from other: Envelope) -> [Self] {
    all(of: [one, other]).filter { $0.value(of: one) != $0.value(of: other) }
  }

  fileprivate static func all(of envelopes: [Envelope]) -> [Self] {
    var count = 0
    for envelope in envelopes {
      guard case .record(_, let fields) = envelope.message else { return [] }
      count = max(count, fields.count)
    }
    return [.receiver, .record] + (0..<count).map { .field($0) }
  }
}
