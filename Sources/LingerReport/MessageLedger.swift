package import LingerModel

/// Numbers the messages of a run, so that a reader can tie each arrival to its sending.
///
/// A state knows values, not letters: two sendings of one value are the same to it. A reader
/// wants to see which is which, so each sending gets a number of its own and an arrival takes the
/// oldest copy of its value (in a queue: the head) that has not arrived yet. An arrival of a value
/// whose every sending has arrived already is that sending *again*: a duplicate.
package struct MessageLedger: Sendable {
  /// What became of a sending by the end of the run.
  package enum Fate: Hashable, Sendable {
    case arrives
    /// The network's capacity had no place for it.
    case dropped
    /// A step of the network loses it.
    case isLost
    /// Nothing happens to it: lost in silence, or still on its way.
    case neverArrives
  }

  package struct Sending: Hashable, Sendable {
    package var number: Int
    package var envelope: Envelope
    package var fate: Fate
  }

  /// The messages of one step.
  package struct Entry: Hashable, Sendable {
    /// In the order of the step's `send` effects.
    package var sendings: [Sending] = []
    /// The number of the message that arrives, is lost or is duplicated.
    package var number: Int?
    /// Whether that number has arrived before.
    package var isAgain = false
  }

  package private(set) var entries: [Entry] = []
  /// What is under way after the last step, with its numbers.
  package private(set) var remaining: [Remaining] = []

  package struct Remaining: Hashable, Sendable {
    package var number: Int
    package var envelope: Envelope
    package var hasArrived: Bool
  }

  /// A copy in flight.
  private struct Copy {
    var number: Int
    var envelope: Envelope
  }

  private let model: Model
  private var copies: [Copy] = []
  private var arrived: Set<Int> = []
  private var fates: [Int: Fate] = [:]
  private var lastNumber = 0

  /// Whether ages are known: an arrival is then the latest sending, from which its age counts.
  private let isTimed: Bool

  package init(_ trace: Trace, in model: Model, isTimed: Bool = false) {
    self.model = model
    self.isTimed = isTimed
    for network in trace.initial.networks {
      for message in network.messages {
        for _ in 0..<message.copies {
          copies.append(Copy(number: nextNumber(), envelope: message.envelope))
        }
      }
    }
    for entry in trace.entries { record(entry) }
    for index in entries.indices {
      for sending in entries[index].sendings.indices {
        let number = entries[index].sendings[sending].number
        if let fate = fates[number] { entries[index].sendings[sending].fate = fate }
      }
    }
    remaining = whatRemains()
  }

  /// Each number once; of the sendings that one value of a growing set stands for, those that
  /// have not arrived, or else the last.
  private func whatRemains() -> [Remaining] {
    var listed: Set<Int> = []
    var found: [Remaining] = []
    for copy in copies where listed.insert(copy.number).inserted {
      found.append(
        Remaining(
          number: copy.number,
          envelope: copy.envelope,
          hasArrived: arrived.contains(copy.number)
        )
      )
    }
    return found.enumerated().filter { index, message in
      guard message.hasArrived, model.networks[message.envelope.network].discipline == .set else {
        return true
      }
      return !found.enumerated().contains { other, rival in
        rival.envelope == message.envelope && other != index
          && (!rival.hasArrived || other > index)
      }
    }.map(\.element)
  }

  private mutating func nextNumber() -> Int {
    lastNumber += 1
    return lastNumber
  }

  private mutating func record(_ step: Trace.Entry) {
    var entry = Entry()
    switch step.step {
    case .transition(_, _, .receive(let envelope), _):
      if let index = indexOfArrival(envelope) {
        entry.number = copies[index].number
        entry.isAgain = arrived.contains(copies[index].number)
        arrived.insert(copies[index].number)
        fates[copies[index].number] = .arrives
        if model.networks[envelope.network].discipline != .set { copies.remove(at: index) }
      }
    case .lose(let envelope, let position):
      if let index = index(of: envelope, position: position) {
        entry.number = copies[index].number
        let lost = copies.remove(at: index)
        if model.networks[envelope.network].discipline == .set {
          copies.removeAll { $0.envelope == envelope }
        }
        if !arrived.contains(lost.number), !copies.contains(where: { $0.number == lost.number }) {
          fates[lost.number] = .isLost
        }
      }
    case .duplicate(let envelope, let position):
      if let index = index(of: envelope, position: position) {
        entry.number = copies[index].number
        copies.insert(copies[index], at: index + 1)
      }
    case .transition, .ignoredTimeout: break
    }
    for effect in step.effects {
      guard case .send(let envelope, let isDropped) = effect else { continue }
      let number = nextNumber()
      if !isDropped { copies.append(Copy(number: number, envelope: envelope)) }
      entry.sendings.append(
        Sending(number: number, envelope: envelope, fate: isDropped ? .dropped : .neverArrives)
      )
    }
    entries.append(entry)
  }

  /// The copy that arrives: the oldest that has not arrived, else the latest that has; in a timed
  /// run the latest.
  private func indexOfArrival(_ envelope: Envelope) -> Int? {
    guard model.networks[envelope.network].discipline == .set else {
      return index(of: envelope, position: 0)
    }
    let latest = copies.lastIndex { $0.envelope == envelope }
    if isTimed { return latest }
    return copies.firstIndex { $0.envelope == envelope && !arrived.contains($0.number) } ?? latest
  }

  /// The copy that an act of the network touches; in a queue its place counts from the head.
  private func index(of envelope: Envelope, position: Int) -> Int? {
    guard model.networks[envelope.network].discipline == .queue else {
      return copies.firstIndex { $0.envelope == envelope && !arrived.contains($0.number) }
        ?? copies.firstIndex { $0.envelope == envelope }
    }
    let queue = copies.indices.filter {
      let other = copies[$0].envelope
      return other.network == envelope.network && other.sender == envelope.sender
        && other.receiver == envelope.receiver
    }
    return queue.indices.contains(position) ? queue[position] : nil
  }
}
