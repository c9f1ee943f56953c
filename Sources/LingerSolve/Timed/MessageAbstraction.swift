import LingerEval
package import LingerModel

/// How finely a control graph tells messages apart: which of them share a clock, and of which a
/// location says whether they were sent.
///
/// A coarser graph has all runs of the exact one, and more (docs/semantics.md, "Messages in
/// classes"). It is made finer where one of the others matters; see ``RunCheck``.
package struct MessageAbstraction: Hashable, Sendable {
  /// What two messages may differ in, in the order in which they are compared.
  package enum Attribute: Hashable, Sendable {
    case sender
    case receiver
    case record
    case field(Int)
  }

  /// The messages of a network that agree in some attributes.
  package struct MessageClass: Hashable, Sendable {
    package var network: Int
    package var parts: [Part] = []
  }

  package struct Part: Hashable, Sendable {
    package var attribute: Attribute
    /// Nil for a field that the message does not have.
    package var value: Value?
  }

  /// Every message has its own clock, and every location says what was sent.
  package static let exact = MessageAbstraction(isExact: true)
  /// All messages of one sender in one network have one clock, and no location says what was sent.
  package static let bySender = MessageAbstraction(isExact: false)

  /// Whether it is ``exact``: then nothing is left to refine.
  package let isExact: Bool
  /// By what the messages of a class are told apart, where they are; nothing is told apart but the
  /// senders at first.
  private var splits: [MessageClass: Attribute] = [:]
  private var tracked: Set<Envelope> = []
  private var own: Set<Envelope> = []

  private init(isExact: Bool) { self.isExact = isExact }

  /// The clock that tells a message's age, or at most its age where others share it.
  package func clock(of envelope: Envelope) -> Clock {
    isExact || own.contains(envelope) ? .message(envelope) : .messages(messageClass(of: envelope))
  }

  /// Whether a location says if the message was sent.
  package func tracks(_ envelope: Envelope) -> Bool { isExact || tracked.contains(envelope) }

  private func messageClass(of envelope: Envelope) -> MessageClass {
    var result = MessageClass(network: envelope.network)
    while let attribute = splits[result] ?? (result.parts.isEmpty ? .sender : nil) {
      result.parts.append(Part(attribute: attribute, value: attribute.value(of: envelope)))
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

  /// Gives a message its own clock, and has locations say whether it was sent.
  package mutating func makeExact(_ envelope: Envelope) -> Bool {
    if isExact { return false }
    let isNew = own.insert(envelope).inserted
    return track(envelope) || isNew
  }

  /// Splits the class that two messages are in, by the first attribute in which they differ.
  package mutating func separate(_ one: Envelope, from other: Envelope) -> Bool {
    guard case .messages(let shared) = clock(of: one), clock(of: other) == .messages(shared),
      let attribute = Attribute.first(telling: one, from: other)
    else { return false }
    splits[shared] = attribute
    return true
  }
}

extension MessageAbstraction.Attribute {
  fileprivate func value(of envelope: Envelope) -> Value? {
    guard case .record(let record, let fields) = envelope.message else { return nil }
    return switch self {
    case .sender: .instance(envelope.sender)
    case .receiver: .instance(envelope.receiver)
    case .record: .integer(record)
    case .field(let index): fields.indices.contains(index) ? fields[index] : nil
    }
  }

  fileprivate static func first(telling one: Envelope, from other: Envelope) -> Self? {
    guard case .record(_, let left) = one.message, case .record(_, let right) = other.message else {
      return nil
    }
    let fields = (0..<max(left.count, right.count)).map { Self.field($0) }
    return ([.sender, .receiver, .record] + fields).first {
      $0.value(of: one) != $0.value(of: other)
    }
  }
}
